"""The sample data: generated from a seed, and put into a new database."""
