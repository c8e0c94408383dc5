"""Advice from recorded traffic: what an app's screens cost, and what would cure it.

Nothing is sent anywhere. What a recording holds of headers, cookies and bodies is counted, compared
and forgotten: no output has a value of them.
"""
