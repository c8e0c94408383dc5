"""The terminal's tables, the Markdown and the rows of CSV of screens under load."""

from collections.abc import Iterator
from typing import TypeAlias

from rich.table import Table
from rich.text import Text

from client_examples.comparison.report.sections.load_test import (
    HEADINGS,
    TITLE,
    about,
    cells,
    doubts,
    finding,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.load_test import LoadArm, LoadScreen
from client_examples.comparison.terminal import table_of

Cell: TypeAlias = str | int | float | None

_HEADINGS = {
    "highest": "views/s\nat most",
    "limit": "limited\nby",
    "p50": "p50\nms",
    "p99": "p99\nms",
    "late": "late\nms",
    "failed": "failed",
    "lost": "next rate:\np99 ms",
}


def load_parts(document: Document) -> Iterator[Table | Text]:
    """A table and a sentence per screen, and what they mean; nothing where none was asked for."""
    for screen in document.load:
        yield load_table(screen)
        yield Text(f"{finding(screen)}\n")
    if document.load and document.settings.load is not None:
        for text in (about(document.settings.load), *doubts(document)):
            yield Text(text, "dim")
        yield Text("")


def load_table(screen: LoadScreen) -> Table:
    """A row per arm, for 100 columns."""
    table = table_of(Text.assemble((f"{TITLE}: {screen.name}", "bold")))
    table.add_column("arm", no_wrap=True)
    for heading in _HEADINGS.values():
        table.add_column(heading, justify="right", no_wrap=True)
    for arm in screen.arms:
        found = cells(arm)
        table.add_row(arm.name, *(found[number] for number in _HEADINGS))
    return table


def load_rows(document: Document) -> list[list[str]]:
    """The header and a row per screen and arm, as Markdown."""
    rows = [["screen", "arm", *HEADINGS.values()]]
    for screen in document.load:
        for arm in screen.arms:
            found = cells(arm)
            rows.append([screen.name, f"`{arm.name}`", *(found[number] for number in HEADINGS)])
    return rows


def load_findings(document: Document) -> list[str]:
    """A sentence per screen, and what the numbers are."""
    said = [f"{screen.name}: {finding(screen)}" for screen in document.load]
    if document.settings.load is not None:
        said.append(about(document.settings.load))
    return [*said, *doubts(document)]


def load_csv(screen: LoadScreen, arm: LoadArm) -> Iterator[dict[str, Cell]]:
    """A row per step."""
    for step in arm.steps:
        yield {
            "screen": screen.name,
            "arm": arm.name,
            "samples": step.arrivals,
            "load_rate (arrivals/s)": step.rate,
            "load_kept": int(step.is_kept),
            "load_p50_ms": step.p50_ms,
            "load_p99_ms": step.p99_ms,
            "load_late_p99_ms": step.late_p99_ms,
            "load_failed": step.failed,
            "load_unanswered": step.unanswered,
            "load_generator_busy (share)": step.generator_busy,
            "load_highest (arrivals/s)": arm.highest,
            "load_limit": arm.limit,
        }
