"""The REST server: the bookstore over HTTP, with Flask."""
