"""Loads while exchanges fail, or a server is down."""
