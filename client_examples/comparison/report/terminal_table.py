"""Draws a table in any width without cutting a number.

Tried in this order: whole headings, short headings, without the columns that may be left out, and
at last each row as lines below its name.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from client_examples.comparison.report.sections.section import Column

Cells = Mapping[str, Text]  # by the name of the column
Rows = Sequence[tuple[bool, Cells]]  # and whether a new block of rows begins

_GAP = 2  # columns of the terminal between two of a table
_INDENT = 2
_WRAPPED = ("arms",)  # kinds whose cells may take several lines


def fitting(console: Console, columns: Mapping[str, Column], rows: Rows) -> RenderableType:
    """The table in the first of these forms that fits the width of `console`."""
    shown = dict(columns)
    spare = [name for name, column in columns.items() if not column.keep]
    for is_short in (False, True):
        headings = {name: _heading(column, is_short=is_short) for name, column in shown.items()}
        if _width(shown, headings, rows) <= console.width:
            return _table(shown, headings, rows)
    while spare:
        del shown[spare.pop()]
        if _width(shown, headings, rows) <= console.width:
            return _table(shown, headings, rows)
    return Group(*_stacked(columns, rows, console.width))


def table_of(title: str | None = None) -> RichTable:
    """An empty table in the style of the reports."""
    return RichTable(
        title=title,
        title_justify="left",
        title_style="",
        box=box.SIMPLE_HEAD,
        collapse_padding=True,
        pad_edge=False,
    )


def _heading(column: Column, *, is_short: bool) -> str:
    return (column.short or column.heading) if is_short else column.heading


def _width(columns: Mapping[str, Column], headings: Mapping[str, str], rows: Rows) -> int:
    """The least width that the table needs."""
    widths = []
    for name, column in columns.items():
        lines = headings[name].split("\n")
        cells = [cells[name].plain for _, cells in rows]
        if column.kind in _WRAPPED:
            cells = [word for cell in cells for word in cell.split()]
        widths.append(max(map(cell_len, [*lines, *cells]), default=0))
    return sum(widths) + _GAP * (len(widths) - 1)


def _table(columns: Mapping[str, Column], headings: Mapping[str, str], rows: Rows) -> RichTable:
    table = RichTable(box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for name, column in columns.items():
        table.add_column(
            Text(headings[name]),
            justify="right" if column.kind == "number" else "left",
            no_wrap=column.kind not in _WRAPPED,
        )
    for is_new, cells in rows:
        if is_new:
            table.add_row()
        table.add_row(*(cells[name] for name in columns))
    return table


def _stacked(columns: Mapping[str, Column], rows: Rows, width: int) -> Iterator[Text]:
    """Each row as a list of its cells, below its name: `requests 21, steps 5`."""
    names = [name for name, column in columns.items() if column.kind != "number"]
    names = names or [next(iter(columns))]
    yield Text(columns[names[0]].heading, "bold")
    for is_new, cells in rows:
        if is_new:
            yield Text()
        named = [cells[name].plain for name in names if cells[name].plain]
        told = [
            _told(column, cells[name].plain)
            for name, column in columns.items()
            if name not in names and cells[name].plain
        ]
        yield Text(", ".join(named))
        # Not by rich, which parts a number from its heading at a no-break space.
        for line in textwrap.wrap(
            ", ".join(told), width - _INDENT, break_long_words=False, break_on_hyphens=False
        ):
            yield Text(f"{' ' * _INDENT}{line}")


def _told(column: Column, cell: str) -> str:
    """Heading and cell, which stay on one line."""
    return f"{column.heading} {cell}".replace(" ", "\N{NO-BREAK SPACE}")
