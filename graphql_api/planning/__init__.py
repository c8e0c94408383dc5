"""From a query to the reads that answer it, before anything runs. Nothing here has a connection."""
