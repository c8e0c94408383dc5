"""Access paths: which index a list page is read by, so that no list reads a whole table.

Where one index has both the filter and the order, that is the path. But no index gives the books of
a price range, or those that match a search, in the order of their titles. Such a page has several
paths: where few rows pass the filter, they are read by its index and sorted; where many do, the
index of the sort is read in order until the page is full, which is soon. `page_statement` chooses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, FromClause, bindparam

from shared.reading.catalogue import Entity
from shared.storage import search_index, tables
from shared.storage.statements import CrossJoin, Indexed

Condition = Callable[[str], ColumnElement[bool]]  # by the database's dialect

# To find f rows by the index of a filter and sort them costs as much as to walk n * N / f of N rows
# until n of them pass, where f is the root of n * N * (cost of one walked / cost of one sorted).
# For a million books: 0.05 µs for an entry of an index against 1 µs for a row; where the text of
# each that is walked is searched, both cost as much.
_ENTRIES: Final = 50_000
_TEXTS: Final = 1_000_000
_WALKED: Final = 200_000  # where nothing was counted before
RANGE_FILTERS: Final = ("min_price", "max_price")
SEARCH: Final = "search"


class Wanted(NamedTuple):
    """Everything that the statement of a page depends on, but for its columns."""

    entity: str
    sort: str
    is_behind: bool
    filters: frozenset[str]


BUILT: Final[set[Wanted]] = set()  # the pages whose statements are there: some thousands at most


class Asked(NamedTuple):
    """A request for a page, without its values.

    Attributes:
        sort: a sort key, with `-` in front for descending.
        is_behind: it begins behind a position.
        filters: conditions by name.
        has_search_index: whether searches can use an index.
    """

    entity: Entity
    sort: str
    is_behind: bool
    filters: Mapping[str, Condition]
    dialect: str
    has_search_index: bool

    @property
    def key(self) -> str:
        """The sort key without its direction."""
        return self.sort.removeprefix("-")

    @property
    def is_falling(self) -> bool:
        """Whether the largest key is the first."""
        return self.sort.startswith("-")

    @property
    def ends(self) -> tuple[str, str]:
        """The range filters that bound the list, if it is sorted by the same column.

        They need not be among those that are given.
        """
        if self.entity.sorts[self.key] is not tables.LISTED[self.entity.table].range:
            return "", ""
        return RANGE_FILTERS[::-1] if self.is_falling else RANGE_FILTERS

    def conditions(self, *but: str) -> list[ColumnElement[bool]]:
        """The filters, as this database writes them, but for some."""
        return [made(self.dialect) for name, made in self.filters.items() if name not in but]

    def given(self, column: ColumnElement[Any] | None) -> bool:
        """Whether a filter asks for one value of this column."""
        return column is not None and column.key in self.filters


@dataclass(frozen=True)
class AccessPath:
    """One way to read the rows that pass the filters.

    Attributes:
        source: what is read, by which index.
        row_id: the column that has the id.
        index: the conditions that the index answers.
        counted: what is read to count the rows of these conditions.
        extra: conditions that the filters do not have.
        few: the parameter that says below how many rows it is taken; None: they are not counted.
        has_order: whether it gives the rows in the order of the list.
        is_search: whether it gives the rows that match a search.
    """

    source: FromClause
    row_id: ColumnElement[int]
    index: Sequence[ColumnElement[bool]]
    counted: FromClause
    extra: Sequence[ColumnElement[bool]] = ()
    few: str | None = None
    has_order: bool = True
    is_search: bool = False


def limits_of_few(rows: int) -> dict[str, int]:
    """The parameters that say how many rows are "few", for a page that ends at the given row."""
    kinds = {"few_entries": _ENTRIES, "few_texts": _TEXTS, "few_walked": _WALKED}
    return {name: isqrt(number * rows) for name, number in kinds.items()}


def access_paths(asked: Asked) -> list[AccessPath]:
    """The possible paths: those for few rows, in order of preference, and last the one for many."""
    listed = tables.LISTED[asked.entity.table]
    walk = _walk(asked, listed)
    if asked.given(listed.owner):
        return [walk]
    few = []
    is_ranged = any(name in asked.filters for name in RANGE_FILTERS)
    is_found = asked.has_search_index and SEARCH in asked.filters
    # FTS5 gives what matches by id, as it goes; a bitmap of PostgreSQL's has to be whole first.
    is_streamed = is_found and asked.dialect == "sqlite" and asked.key == "id"
    if is_found and not is_streamed:
        few.append(_found(asked))
    if is_ranged and asked.entity.sorts[asked.key] is not listed.range:
        few.append(_ranged(asked, listed))
    elif is_streamed and asked.given(listed.group):
        few.append(replace(walk, few="few_entries"))
    return [*few, _found(asked) if is_streamed else walk]


def _walk(asked: Asked, listed: tables.Listed) -> AccessPath:
    table, key = asked.entity.table, asked.entity.sorts[asked.key]
    by = next((c for c in (listed.owner, listed.group) if asked.given(c)), None)
    if by is None and asked.key == "id":
        return _by_index(asked, None)
    is_falling = asked.is_falling and key is not table.c.id and (by is None or by is listed.group)
    return _by_index(asked, tables.list_index(key, by, falling=is_falling))


def _ranged(asked: Asked, listed: tables.Listed) -> AccessPath:
    assert listed.range is not None
    by = listed.group if asked.given(listed.group) else None
    path = _by_index(asked, tables.list_index(listed.range, by))
    return replace(path, few="few_entries", has_order=False)


def _by_index(asked: Asked, name: str | None) -> AccessPath:
    table = asked.entity.table
    source = Indexed(table, name)
    return AccessPath(source, table.c.id, asked.conditions(SEARCH), source)


def _found(asked: Asked) -> AccessPath:
    table, found = asked.entity.table, search_index.TABLE
    if asked.dialect != "sqlite":
        # To count them, PostgreSQL would have to read each; it takes this path after the other.
        condition = asked.filters[SEARCH](asked.dialect)
        return AccessPath(table, table.c.id, [condition], table, has_order=False, is_search=True)
    matches = [found.c[search_index.NAME].op("MATCH")(bindparam("trigrams"))]
    source = CrossJoin(found, table, table.c.id == found.c.rowid)
    has_order = asked.key == "id"
    return AccessPath(source, found.c.rowid, matches, found, matches, "few_texts", has_order, True)
