"""The arms in JavaScript, for the lab: made of those in Python, so that both send the same."""
