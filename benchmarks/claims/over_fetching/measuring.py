"""Measures each step from a REST server that answers with all it has to one that is asked alike."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.claims.over_fetching.results import (
    ALL_ROWS,
    DATALOADER,
    FIELDS,
    PLANNED,
    REFUSED,
    SAME_FIELDS,
    SAME_INDEX,
    SAME_PAGE,
    OverFetchingResults,
    Samples,
    answers_of,
)
from benchmarks.claims.over_fetching.users import Asked, answer, by_many, by_one, connected
from benchmarks.claims.servers import serving
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.measuring.timing import interleaved
from launcher.affinity import Affinity, affinity, held_on
from launcher.ports import LOOPBACK, base_url
from launcher.processes import ServerPair
from shared.config import read_settings
from shared.serving.bookstore import open_bookstore

PAGE = 20
QUERY = f"{{ books(sort: PUBLICATION_DATE_DESC, limit: {PAGE}) {{ id title }} }}"
# As a query for plain lists is answered by a schema of connections, or the other way round.
UNFITTING = QUERY.replace("limit", "first")
_SORTED = "sort=-publication_date"
_MODULE = "benchmarks.claims.over_fetching.naive_rest"
_SEED = "over-fetching"


@dataclass(frozen=True)
class Effort:
    """How much is measured of each server; see `OverFetchingResults`.

    With so many rows that the users wait for each other where all of them are answered, as in the
    benchmark that the claim is from.
    """

    rows: int = 4_000
    users: int = 50
    pause_s: float = 1.0
    seconds: float = 3.0
    rounds: int = 2
    alone: int = 20


def measure(
    effort: Effort | None = None, tell: Callable[[str], object] = str
) -> OverFetchingResults:
    """Start all servers over one bookstore, and ask one after the other.

    Args:
        effort: how much; None for what is published.
        tell: called with a line for each round.

    Raises:
        NotStarted, NotHealthy, ServerEnded: a server does not start, or has ended.
        LoadFailed: one was not answered well, or the same is not shown by all.
    """
    effort = effort or Effort()
    held = affinity()
    with _running(effort.rows, held) as asked, held_on(held and held.client):
        bodies = {name: _body(one) for name, one in asked.items()}
        rows = _check_same(bodies)
        alone = {name: by_one(one, effort.alone) for name, one in asked.items()}
        loaded: dict[str, list[float]] = {name: [] for name in asked}
        per_s: dict[str, list[float]] = {name: [] for name in asked}
        for turn, name in enumerate(interleaved(list(asked), effort.rounds, _SEED)):
            if turn % len(asked) == 0:
                tell(f"over-fetching: round {turn // len(asked) + 1} of {effort.rounds}")
            found = by_many(asked[name], effort.users, effort.pause_s, effort.seconds)
            loaded[name] += found.times
            per_s[name].append(found.per_s)
    samples = {
        name: Samples(len(bodies[name]), alone[name], loaded[name], per_s[name]) for name in asked
    }
    return OverFetchingResults(
        servers=answers_of(samples, _SEED),
        users=effort.users,
        pause_s=effort.pause_s,
        seconds=effort.seconds,
        rounds=effort.rounds,
        rows=rows,
        page=PAGE,
    )


@contextmanager
def _running(rows: int, held: Affinity | None) -> Iterator[dict[str, Asked]]:
    """What is asked of whom, by the names of the results; all serve on one half of the cores."""
    instance = f"over-fetching-{os.getpid()}"
    environment = {"BOOKSTORE_INSTANCE": instance, "BOOKSTORE_BOOKS": str(rows)}
    processors = held and held.servers
    with ExitStack() as stack:
        pair = stack.enter_context(ServerPair(environment=environment, processors=processors))
        bookstore = open_bookstore(read_settings(instance=instance, books=rows))
        stack.callback(bookstore.close)
        indexed = Path(bookstore.database.engine.url.database or "")
        plain = Path(stack.enter_context(TemporaryDirectory())) / "books.db"
        copy_without_indexes(indexed, plain)
        naive, with_index = (
            base_url(
                LOOPBACK,
                stack.enter_context(
                    serving("naive REST", [_MODULE, "--database", str(file)], {}, processors)
                ),
            )
            for file in (plain, indexed)
        )
        page = f"{_SORTED}&limit={PAGE}"
        yield {
            REFUSED: _query(f"{pair.graphql_url}/graphql/dataloader", UNFITTING),
            DATALOADER: _query(f"{pair.graphql_url}/graphql/dataloader", QUERY),
            PLANNED: _query(f"{pair.graphql_url}/graphql", QUERY),
            ALL_ROWS: Asked(f"{naive}/books"),
            SAME_PAGE: Asked(f"{naive}/books?limit={PAGE}"),
            SAME_FIELDS: Asked(f"{naive}/books?limit={PAGE}&fields=id,title"),
            SAME_INDEX: Asked(f"{with_index}/books?limit={PAGE}&fields=id,title"),
            FIELDS: Asked(f"{pair.rest_url}/books?{page}&fields=id,title"),
        }


def copy_without_indexes(database: Path, copy: Path) -> None:
    """Copy a SQLite file; of its indexes, only those that its tables' constraints need stay."""
    with closing(sqlite3.connect(database)) as from_, closing(sqlite3.connect(copy)) as to:
        from_.backup(to)
        made = to.execute("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
        for (name,) in made.fetchall():
            to.execute(f'DROP INDEX "{name}"')
        to.commit()


def _query(url: str, query: str) -> Asked:
    return Asked(url, json.dumps({"query": query}).encode())


def _body(asked: Asked) -> bytes:
    with connected(asked) as connection:
        return answer(asked, connection)[0]


def _check_same(bodies: Mapping[str, bytes]) -> int:
    """Check that all show the same books; how many rows there are."""
    if "errors" not in json.loads(bodies[REFUSED]):
        raise LoadFailed(f"{UNFITTING} was to be refused")
    shown = {name: _shown(name, body) for name, body in bodies.items() if name != REFUSED}
    for name, books in shown.items():
        if books[:PAGE] != shown[DATALOADER] or (name != ALL_ROWS and len(books) != PAGE):
            raise LoadFailed(f"{name} does not show the books that {DATALOADER} shows")
    return len(shown[ALL_ROWS])


def _shown(name: str, body: bytes) -> list[tuple[int, str]]:
    """The ids and titles."""
    told = json.loads(body)
    books = told["data"]["books"] if name in (DATALOADER, PLANNED) else told
    return [(book["id"], book["title"]) for book in books]
