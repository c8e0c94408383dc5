"""Compares a run with an earlier one, and with a performance budget."""
