"""Draws the report in a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.text import Text

from client_examples.comparison.analysis.decisions import RTTS
from client_examples.comparison.report import numbers
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.sections.section import (
    Block,
    Charts,
    Column,
    Decisions,
    Items,
    Matrix,
    Notes,
    Paragraph,
    Part,
    Section,
    Table,
    Timeline,
    Waterfall,
)
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.report.terminal_table import Rows, fitting
from client_examples.comparison.results.document import Document

_AT_THE_END = ("answer", "failures", "changes", "budget")  # where it stays in view
_ROLES = {"": "", "quiet": "dim", "warning": "bold"}
_COLOURS = {"REST": "blue", "GraphQL": "dark_orange3", "tie": "dim", "": ""}


def print_report(document: Document, console: Console, *, verbose: bool = False) -> None:
    """Print a table and a sentence per screen, and at the end the answer, changes and budget.

    Args:
        document: what was measured.
        console: where; the report fits its width.
        verbose: print all sections with all columns, explanations and caveats.
    """
    _print(console, run(document))
    sections = [one for one in contents(document) if verbose or not one.detail]
    screens = [one for one in sections if _is_screen(one)]
    others = [one for one in sections if not _is_screen(one)]
    for number, section in enumerate(screens):
        # Its heading alone sets it off from the screen above.
        print_section(console, section, verbose=verbose, apart=verbose or number == 0)
    if not verbose:
        print_legend(console, screens)
    for section in sorted(others, key=_place):
        print_section(console, section, verbose=verbose)
    if not document.complete:
        _print(console, INCOMPLETE, style="bold red")


def print_section(
    console: Console, section: Section, *, verbose: bool = False, apart: bool = True
) -> None:
    """Print one section.

    Args:
        console: where.
        section: what.
        verbose: print explanations and minor columns, too.
        apart: print an empty line before it.
    """
    blocks = [one for one in section.blocks if verbose or not _is_detail(one, section)]
    blocks = [one for one in blocks if not isinstance(one, Charts | Waterfall | Timeline)]
    if section.id != "answer":
        blocks.sort(key=lambda one: isinstance(one, Paragraph) and bool(one.role))
    if not blocks:
        return
    if apart:
        console.print()
    first, title = blocks[0], section.title
    if not (isinstance(first, Table) and (first.apart or (not verbose and _is_of_one(first)))):
        title = title if verbose or isinstance(first, Table) else ""  # it stands above already
        shows = f": {section.shows}" if section.shows else ""
        console.print(Text.assemble((section.title, "bold"), shows))
    for block in blocks:
        _print_block(console, block, title, verbose=verbose)


def _is_of_one(table: Table) -> bool:
    """Whether it has the rows of one thing alone, whose name can be the first heading."""
    return [group.screen for group in table.groups] == [""]


def _is_screen(section: Section) -> bool:
    return section.id.startswith("screen-")


def _place(section: Section) -> int:
    """What follows from the screens, then what is to stay in view."""
    return 1 + _AT_THE_END.index(section.id) if section.id in _AT_THE_END else 0


def _is_detail(block: Block, section: Section) -> bool:
    """Whether it is printed only with `verbose`."""
    if isinstance(block, Notes):
        return True
    if isinstance(block, Paragraph) and _is_screen(section):
        return True
    return isinstance(block, Paragraph) and block.role == "quiet" and section.id != "answer"


def print_legend(console: Console, sections: Iterable[Section]) -> None:
    """Print what the marks beside numbers mean, each once."""
    notes = [
        note
        for section in sections
        for block in section.blocks
        if isinstance(block, Notes)
        for note in block.notes
        if note.mark
    ]
    _print(console, _marked(dict.fromkeys(notes)), style="dim")


def _marked(notes: Iterable[Note]) -> str:
    return "  ".join(f"{one.mark}\N{NO-BREAK SPACE}{one.text}" for one in notes)


def _print_block(console: Console, block: Block, title: str, *, verbose: bool) -> None:
    match block:
        case Table(keep=True):
            _print_table(console, block, title, verbose=verbose)
        case Paragraph(text, role):
            _print(console, text, style=_ROLES[role])
        case Notes(notes):
            _print(console, _marked(one for one in notes if one.mark), style="dim")
            for note in notes:
                _print(console, "" if note.mark else f"- {note.text}", style="dim")
        case Matrix():
            console.print()
            console.print(fitting(console, *_matrix(block)))
            _print(console, block.legend, style="dim")
        case Items(heading, items, shown):
            console.print(Text(f"\n{heading}", "bold"))
            for item in items if verbose else items[:shown]:
                _print(console, f"- {item}")
        case Decisions():
            console.print(fitting(console, _decision_columns(block), list(_decision_rows(block))))
            _print(
                console,
                "● is the fastest alone; = tie with the fastest. Arms without a mark anywhere are "
                "left out.",
            )


def _print_table(console: Console, table: Table, title: str, *, verbose: bool) -> None:
    for number, part in enumerate(table.parts(apart=True)):
        group = part.group
        named = ": ".join(filter(None, (title, "" if group is None else group.screen)))
        if number:
            console.print()
        heading = None if verbose or group is None or not named else _as_heading(named, part)
        if named != title if heading is None else not heading:
            console.print(Text(named, "bold"))
        drawn = part if verbose else part.brief(heading)
        rows = [
            (is_new, {name: Text(row[name]) for name in drawn.columns})
            for is_new, row in drawn.shown()
        ]
        console.print(fitting(console, drawn.columns, rows))
        if group is not None:
            _print(console, group.finding if verbose or group.brief is None else group.brief)


def _as_heading(title: str, part: Part) -> str:
    """The title, with a rule over the column of arms; "" if it is wider than that may be."""
    arms = [
        row[name] for row in part.rows for name, one in part.columns.items() if one.kind == "arm"
    ]
    width = max(map(len, arms), default=0)
    return f"{title} ".ljust(width, "─").strip() if len(title) <= width + 4 else ""


def _matrix(block: Matrix) -> tuple[dict[str, Column], Rows]:
    names = ["screen", *block.headings]
    rows = [
        [Text(screen), *(Text(cell.text, _COLOURS[cell.ahead]) for cell in cells)]
        for screen, cells in block.rows
    ]
    return _text_columns(names), [(False, dict(zip(names, row, strict=True))) for row in rows]


def _text_columns(headings: Iterable[str]) -> dict[str, Column]:
    """The first is the name of a row; none is wrapped."""
    first, *others = headings
    return {first: Column(first, kind="arm"), **{one: Column(one) for one in others}}


def _decision_columns(block: Decisions) -> dict[str, Column]:
    columns = {name: Column(name, kind="arm") for name in ("screen", "arm")}
    return columns | {name: Column(name) for name in block.decided.rtts}


def _decision_rows(block: Decisions) -> Iterator[tuple[bool, dict[str, Text]]]:
    """A row per arm that is the fastest somewhere, or ties with it; a cell per RTT."""
    for number, screen in enumerate(block.screens):
        name = screen.name
        decisions = block.decided.by_screen.get(screen.name, [])
        chosen = {(one.arm, each.rtt): each for each in decisions for one in each.choices}
        for arm in screen.arms:
            if not any((arm.name, rtt) in chosen for rtt in RTTS):
                continue
            cells = {"screen": Text(name), "arm": Text(arm.name)}
            for heading, rtt in zip(block.decided.rtts, RTTS, strict=True):
                decision = chosen.get((arm.name, rtt))
                mark = "" if decision is None else "= " if decision.is_tie else "● "
                time = numbers.milliseconds(arm.predicted_ms[rtt])
                cells[heading] = Text(f"{mark}{time}", "bold" if mark else "dim")
            yield bool(number and name), cells
            name = ""


def _print(console: Console, text: str, style: str = "") -> None:
    if text:
        console.print(Text(text), style=style)
