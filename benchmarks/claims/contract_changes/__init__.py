"""Claim 10: ten kinds of change made to both contracts, and who notices each."""
