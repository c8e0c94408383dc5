"""How the two clients talk HTTP: sending, retries, circuit breaker, time limits, errors, types.

Nothing of the comparison comes in.
"""
