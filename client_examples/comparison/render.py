"""One function per kind of output; each renders a document and nothing else."""

from rich.console import Console

from client_examples.comparison.report import terminal
from client_examples.comparison.results.document import Document

WIDTH = terminal.WIDTH


def print_report(document: Document, console: Console) -> None:
    """Print the report for a terminal."""
    terminal.print_report(document, console)


def html(document: Document) -> str:
    """A page that needs nothing but itself."""
    # Altair and its JavaScript take a second to import, which no other output needs to wait for.
    from client_examples.comparison.report.html import page

    return page(document)


def markdown(document: Document) -> str:
    """The report's tables and sentences as Markdown."""
    from client_examples.comparison.report.markdown import report_of

    return report_of(document)


def csv(document: Document) -> str:
    """A row per arm and screen with all numbers."""
    from client_examples.comparison.report.csv import rows_of

    return rows_of(document)
