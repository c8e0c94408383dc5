"""Two server processes at once."""
