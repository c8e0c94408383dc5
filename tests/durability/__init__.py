"""Servers that are killed in the midst of writes, and what is found afterwards."""
