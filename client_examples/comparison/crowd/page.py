"""The block of docs/load.md that shows the rates that were found, as Markdown."""

from typing import Any

from client_examples.comparison.crowd.report import load_rows
from client_examples.comparison.report import numbers
from client_examples.comparison.report.markdown import table, wrapped
from client_examples.comparison.report.sections.load_test import about, doubts, finding
from client_examples.comparison.results.document import Document


def load_block(document: Document) -> str:
    """The highest rates, what was found, and what a reader must bear in mind."""
    assert document.settings.load is not None
    header, *rows = load_rows(document)
    parts = [
        wrapped(f"Measured on {document.began[:10]} with {measured_with(document.environment)}."),
        table(header, rows, left=2),
        "\n".join(wrapped(f"- **{one.name}**: {finding(one)}") for one in document.load),
        wrapped(about(document.settings.load)),
        "\n".join(wrapped(f"- {doubt}") for doubt in doubts(document)),
    ]
    return "\n\n".join(parts)


def measured_with(environment: dict[str, Any]) -> str:
    """What was measured with what: Python, the system, the revision."""
    processors = numbers.counted(environment["processors"] or 1, "processor")
    packages = environment.get("packages", {})
    locust = f", Locust {packages['locust']}" if "locust" in packages else ""
    revision = f", revision {environment['revision']}" if environment["revision"] else ""
    return f"{environment['python']}{locust} on {environment['system']}, {processors}{revision}"
