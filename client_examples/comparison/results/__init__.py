"""The results document as data classes, one file per kind of measurement.

Nothing is computed here.
"""
