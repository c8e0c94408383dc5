"""Builds the parts of a screen's results: links, protocols, second visits."""
