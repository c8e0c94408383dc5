"""A section of the report as data: each format draws any section."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple, TypeAlias

from client_examples.comparison.analysis.decisions import Decided
from client_examples.comparison.report.footnotes import Note
from client_examples.comparison.report.numbers import NONE
from client_examples.comparison.results.document import ScreenResult

Row: TypeAlias = Mapping[str, str]  # the text of each cell, by the name of its column
Number: TypeAlias = str | int | float | None


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        heading: the text above it.
        short: a shorter heading, with line breaks, for where there is little room.
        kind: numbers are aligned right; arms' names are drawn as such.
        keep: False if it may be left out where a table is too wide; others are never cut.
        once: whether a cell is left empty if it repeats the one above, and so do those before it.
        note: the name of another cell that explains this one, where there is room for it.
        detail: whether it is shown only to readers who ask for all columns.
        brief: another heading and cell to show in its place until then.
    """

    heading: str
    short: str = ""
    kind: Literal["number", "text", "arm", "arms"] = "number"
    keep: bool = True
    once: bool = False
    note: str = ""
    detail: bool = False
    brief: tuple[str, str] | None = None


class Chart(NamedTuple):
    """The place of a chart in the page; `legend` has the meaning of each colour."""

    id: str
    title: str
    note: str = ""
    is_wide: bool = True
    legend: Mapping[str, str] = {}


class Group(NamedTuple):
    """The rows of one screen, the finding that they support, and their chart.

    `brief` is the finding in a line; None where there is none but the finding itself.
    """

    screen: str
    rows: Sequence[Row]
    finding: str = ""
    chart: Chart | None = None
    brief: str | None = None


@dataclass(frozen=True)
class Table:
    """A table of rows by screen; in a table about one screen alone, the screen's name is "".

    Cells that a row does not have say that nothing is known.

    Attributes:
        columns: the columns, by the names of the rows' cells.
        groups: the rows.
        apart: whether to draw a table for each screen, in formats where that takes little room.
        intro: a sentence above it.
        keep: False if it may be left out where there is little room.
        folded: whether the page shows it only to readers who open its intro.
    """

    columns: Mapping[str, Column]
    groups: Sequence[Group]
    apart: bool = False
    intro: str = ""
    keep: bool = True
    folded: bool = False

    def without_unknown(self) -> "Table":
        """The same without columns in which no number is known."""
        rows = [row for group in self.groups for row in group.rows]
        columns = {
            name: column
            for name, column in self.columns.items()
            if any(row.get(name, NONE) not in ("", NONE) for row in rows)
        }
        return replace(self, columns=columns)

    def parts(self, *, apart: bool) -> Iterator["Part"]:
        """A part per screen if wanted so, else a single one with a column of the screens' names."""
        if apart and self.apart:
            for group in self.groups:
                yield Part(self.columns, self._whole(group.rows), group)
        elif [group.screen for group in self.groups] == [""]:
            yield Part(self.columns, self._whole(self.groups[0].rows), self.groups[0])
        else:
            columns = {"screen": Column("screen", kind="text", once=True), **self.columns}
            rows = [{"screen": one.screen, **row} for one in self.groups for row in one.rows]
            yield Part(columns, self._whole(rows))

    def _whole(self, rows: Sequence[Row]) -> list[Row]:
        return [{**dict.fromkeys(self.columns, NONE), **row} for row in rows]


class Part(NamedTuple):
    """A table to be drawn; `group` is its only group, if it has just one."""

    columns: Mapping[str, Column]
    rows: Sequence[Row]
    group: Group | None = None

    def brief(self, title: str | None) -> "Part":
        """The part with its main columns alone; a title replaces the heading of the arms."""
        columns = {}
        for name, column in self.columns.items():
            if column.detail:
                continue
            if title is not None and column.kind == "arm":
                columns[name] = replace(column, heading=title, short="")
            elif column.brief is not None:
                heading, cell = column.brief
                columns[cell] = replace(column, heading=heading, short=_in_lines(heading))
            else:
                columns[name] = column
        return self._replace(columns=columns)

    def shown(self) -> Iterator[tuple[bool, Row]]:
        """The rows with repeated cells left empty, each with whether a new block begins there."""
        above: Row | None = None
        for row in self.rows:
            is_same, cells = above is not None, dict(row)
            for name, column in self.columns.items():
                if column.once:
                    is_same = is_same and above is not None and row[name] == above[name]
                    cells[name] = "" if is_same else row[name]
            first = next(iter(self.columns))
            yield above is not None and self.columns[first].once and bool(cells[first]), cells
            above = row


def _in_lines(heading: str) -> str:
    """A heading with its last word on a line of its own."""
    return "\n".join(heading.rsplit(" ", 1))


class Paragraph(NamedTuple):
    """Sentences: "quiet" for explanations, "warning" for what must be seen.

    `more` is the id of a section with details, which the page links to.
    """

    text: str
    role: Literal["", "quiet", "warning"] = ""
    more: str = ""


class Notes(NamedTuple):
    """A list: footnotes with their marks, or others."""

    notes: Sequence[Note]


class Charts(NamedTuple):
    """Charts whose colours are those of the arms."""

    charts: Sequence[Chart]
    arms: Sequence[str] = ()


class Waterfall(NamedTuple):
    """Each arm's exchanges, one below the other, from when they begin to when they end."""

    screen: ScreenResult


class Bar(NamedTuple):
    """A line of a timeline: when something began and ended, and the lines that it waited for."""

    label: str
    told: str
    start_ms: float
    end_ms: float
    waits_for: Sequence[int] = ()


class Timeline(NamedTuple):
    """What happened when, one below the other, with what waited for what; `wide_ms` in all."""

    title: str
    note: str
    bars: Sequence[Bar]
    wide_ms: float


class Decisions(NamedTuple):
    """Which arm to take for which screen, by round-trip time."""

    decided: Decided
    screens: Sequence[ScreenResult]


class Cell(NamedTuple):
    """A cell of a matrix: its text, which API it is coloured for, and the arms with their times."""

    text: str
    ahead: Literal["REST", "GraphQL", "tie", ""]
    arms: str = ""


class Matrix(NamedTuple):
    """Screens by conditions, such as distances.

    Attributes:
        headings: the conditions.
        rtts_ms: the distance of each condition.
        rows: a screen's name and a cell for each condition.
        legend: explains the cells.
    """

    headings: Sequence[str]
    rtts_ms: Sequence[float]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    legend: str


class Items(NamedTuple):
    """A list with a heading; formats with little room show only the first `shown` items."""

    title: str
    items: Sequence[str]
    shown: int


Block: TypeAlias = (
    Table | Paragraph | Notes | Charts | Waterfall | Timeline | Decisions | Matrix | Items
)


@dataclass(frozen=True)
class Section:
    """A part of the report.

    Attributes:
        id: the target of links in the page.
        title: its heading.
        blocks: its contents, in order.
        shows: what the screen shows, if the section is about a screen.
        numbers: rows of the CSV file, with units in the columns' names.
        detail: whether it is shown only to readers who ask for everything.
        urgent: whether the page begins with it, unfolded: it says what failed.
    """

    id: str
    title: str
    blocks: Sequence[Block]
    shows: str = ""
    numbers: Sequence[Mapping[str, Number]] = field(default_factory=list)
    detail: bool = False
    urgent: bool = False
