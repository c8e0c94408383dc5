"""What the bookstore does, one module per resource. No HTTP comes in, no transaction is ended."""
