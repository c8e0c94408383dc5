"""Pages by cursors beside the plain lists, after Relay's "GraphQL Cursor Connections".

The cursors are those of REST's `after=`. What is resolved are plain dicts, as everywhere.
"""

from typing import Annotated, Generic, TypeVar

import strawberry

from shared import limits
from shared.reading.cursors import encode_cursor
from shared.reading.fetching import Record, Records
from shared.reading.listing import PageQuery

Node = TypeVar("Node")

First = Annotated[
    int, strawberry.argument(description=f"The most objects, from 1 to {limits.MAX_LIMIT}.")
]
After = Annotated[
    str | None,
    strawberry.argument(
        description="A cursor of the same list in the same order: only what lies behind it."
    ),
]


@strawberry.type(description="Where a page begins and ends.")
class PageInfo:
    """Where a page begins and ends, and whether others follow."""

    has_next_page: bool = strawberry.field(description="Whether something lies behind its end.")
    has_previous_page: bool = strawberry.field(description="Whether it begins behind a cursor.")
    start_cursor: str | None = strawberry.field(description="Of its first object, if any.")
    end_cursor: str | None = strawberry.field(
        description="Of its last object, if any: the next page's `after`."
    )


@strawberry.type(description="An object and its place in the list.")
class Edge(Generic[Node]):
    """An object of a page."""

    cursor: str = strawberry.field(description="Its place: `after` it, a page may begin.")
    node: Node = strawberry.field(description="The object.")


@strawberry.type(description="A page of a list, by cursors.")
class Connection(Generic[Node]):
    """A page of a list, with the cursors of its objects."""

    edges: list[Edge[Node]] = strawberry.field(description="The objects with their cursors.")
    page_info: PageInfo = strawberry.field(description="How the list goes on.")


def connection_of(query: PageQuery, found: Records) -> Record:
    """What a page by cursors has found, as a `Connection`."""
    sort = query.page.sort
    cursors = [encode_cursor(sort, position) for position in found.positions]
    return {
        "edges": [
            {"cursor": cursor, "node": record}
            for cursor, record in zip(cursors, found.records, strict=True)
        ],
        "page_info": {
            "has_next_page": found.more,
            "has_previous_page": bool(query.after),
            "start_cursor": cursors[0] if cursors else None,
            "end_cursor": cursors[-1] if cursors else None,
        },
    }
