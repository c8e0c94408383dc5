"""The REST server: the bookstore over HTTP. Of this repository, only `shared` comes in."""
