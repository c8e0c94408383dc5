"""A document as Markdown, for a page, an issue or a README."""

import textwrap
from collections.abc import Sequence

from client_examples.comparison.analysis.decisions import (
    FIELDS_ARM,
    Decision,
    decisions_by_screen,
    leads,
    rtt_names,
    without,
)
from client_examples.comparison.analysis.ranking import timed
from client_examples.comparison.crowd.report import load_findings, load_rows
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Footnotes, of_the_run
from client_examples.comparison.report.sections import caching as caching_cells
from client_examples.comparison.report.sections import static_cost, summary
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.report.sections.live_updates import about, watch_finding
from client_examples.comparison.report.sections.load_test import TITLE as LOAD_TITLE
from client_examples.comparison.report.sections.resilience import WORDS, resilience_tables
from client_examples.comparison.report.sections.screens import (
    COLUMNS,
    arm_cells,
    link_cells,
    links_of,
    other_cells,
)
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.live_updates import WatchResult
from client_examples.comparison.watching.report import watch_rows

HEADINGS = {
    "requests": "requests",
    "rounds": "rounds",
    "bytes": "wire bytes",
    "over_fetch": "over-fetch",
    "statements": "statements",
    "median": "median ms (95%)",
    "p95": "p95 ms",
    "floor_share": "floor",
}


def report_of(document: Document) -> str:
    """The whole report."""
    parts = ["# REST or GraphQL, for these screens?", summary.run(document)]
    if any(timed(screen) for screen in document.screens):
        parts += ["## Which arm for which screen", *decision_part(document)]
    for screen in document.screens:
        parts += [f"## {screen.name}", f"{_sentence(screen.shows)}", *screen_part(screen)]
    for result in document.watching:
        parts += [f"## {result.name}", f"{_sentence(result.shows)}", *watch_part(result)]
    if caching_cells.visited(document):
        parts += [f"## {caching_cells.TITLE}", *visits_part(document)]
    parts += [*costs_part(document), *load_part(document)]
    if document.screens:
        parts += ["## Beyond one machine", beyond_table(document), *resilience_part(document)]
    if document.self_check is not None:
        parts.append(summary.self_check(document.self_check))
    parts += ["## To bear in mind", _notes(document)]
    if not document.complete:
        parts.insert(1, "**This run did not end: the numbers are those it had.**")
    return "\n\n".join(parts) + "\n"


def decision_part(document: Document) -> list[str]:
    """Which arms to take, which API is ahead where, and what the model leaves out."""
    return [
        decision_table(document),
        summary.DECISIONS,
        summary.LEADS,
        leads_table(document),
        *leads_without_fields(document),
        summary.model(document),
    ]


def decision_table(document: Document) -> str:
    """A row per screen, a column per RTT."""
    by_screen = decisions_by_screen(document)
    rows = [[name, *map(_choice_cell, chosen)] for name, chosen in by_screen.items()]
    return table(["screen", *rtt_names(document)], rows)


def leads_table(document: Document) -> str:
    """A row per RTT: the screens where an API is ahead, and where both are level."""
    header = ["RTT", "a REST arm is ahead", "a GraphQL arm is ahead", "both are level"]
    rows = []
    for name, lead in zip(rtt_names(document), leads(document), strict=True):
        each = (lead.rest, lead.graphql, lead.tied)
        rows.append([name, *(_screens(found) for found in each)])
    return table(header, rows)


def leads_without_fields(document: Document) -> list[str]:
    """The same where REST cannot select fields; nothing where no arm does."""
    plain = without(document, FIELDS_ARM)
    return [] if plain is None else [summary.WITHOUT_FIELDS, leads_table(plain)]


def _screens(names: list[str]) -> str:
    return f"**{len(names)}**: {', '.join(names)}" if names else "0"


def screen_part(screen: ScreenResult) -> list[str]:
    """A screen's table, its finding, and its doubts."""
    footnotes = Footnotes(screen, COLUMNS)
    header = ["arm", *(text + footnotes.marks("", one) for one, text in HEADINGS.items())]
    rows = []
    for arm in screen.arms:
        cells = arm_cells(arm)
        marked = (cells[number] + footnotes.marks(arm.name, number) for number in COLUMNS)
        rows.append([f"`{arm.name}`{footnotes.marks(arm.name, '')}", *marked])
    parts = [table(header, rows, left=1), finding(screen)]
    if footnotes.notes:
        parts.append("\n".join(f"- {note.mark} {note.text}".replace("-  ", "- ")
                               for note in footnotes.notes))  # fmt: skip
    return parts


def watch_part(result: WatchResult) -> list[str]:
    """The table of what was watched, its finding, and what its numbers are."""
    header, *rows = watch_rows(result)
    return [table(header, rows, left=1), watch_finding(result), about(result)]


def visits_part(document: Document) -> list[str]:
    """What second visits are, and the table and finding of each screen that has some."""
    parts = [caching_cells.ABOUT]
    header = ["screen", "phase", "arm", *caching_cells.HEADINGS.values()]
    rows = []
    for screen in caching_cells.visited(document):
        for one in screen.caching:
            cells = caching_cells.caching_cells(one)
            shown = [cells[number] for number in caching_cells.COLUMNS]
            rows.append([screen.name, one.phase, f"`{one.arm}`", *shown])
    parts.append(table(header, rows, left=3))
    for screen in caching_cells.visited(document):
        said = caching_cells.caching_finding(screen)
        parts += [f"{screen.name}: {said}"] if said else []
    return parts


def costs_part(document: Document) -> list[str]:
    """Objects delivered and the most possible; nothing for documents without these numbers."""
    rows = [
        [row.screen, ", ".join(f"`{arm}`" for arm in row.arms), *row.cells]
        for row in static_cost.cost_rows(document)
    ]
    if not rows:
        return []
    said = [static_cost.about_costs(document), *static_cost.cost_doubts(document)]
    return [f"## {static_cost.TITLE}", table(static_cost.HEADINGS, rows, left=2), *said]


def load_part(document: Document) -> list[str]:
    """The highest rates under load, and what was found; nothing where none was asked for."""
    if not document.load:
        return []
    header, *rows = load_rows(document)
    return [f"## {LOAD_TITLE}", table(header, rows, left=2), *load_findings(document)]


def beyond_table(document: Document) -> str:
    """Links, failures and lines of code of every arm."""
    rate = numbers.share(document.settings.failure_rate)
    header = ["screen", "arm", "RTT ms", "predicted ms", "measured ms", "error",
              f"loads if {rate} fail", "with retries", "lines of code"]  # fmt: skip
    rows = [
        [
            screen.name,
            f"`{arm.name}`",
            *link_cells(link),
            *other_cells(arm),
        ]
        for screen in document.screens
        for arm in screen.arms
        for link in links_of(arm)
    ]
    return table(header, rows, left=2)


def resilience_part(document: Document) -> list[str]:
    """How the policies fared while exchanges failed; nothing where it was not asked for."""
    made = resilience_tables(document)
    parts = []
    for each in made:
        parts += [f"### {each.title}", table(each.headings, each.rows, left=3)]
    return [*parts, f"{_sentence(WORDS)}"] if made else []


def table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int | None = None) -> str:
    """A table; from the column `left` on, numbers, which stand at the right."""
    first = len(header) if left is None else left
    lines = [header, ["---"] * first + ["---:"] * (len(header) - first), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
                     for line in lines)  # fmt: skip


def _choice_cell(decision: Decision) -> str:
    return "<br>".join(
        f"`{choice.arm}` {numbers.milliseconds(choice.ms)}" for choice in decision.choices
    )


def _notes(document: Document) -> str:
    said = [
        *(f"{word}: {meaning.format(at_once=document.settings.at_once)}."
          for word, meaning in (summary.WORDS if document.screens else ())),
        *(doubt.text for doubt in of_the_run(document)),
    ]  # fmt: skip
    return "\n".join(f"- {text}" for text in said)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def wrapped(text: str) -> str:
    """A paragraph, or the item of a list, in lines as the documents have them."""
    indent = "  " if text.startswith("- ") else ""
    return textwrap.fill(
        text, 100, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
