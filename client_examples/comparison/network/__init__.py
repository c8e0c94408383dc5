"""Connections that count their bytes, and the simulated link between client and server."""
