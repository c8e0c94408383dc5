"""Reports of a results document: one file per format, each of which draws any section.

Nothing is measured here.
"""
