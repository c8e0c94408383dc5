"""Granian, its workers, and the way from ASGI to Flask. No resource comes in."""
