"""The formats for other programs: CSV, and the XML that continuous integration reads."""
