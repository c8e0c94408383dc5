"""Resilience: loads while exchanges fail at random, and while a server is down."""
