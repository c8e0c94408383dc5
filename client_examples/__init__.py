"""Clients of both APIs, and the comparison made with them: what users run and read."""
