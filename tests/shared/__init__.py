"""Unit tests of the bookstore, without a server."""
