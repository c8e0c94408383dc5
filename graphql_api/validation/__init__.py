"""Decides what may run: requests, documents, costs. Nothing is executed here."""
