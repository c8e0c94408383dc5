"""A document as text for a terminal; every number in it is one of the document's."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from client_examples.comparison.analysis.decisions import RTTS, decisions, rtt_names
from client_examples.comparison.analysis.ranking import break_evens
from client_examples.comparison.crowd.report import load_parts
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Footnotes, of_the_run
from client_examples.comparison.report.sections import summary
from client_examples.comparison.report.sections.caching import ABOUT, caching_finding, visited
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.report.sections.live_updates import about, watch_finding
from client_examples.comparison.report.sections.network import (
    beyond_table,
    cost_parts,
    resilience_parts,
)
from client_examples.comparison.report.sections.screens import COLUMNS, arm_cells
from client_examples.comparison.report_visits import visits_table
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.live_updates import WatchResult
from client_examples.comparison.terminal import table_of
from client_examples.comparison.watching.report import watch_table

WIDTH = 100  # columns, where the output is no terminal

HEADINGS = {
    "requests": "re-\nquests",
    "rounds": "rounds",
    "bytes": "wire\nbytes",
    "over_fetch": "over-\nfetch",
    "statements": "state-\nments",
    "median": "median ms\n(interval)",
    "p95": "p95\nms",
    "floor_share": "floor\nshare",
}


def print_report(document: Document, console: Console) -> None:
    """Print a table and a sentence per screen, which arm to take, and what to bear in mind."""
    _print(console, summary.run(document))
    for screen in document.screens:
        _print_screen(console, screen)
    for result in document.watching:
        _print_watching(console, result)
    if decisions(document):
        _print_decisions(console, document)
    _print_visits(console, document)
    if document.screens:
        console.print()
        for part in cost_parts(document):
            console.print(part)
        console.print(beyond_table(document))
    for part in (*resilience_parts(document), *load_parts(document)):
        console.print(part)
    if document.self_check is not None:
        _print(console, summary.self_check(document.self_check))
    _print_notes(console, document)
    if not document.complete:
        _print(console, "This run did not end: the numbers are those it had.", style="bold red")


def screen_table(screen: ScreenResult, footnotes: Footnotes) -> Table:
    """A row per arm."""
    title = Text.assemble((screen.name, "bold"), f": {screen.shows}")
    table = table_of(title)
    table.add_column("arm", no_wrap=True)
    for number, heading in HEADINGS.items():
        table.add_column(heading + footnotes.marks("", number), justify="right", no_wrap=True)
    for arm in screen.arms:
        cells = arm_cells(arm)
        marked = [cells[number] + footnotes.marks(arm.name, number) for number in COLUMNS]
        table.add_row(arm.name + footnotes.marks(arm.name, ""), *marked)
    return table


def decision_table(document: Document) -> Table:
    """A row per arm that is the fastest somewhere, or level with it; a column per RTT."""
    chosen = {
        (one.screen, choice.arm, one.rtt): "=" if one.is_tie else "●"
        for one in decisions(document)
        for choice in one.choices
    }
    table = table_of(Text("Which arm for which screen, by round-trip time (ms)", "bold"))
    table.add_column("screen", no_wrap=True)
    table.add_column("arm", no_wrap=True)
    for heading in rtt_names(document):
        table.add_column(heading, justify="right", no_wrap=True)
    for screen in document.screens:
        name = screen.name
        for arm in screen.arms:
            marks = [chosen.get((screen.name, arm.name, rtt), "") for rtt in RTTS]
            if any(marks):
                times = [numbers.milliseconds(arm.predicted_ms[rtt]) for rtt in RTTS]
                table.add_row(name, arm.name, *map(_marked, marks, times))
                name = ""
        table.add_section()
    return table


def _marked(mark: str, time: str) -> Text:
    return Text(f"{mark} {time}", "bold") if mark else Text(time, "dim")


def _print_screen(console: Console, screen: ScreenResult) -> None:
    footnotes = Footnotes(screen, COLUMNS)
    console.print()
    console.print(screen_table(screen, footnotes))
    _print(console, finding(screen))
    if evens := break_evens(screen):
        _print(console, f"Break-even RTT: {'; '.join(map(summary.break_even, evens))}.")
    marked = "  ".join(
        f"{note.mark}\N{NO-BREAK SPACE}{note.text}" for note in footnotes.notes if note.mark
    )
    for text in (marked, *(note.text for note in footnotes.notes if not note.mark)):
        if text:
            _print(console, text, style="dim")


def _print_decisions(console: Console, document: Document) -> None:
    console.print()
    console.print(decision_table(document))
    _print(
        console,
        "● is the fastest alone; = are level with the fastest: no material difference. Arms "
        "without a mark anywhere are left out.",
    )
    _print(console, summary.model(document), style="dim")


def _print_watching(console: Console, result: WatchResult) -> None:
    console.print()
    console.print(watch_table(result))
    _print(console, watch_finding(result))
    _print(console, about(result), style="dim")


def _print_visits(console: Console, document: Document) -> None:
    for screen in visited(document):
        console.print()
        console.print(visits_table(screen))
        _print(console, caching_finding(screen))
    if visited(document):
        _print(console, ABOUT, style="dim")


def _print_notes(console: Console, document: Document) -> None:
    console.print()
    for word, meaning in summary.WORDS if document.screens else ():
        _print(
            console, f"{word}: {meaning.format(at_once=document.settings.at_once)}.", style="dim"
        )
    for doubt in of_the_run(document):
        _print(console, f"- {doubt.text}", style="dim")


def _print(console: Console, text: str, style: str = "") -> None:
    console.print(Text(text), style=style)
