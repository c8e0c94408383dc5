"""The screens that could not be compared, and why."""

from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.numbers import counted
from client_examples.comparison.report.sections.section import Notes, Paragraph, Section
from client_examples.comparison.results.document import Document


def section(document: Document) -> Section | None:
    """None where no screen has failed."""
    if not document.failures:
        return None
    names = list(dict.fromkeys(one.screen for one in document.failures))
    left_out = "is left out" if len(names) == 1 else "are left out"
    said = f"{counted(len(names), 'screen')} failed and {left_out}: {', '.join(names)}."
    told = ["; ".join(map(str.strip, str(one).splitlines())) for one in document.failures]
    notes = Notes([Note("", text) for text in told])
    return Section("failures", "What failed", [Paragraph(said, "warning"), notes])
