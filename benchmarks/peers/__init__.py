"""Servers to compare with, each written as its framework's documentation shows."""
