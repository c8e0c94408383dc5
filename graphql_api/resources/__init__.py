"""Types, queries and mutations, one module per resource; rules stay in `shared`."""
