"""The screens that could not be compared, or not in every way, and why."""

from collections.abc import Sequence

from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.numbers import counted
from client_examples.comparison.report.sections.section import (
    Block,
    Notes,
    Paragraph,
    Section,
)
from client_examples.comparison.results.document import Document


def section(document: Document) -> Section | None:
    """None where no screen has failed."""
    if not document.failures:
        return None
    names = list(dict.fromkeys(one.screen for one in document.failures if one.screen))
    there = {screen.name for screen in document.screens}
    gone = [name for name in names if name not in there]
    kept = [name for name in names if name in there]
    blocks: list[Block] = []
    if gone:
        blocks.append(_said(gone, f"and {'is' if len(gone) == 1 else 'are'} left out"))
    if kept:
        blocks.append(_said(kept, "in a later part; what was measured before is kept"))
    told = ["; ".join(map(str.strip, str(one).splitlines())) for one in document.failures]
    blocks.append(Notes([Note("", text) for text in told]))
    return Section("failures", "What failed", blocks, urgent=True)


def _said(names: Sequence[str], how: str) -> Paragraph:
    screens = counted(len(names), "screen")
    return Paragraph(f"{screens} failed {how}: {', '.join(names)}.", "warning")
