"""Caveats of the whole run, the self-check, and what the words mean."""

from client_examples.comparison.report.footnotes import Note, of_the_run
from client_examples.comparison.report.sections.section import Block, Notes, Paragraph, Section
from client_examples.comparison.report.sections.summary import WORDS, self_check
from client_examples.comparison.results.document import Document


def section(document: Document) -> Section:
    """The self-check, the words, and the caveats of the whole run."""
    at_once = document.settings.at_once
    words = WORDS if document.screens else ()
    notes = [Note("", f"{word}: {meaning.format(at_once=at_once)}.") for word, meaning in words]
    notes += [Note("", caveat.text) for caveat in of_the_run(document)]
    blocks: list[Block] = [Notes(notes)]
    if document.self_check is not None:
        blocks.insert(0, Paragraph(self_check(document.self_check)))
    return Section("caveats", "To bear in mind", blocks)
