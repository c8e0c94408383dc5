"""How a kind of request is written for each API: its paths, its queries and their variables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from shared.reading.cursors import Position, encode_cursor

Row = Mapping[str, Any]

TARGET, SEARCH_TARGET = 1.3, 3.0  # times the median at the smallest size
PAGE: Final = 20
_MEMBERS: Final = {
    "author": ("id", "name", "bio"),
    "book": ("id", "title", "isbn", "price", "publication_date", "author_id", "genre", "stock"),
    "customer": ("id", "name", "address"),
    "order": ("id", "customer_id", "order_date", "status", "total_amount"),
}


@dataclass(frozen=True)
class Wanted:
    """One request: a path, and a body where it is a POST."""

    path: str
    body: bytes | None = None


@dataclass(frozen=True)
class Kind:
    """Requests of one kind, which differ in their values alone.

    Attributes:
        group: e.g. `sorted pages`.
        name: unique within its API.
        api: `rest` or `graphql`.
        objects: in each answer, at every size; None where any number will do.
        variants: with the values of one size.
    """

    group: str
    name: str
    api: str
    objects: int | None
    variants: tuple[Wanted, ...]

    @property
    def target(self) -> float:
        """The most that its median should be, in medians at the smallest size."""
        return SEARCH_TARGET if self.group.endswith("searches") else TARGET


def lists(
    group: str,
    name: str,
    resource: str,
    filters: Sequence[Row],
    sort: str = "id",
    limit: int = PAGE,
    objects: int | None = None,
) -> Iterator[Kind]:
    """A kind for each API: pages of a list."""
    full = limit if objects is None else objects
    paths = [_rest_list(resource, {**given, "sort": sort, "limit": limit}) for given in filters]
    yield Kind(group, name, "rest", full, tuple(map(Wanted, paths)))
    has = resource in ("book", "order")
    query = (
        f"query ($sort: {resource.title()}Sort, $limit: Int"
        + (f", $filter: {resource.title()}Filter" if has else "")
        + f") {{ {resource}s(sort: $sort, limit: $limit{', filter: $filter' if has else ''}) "
        f"{{ {in_graphql(resource)} }} }}"
    )
    asked = [
        post(query, sort=_enum(sort), limit=limit, **({"filter": _camel(given)} if has else {}))
        for given in filters
    ]
    yield Kind(group, name, "graphql", full, tuple(asked))


def behind(
    group: str, name: str, resource: str, places: Sequence[tuple[Row, Row]], sort: str
) -> Iterator[Kind]:
    """A kind for each API: the page behind each row, of a list with each filter."""
    paths, asked = [], []
    has = resource in ("book", "order")
    query = (
        f"query ($sort: {resource.title()}Sort, $after: String"
        + (f", $filter: {resource.title()}Filter" if has else "")
        + f") {{ {resource}sConnection(sort: $sort, after: $after"
        f"{', filter: $filter' if has else ''}) "
        f"{{ edges {{ node {{ {in_graphql(resource)} }} }} pageInfo {{ endCursor }} }} }}"
    )
    for given, row in places:
        after = encode_cursor(sort, Position(_key(row, sort), row["id"]))
        paths.append(_rest_list(resource, {**given, "sort": sort, "after": after}))
        filters = {"filter": _camel(given)} if has else {}
        asked.append(post(query, sort=_enum(sort), after=after, **filters))
    yield Kind(group, name, "rest", PAGE, tuple(map(Wanted, paths)))
    # the connection, its pageInfo, and 20 edges with their nodes
    yield Kind(group, name, "graphql", 2 + 2 * PAGE, tuple(asked))


def _rest_list(resource: str, parameters: Row) -> str:
    return f"/{resource}s?{urlencode({**parameters, 'fields': ','.join(_MEMBERS[resource])})}"


def post(query: str, **variables: Any) -> Wanted:
    """A GraphQL operation."""
    return Wanted("/graphql", orjson.dumps({"query": query, "variables": variables}))


def _key(row: Row, sort: str) -> Any:
    name = sort.removeprefix("-")
    return round(row[name] * 100) if name in ("price", "total_amount") else row[name]


def in_graphql(resource: str) -> str:
    """The members that are asked for, as a query names them."""
    return " ".join(_camel(dict.fromkeys(_MEMBERS[resource])))


def _camel(given: Row) -> dict[str, Any]:
    def named(name: str) -> str:
        first, *others = name.split("_")
        return first + "".join(map(str.title, others))

    return {named(name): value for name, value in given.items()}


def _enum(sort: str) -> str:
    return f"{sort[1:]}_DESC".upper() if sort.startswith("-") else sort.upper()
