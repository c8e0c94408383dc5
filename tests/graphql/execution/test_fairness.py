"""What takes long does not run on the event loop that answers everybody."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from benchmarks.fairness.attacks import ATTACKS, Attack
from graphql_api.app import create_app
from graphql_api.planning import plan
from graphql_api.resolving import loaders
from graphql_api.validation import documents
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.storage import connections
from tests.fixtures import ENDPOINTS
from tests.graphql.client import JSON, AppClient

SENT = {a.name: a for a in ATTACKS if a.server == "graphql"}
EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)
Threads = dict[str, list[int]]


@pytest.fixture
def threads(monkeypatch: pytest.MonkeyPatch) -> Threads:
    """In which threads documents are parsed, validated and planned, and statements run."""
    found: Threads = {"parse": [], "validate": [], "Plan": [], "_run": []}

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def note(*given: Any, **named: Any) -> Any:
            found[name].append(threading.get_ident())
            return function(*given, **named)

        return note

    monkeypatch.setattr(documents, "parse", noted("parse", documents.parse))
    monkeypatch.setattr(documents, "validate", noted("validate", documents.validate))
    monkeypatch.setattr(plan.Selecting, "roots", noted("Plan", plan.Selecting.roots))
    run = connections.Connection._run
    monkeypatch.setattr(connections.Connection, "_run", noted("_run", run))
    return found


@pytest.mark.parametrize("attack", SENT.values(), ids=list(SENT))
def test_nothing_long_runs_on_the_loop(client: AppClient, attack: Attack, threads: Threads) -> None:
    request = next(attack.requests(7))
    assert request.body
    client.request("POST", request.path, [request.body], JSON)
    assert threading.get_ident() not in {one for each in threads.values() for one in each}


@EACH_PATH
def test_what_is_short_and_known_runs_on_the_loop(
    client: AppClient, path: str, threads: Threads
) -> None:
    query = f"query Known{path.count('d')}{len(path)} {{ books(limit: 3) {{ title }} }}"
    assert client.data(query, path)
    assert threads["parse"]
    threads["parse"].clear()
    threads["_run"].clear()
    assert client.data(query, path)
    assert threads["parse"] == []
    assert set(threads["_run"]) == {threading.get_ident()}


def test_a_search_among_many_books_runs_apart(bookstore: Bookstore, threads: Threads) -> None:
    query = "query($s: String!) { books(filter: {search: $s}, sort: PRICE) { title } }"
    for books, on_loop in ((1_000, True), (100_000, False)):
        bookstore_of = _Of(bookstore, books)
        client = AppClient(create_app(Settings(), bookstore_of))
        for search in ("the", "programming"):
            threads["_run"].clear()
            assert client.data(query, s=search)["books"]
        assert (threading.get_ident() in threads["_run"]) is on_loop


class _Of(Bookstore):
    """A bookstore that says that it has so many books."""

    def __init__(self, bookstore: Bookstore, books: int) -> None:
        self.__dict__.update(vars(bookstore))
        self.books = books


@pytest.mark.parametrize("path", ["/graphql/dataloader", "/graphql/unbatched"])
def test_others_are_answered_between_the_loads_of_one(
    client: AppClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "{ orders(limit: 30) { id items { quantity book { title author { name } } } } }"
    expected = client.data(query, path)  # 1,890 objects at most: short

    async def turns_of_the_loop() -> int:
        turns = 0
        asking = asyncio.create_task(client.exchange("POST", path, [BODY % query.encode()], JSON))
        while not asking.done():
            await asyncio.sleep(0)
            turns += 1
        assert asking.result().json["data"] == expected
        return turns

    def turns(loads_in_one: int) -> int:
        monkeypatch.setattr(loaders, "_A_TURN", loads_in_one)
        return asyncio.run(turns_of_the_loop())

    assert turns(1) > 2 * turns(10_000)


BODY = b'{"query": "%s"}'
