"""One load of a screen by one arm: connections, preparation, own screens, what it took.

Nothing is repeated or timed in series here.
"""
