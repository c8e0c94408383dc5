"""A results document told: one file per format, each of which draws any section.

Nothing is measured here.
"""
