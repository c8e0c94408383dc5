"""The results document as data classes, one file per kind of measurement.

They hold data only: nothing is computed here.
"""
