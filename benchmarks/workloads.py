"""What is asked of the servers."""

from dataclasses import dataclass
from typing import Any

import orjson

POINT = "{ book(id: 77) { title price } }"
HISTORY = "{ customer(id: 2) { name orders { orderDate items { quantity book { title } } } } }"


@dataclass(frozen=True)
class Workload:
    """One request to one server, over and over.

    Attributes:
        name: unique, e.g. `rest point`.
        server: which of the servers that run.
        path: with its query string.
        query: a GraphQL operation, sent by POST; None is a GET.
    """

    name: str
    server: str
    path: str
    query: str | None = None

    @property
    def body(self) -> bytes | None:
        """The request's body."""
        return None if self.query is None else orjson.dumps({"query": self.query})


@dataclass(frozen=True)
class Ratio:
    """One workload's requests per second by another's, and the least that it should be."""

    name: str
    of: str
    to: str
    target: float | None = None


WORKLOADS = (
    Workload("REST /ping", "rest", "/ping"),
    Workload("REST point", "rest", "/books/77"),
    Workload("bare Flask constant", "flask_constant", "/ping"),
    Workload("GraphQL /ping", "graphql", "/ping"),
    Workload("GraphQL point", "graphql", "/graphql", POINT),
    Workload("planned GraphQL point", "graphql", "/graphql/planned", POINT),
    Workload("plain Strawberry point", "strawberry_plain", "/graphql", POINT),
    Workload("GraphQL order history", "graphql", "/graphql", HISTORY),
    Workload("planned GraphQL order history", "graphql", "/graphql/planned", HISTORY),
    Workload("plain Strawberry order history", "strawberry_plain", "/graphql", HISTORY),
)

RATIOS = (
    Ratio("REST point read to its floor", "REST point", "REST /ping", 0.55),
    Ratio("REST floor to a bare Flask constant", "REST /ping", "bare Flask constant"),
    Ratio("GraphQL point to its floor", "GraphQL point", "GraphQL /ping"),
    Ratio("GraphQL point to plain Strawberry", "GraphQL point", "plain Strawberry point", 3.0),
    Ratio(
        "GraphQL order history to plain Strawberry",
        "GraphQL order history",
        "plain Strawberry order history",
        2.0,
    ),
    Ratio(
        "planned GraphQL point to plain Strawberry",
        "planned GraphQL point",
        "plain Strawberry point",
    ),
    Ratio(
        "planned GraphQL order history to plain Strawberry",
        "planned GraphQL order history",
        "plain Strawberry order history",
    ),
)


def answer_of(body: bytes) -> Any:
    """The decoded answer.

    Raises:
        ValueError: it is an error, which must not count as a fast answer.
    """
    answer = orjson.loads(body)
    if isinstance(answer, dict) and answer.get("errors"):
        raise ValueError(f"the answer is an error: {body[:200]!r}")
    return answer
