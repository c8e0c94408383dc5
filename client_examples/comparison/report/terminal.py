"""Draws the report in a terminal."""

from collections.abc import Iterator

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from client_examples.comparison.analysis.decisions import RTTS
from client_examples.comparison.report import numbers
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Decisions,
    Items,
    Matrix,
    Notes,
    Paragraph,
    Part,
    Section,
    Table,
)
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.results.document import Document

_ANY_WIDTH = 10_000


def print_report(document: Document, console: Console) -> None:
    """Print a table and a sentence per screen, which arm to take, and what to bear in mind."""
    _print(console, run(document))
    # What was measured comes before what follows from it: the end is what stays in view.
    for section in sorted(contents(document), key=_place):
        print_section(console, section)
    if not document.complete:
        _print(console, INCOMPLETE, style="bold red")


def _place(section: Section) -> int:
    """Screens, then what follows from them, and the answer at the very end."""
    return 2 if section.id == "answer" else 0 if section.shows else 1


def print_section(console: Console, section: Section) -> None:
    """Print one section."""
    console.print()
    blocks = sorted(section.blocks, key=lambda one: isinstance(one, Paragraph) and bool(one.role))
    title = Text.assemble((section.title, "bold"), f": {section.shows}" if section.shows else "")
    if not (isinstance(blocks[0], Table) and blocks[0].apart):
        console.print(title)
    for block in blocks:
        _print_block(console, block, section.title)


def _print_block(console: Console, block: Block, title: str) -> None:
    match block:
        case Table(keep=True):
            _print_table(console, block, title)
        case Paragraph(text, role):
            _print(console, text, style="dim" if role else "")
        case Notes(notes):
            marked = (f"{one.mark}\N{NO-BREAK SPACE}{one.text}" for one in notes if one.mark)
            _print(console, "  ".join(marked), style="dim")
            for note in notes:
                _print(console, "" if note.mark else f"- {note.text}", style="dim")
        case Matrix():
            console.print(_matrix(block))
            _print(console, block.legend, style="dim")
        case Items(title, items, shown):
            console.print(Text(f"\n{title}", "bold"))
            for item in items[:shown]:
                _print(console, f"- {item}")
        case Decisions():
            console.print(_decision_table(block))
            _print(
                console,
                "● is the fastest alone; = tie with the fastest. Arms without a mark anywhere are "
                "left out.",
            )


def _print_table(console: Console, table: Table, title: str) -> None:
    for number, part in enumerate(table.parts(apart=True)):
        if part.group is not None and part.group.screen:
            if number:
                console.print()
            console.print(Text(f"{title}: {part.group.screen}", "bold"))
        console.print(_fitting(console, part))
        if part.group is not None:
            _print(console, part.group.finding)


def _fitting(console: Console, part: Part) -> RichTable:
    """The table without those columns that it has no room for, the last ones first."""
    columns = dict(part.columns)
    spare = [name for name, column in columns.items() if not column.keep]
    anything = console.options.update(max_width=_ANY_WIDTH)
    while True:
        table = _table(part, columns)
        if not spare or console.measure(table, options=anything).maximum <= console.width:
            return table
        del columns[spare.pop()]


def _table(part: Part, columns: dict[str, Column]) -> RichTable:
    table = table_of()
    for column in columns.values():
        table.add_column(
            Text(column.short or column.heading),
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind != "arms",
        )
    for is_new, row in part.shown():
        if is_new:
            table.add_section()
        table.add_row(*(Text(row[name]) for name in columns))
    return table


_COLOURS = {"REST": "blue", "GraphQL": "dark_orange3", "tie": "dim", "": ""}


def _matrix(block: Matrix) -> RichTable:
    table = table_of()
    table.add_column("screen", no_wrap=True)
    for heading in block.headings:
        table.add_column(heading, no_wrap=True)
    for name, cells in block.rows:
        table.add_row(name, *(Text(cell.text, _COLOURS[cell.ahead]) for cell in cells))
    return table


def _decision_table(block: Decisions) -> RichTable:
    """A row per arm that is the fastest somewhere, or ties with it; a column per RTT."""
    table = table_of()
    for heading in ("screen", "arm"):
        table.add_column(heading, no_wrap=True)
    for heading in block.decided.rtts:
        table.add_column(heading, justify="right", no_wrap=True)
    for name, row in _decision_rows(block):
        if name:
            table.add_section()
        table.add_row(name, *row)
    return table


def _decision_rows(block: Decisions) -> Iterator[tuple[str, list[Text]]]:
    """The screen's name where it begins, and the cells of an arm."""
    for screen in block.screens:
        name = screen.name
        decisions = block.decided.by_screen.get(screen.name, [])
        chosen = {(one.arm, each.rtt): each for each in decisions for one in each.choices}
        for arm in screen.arms:
            if not any((arm.name, rtt) in chosen for rtt in RTTS):
                continue
            cells = [Text(arm.name)]
            for rtt in RTTS:
                time, decision = (
                    numbers.milliseconds(arm.predicted_ms[rtt]),
                    chosen.get((arm.name, rtt)),
                )
                mark = "" if decision is None else "= " if decision.is_tie else "● "
                cells.append(Text(f"{mark}{time}", "bold" if mark else "dim"))
            yield name, cells
            name = ""


def table_of(title: str | None = None) -> RichTable:
    """A table without columns, as all of the reports are."""
    return RichTable(
        title=title,
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )


def _print(console: Console, text: str, style: str = "") -> None:
    if text:
        console.print(Text(text), style=style)
