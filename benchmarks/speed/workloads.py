"""What is asked of the servers, of whom, and what is to come out."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

import orjson

OURS: Final = "ours"
PLANNED: Final = "planned"
FLOORS: Final = "Floor constant answer"

FLASK, FASTAPI, FASTAPI_ROWS = "Flask + ORM", "FastAPI + ORM", "FastAPI, no ORM"
STRAWBERRY, ARIADNE = "Strawberry", "Ariadne"
STRAWBERRY_CACHED, ARIADNE_CACHED = "Strawberry, caches", "Ariadne, caches"
APOLLO, YOGA, MERCURIUS = "Apollo", "Yoga", "Mercurius"

REST: Final = {
    "REST point": "/books/77",
    "REST list of 20": "/books",
    "REST list of 100": "/books?limit=100",
    "REST order history": (
        "/customers/2?fields=name,orders.order_date,orders.items.quantity,orders.items.book.title"
    ),
}
# The same answer from a server without `fields`.
PEERS_PATHS: Final = {"REST order history": "/customers/2/history"}

GRAPHQL: Final = {
    "GraphQL point": "{ book(id: 77) { title price } }",
    "GraphQL list of 20": "{ books { id title price } }",
    "GraphQL list of 100": (
        "{ books(limit: 100) "
        "{ id title isbn price publicationDate genre description stock authorId } }"
    ),
    "GraphQL author page": "{ author(id: 2) { name email books { title price genre } } }",
    "GraphQL order history": (
        "{ customer(id: 2) { name orders { orderDate items { quantity book { title } } } } }"
    ),
}


@dataclass(frozen=True)
class Turn:
    """One request to one server, over and over.

    Attributes:
        workload: e.g. `REST point`; whoever takes part in it gives the same answer.
        contestant: who answers, e.g. `Flask + ORM`.
        server: which of the servers that run (see `servers`).
        path: with its query string.
        query: a GraphQL operation, sent by POST; None is a GET.
    """

    workload: str
    contestant: str
    server: str
    path: str
    query: str | None = None

    @property
    def name(self) -> str:
        """Unique, e.g. `REST point: ours`."""
        return named(self.workload, self.contestant)

    @property
    def body(self) -> bytes | None:
        """The request's body."""
        return None if self.query is None else orjson.dumps({"query": self.query})


@dataclass(frozen=True)
class Ratio:
    """One turn's requests per second by another's, by their names, and what it should be.

    Attributes:
        of: the name of a turn; likewise `to`.
        to: what it is divided by.
        target: the least that it should be; None where it is only shown.
    """

    of: str
    to: str
    target: float | None = None


def named(workload: str, contestant: str) -> str:
    """The name of a turn."""
    return f"{workload}: {contestant}"


def _turns() -> Iterable[Turn]:
    for name, server in _FLOORS.items():
        yield Turn(FLOORS, name, server, "/ping")
    for workload, path in REST.items():
        yield Turn(workload, OURS, "rest", path)
        for name, server in _REST_PEERS.items():
            yield Turn(workload, name, server, PEERS_PATHS.get(workload, path))
    for workload, query in GRAPHQL.items():
        for name, path in _ENDPOINTS.items():
            yield Turn(workload, name, "graphql", path, query)
        for name, server in _GRAPHQL_PEERS.items():
            yield Turn(workload, name, server, "/graphql", query)


def _ratios() -> Iterable[Ratio]:
    for workload in REST:
        for peer in _REST_PEERS:
            target = _REST_TARGETS[peer] if workload == "REST point" else None
            yield Ratio(named(workload, OURS), named(workload, peer), target)
    for workload in GRAPHQL:
        for other in (*_ENDPOINTS, *_GRAPHQL_PEERS):
            if other != PLANNED:
                target = _GRAPHQL_TARGETS.get(other)
                yield Ratio(named(workload, PLANNED), named(workload, other), target)
    for of, to, target in _TO_FLOORS:
        yield Ratio(of, to, target)


# Each Python peer is served as ours of the same kind, and beside it stands what that server does
# with no framework, and with its own.
_FLOORS = {
    "our REST /ping": "rest",
    "Flask on Granian": "flask_orm",
    "bare WSGI on Granian": "bare_wsgi",
    "our GraphQL /ping": "graphql",
    "FastAPI on uvicorn": "fastapi_orm",
    "bare ASGI on uvicorn": "bare_asgi",
    "Fastify on Node": "mercurius",
    "bare Node": "constant",
}
_REST_PEERS = {FLASK: "flask_orm", FASTAPI: "fastapi_orm", FASTAPI_ROWS: "fastapi_rows"}
_ENDPOINTS = {
    PLANNED: "/graphql",
    "dataloader": "/graphql/dataloader",
    "unbatched": "/graphql/unbatched",
}
_GRAPHQL_PEERS = {
    STRAWBERRY: "strawberry_plain",
    STRAWBERRY_CACHED: "strawberry_cached",
    ARIADNE: "ariadne_loaders",
    ARIADNE_CACHED: "ariadne_cached",
    APOLLO: "apollo",
    YOGA: "yoga",
    MERCURIUS: "mercurius",
}
_REST_TARGETS = {FLASK: 2.5, FASTAPI: 1.3, FASTAPI_ROWS: 1.3}
_GRAPHQL_TARGETS = {STRAWBERRY: 4.0, ARIADNE: 4.0, APOLLO: 1.0, YOGA: 1.0}
_TO_FLOORS = (
    (named("REST point", OURS), named(FLOORS, "our REST /ping"), None),
    (named("GraphQL point", PLANNED), named(FLOORS, "our GraphQL /ping"), None),
    (named(FLOORS, "our REST /ping"), named(FLOORS, "Flask on Granian"), None),
    (named(FLOORS, "our REST /ping"), named(FLOORS, "bare WSGI on Granian"), None),
    (named(FLOORS, "our GraphQL /ping"), named(FLOORS, "FastAPI on uvicorn"), None),
    (named(FLOORS, "our GraphQL /ping"), named(FLOORS, "bare ASGI on uvicorn"), None),
)

# With all cores free: the p99, in ms, that REST should keep under, and how many times GraphQL's.
TAIL_MS: Final = 6.0
TAIL_BY_GRAPHQL: Final = 2.0
TAILS: Final = {"REST point": "GraphQL point", "REST list of 20": "GraphQL list of 20"}

TURNS: Final = tuple(_turns())
RATIOS: Final = tuple(_ratios())


def chosen(words: Iterable[str]) -> list[Turn]:
    """The turns whose names have one of the words; all, where there are none.

    Raises:
        ValueError: a word is in no name.
    """
    words = [word.lower() for word in words]
    for word in words:
        if not any(word in turn.name.lower() for turn in TURNS):
            known = ", ".join(dict.fromkeys(turn.workload for turn in TURNS))
            raise ValueError(
                f"no workload or contestant has {word!r} in its name; there are {known}"
            )
    return [turn for turn in TURNS if not words or any(word in turn.name.lower() for word in words)]


def as_users_run_them(turns: Iterable[Turn]) -> list[Turn]:
    """Those that are measured with all cores free, too: of our servers, each as it is meant."""
    return [
        turn
        for turn in turns
        if turn.server in ("rest", "graphql")
        and (turn.workload == FLOORS or turn.contestant in (OURS, PLANNED))
    ]


def data_of(body: bytes) -> Any:
    """What an answer has to say: its JSON, without what GraphQL puts around it.

    Raises:
        ValueError: it is an error, which must not count as a fast answer.
    """
    answer = orjson.loads(body)
    if isinstance(answer, dict) and "errors" in answer:
        raise ValueError(f"the answer is an error: {body[:200]!r}")
    return answer["data"] if isinstance(answer, dict) and "data" in answer else answer
