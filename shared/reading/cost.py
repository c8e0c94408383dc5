"""The cost of a request, known before it runs: objects it could give, rows it looks at.

The cost is counted in objects. A search, a sort or an offset adds a fixed number of them, whatever
the size of the bookstore, so that the same request has the same cost everywhere. The effort is the
number of rows that are looked at in this bookstore: it decides whether a read is short enough for
the event loop, see `shared.serving.running`.
"""

from collections.abc import Collection
from typing import Final, NamedTuple

from shared import limits
from shared.errors import TooComplex
from shared.reading.access_paths import BUILT, RANGE_FILTERS, SEARCH, Wanted
from shared.reading.catalogue import Entity
from shared.storage import tables

SEARCH_COST: Final = 50  # objects, for looking at the texts of books
SORT_COST: Final = 50  # for an order that no index has together with the filters
ROWS_SKIPPED: Final = 100  # of an offset, that cost as much as one object

_ROWS_PER_OBJECT: Final = 4  # to read it, make a dict of it and write it takes 3 µs
_ENTRIES_PER_ROW: Final = 20  # of an index, that are looked at in the time of a row
_ROWS_PER_STATEMENT: Final = 5_000  # to build and compile one that was never asked for: 5 ms


class Finding(NamedTuple):
    """What it takes to find the rows of one list.

    Attributes:
        cost: in objects.
        passes: how often every row of the table may be looked at.
        wanted: the statement, by what decides about its text.
    """

    cost: int
    passes: float
    wanted: Wanted


class Load(NamedTuple):
    """What a request asks for."""

    cost: int
    findings: tuple[Finding, ...] = ()

    def effort(self, books: int) -> float:
        """Rows that are looked at, in a bookstore of so many books."""
        effort: float = self.cost * _ROWS_PER_OBJECT
        for found in self.findings:
            effort += found.passes * books
            if found.wanted not in BUILT:
                effort += _ROWS_PER_STATEMENT
        return effort


def cost_of_offset(offset: int) -> int:
    """The cost of the rows that a list leaves out before its first."""
    return max(0, min(offset, limits.MAX_OFFSET)) // ROWS_SKIPPED


def finding(
    entity: Entity,
    filters: Collection[str] = (),
    sort: str = "id",
    offset: int = 0,
    *,
    is_behind: bool = False,
) -> Finding:
    """What it takes to find a page of a list.

    Args:
        filters: the names of those that are given.
        sort: a sort key, with `-` in front for descending.
        is_behind: it begins behind a cursor.
    """
    key, is_search = sort.removeprefix("-"), SEARCH in filters
    is_ranged = any(name in filters for name in RANGE_FILTERS)
    if is_search:
        has_order = key == "id"
    else:
        has_order = not is_ranged or entity.sorts[key] is tables.LISTED[entity.table].range
    cost = cost_of_offset(offset) + SEARCH_COST * is_search + SORT_COST * (not has_order)
    passes = 1.0 if is_search else 0.0 if has_order else 1 / _ENTRIES_PER_ROW
    return Finding(cost, passes, Wanted(entity.name, sort, is_behind, frozenset(filters)))


def require_affordable(load: Load, limit: int, field: str | None = None) -> None:
    """Refuse a request whose cost is over the limit.

    Args:
        load: what the request asks for.
        limit: objects, as set by `BOOKSTORE_MAX_COST`.
        field: the input that the error names.

    Raises:
        TooComplex: the cost is over the limit.
    """
    if load.cost > limit:
        found = sum(one.cost for one in load.findings)
        part = f", {found:,} of them for searches, sorts and offsets" if found else ""
        raise TooComplex(
            f"{field or 'the query'} must ask for at most {limit:,} objects, got up to "
            f"{load.cost:,}{part}; lower a limit, or leave a relation out",
            limit,
            load.cost,
            field,
        )
