"""Writes the report's numbers as CSV, with units in the header.

A row per arm and screen, per arm that was watched, per arm and phase of caching, and per rate that
an arm was loaded at; then the answer's, a row per screen without an arm.
"""

import csv
import io

from client_examples.comparison.report.contents import contents
from client_examples.comparison.results.document import Document


def rows_of(document: Document) -> str:
    """The text of the file; a number that is not known is an empty cell."""
    sections = sorted(contents(document), key=lambda section: section.id == "answer")
    rows = [row for section in sections for row in section.numbers]
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
