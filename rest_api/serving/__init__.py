"""What the REST server serves, and the way from ASGI to Flask. No resource comes in."""
