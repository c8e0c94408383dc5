"""What the REST server does on its own."""
