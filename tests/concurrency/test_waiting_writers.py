"""Another process holds SQLite's write lock: who writes waits, and who reads does not."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import pytest

from tests.concurrency.crowd import at_once
from tests.exchange import Client
from tests.fixtures import Pair, running_pair
from tests.waiting import wait_until

WRITERS = 40  # more than there are threads in any of them
HELD_S = 3.0
PAUSE_S = 0.02  # between two reads: that they are many is not what matters
# That a read may take: a good part of what it would take if it waited for a writer.
READ_S = 1.5
ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}
MUTATION = {
    "query": "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 1, quantity: 1}]}) "
    "{ id } }"
}
READS: dict[str, list[tuple[str, object]]] = {
    "rest": [("/books/2", None), ("/ping", None)],
    "graphql": [
        ("/graphql", {"query": "{ book(id: 2) { title } }"}),
        ("/graphql/dataloader", {"query": "{ book(id: 2) { title author { name } } }"}),
        ("/ping", None),
    ],
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with running_pair(tmp_path_factory.mktemp("waiting-writers"), books="30") as started:
        yield started


def longest_read(client: Client, path: str, body: object) -> float:
    longest, ends = 0.0, time.monotonic() + HELD_S
    while time.monotonic() < ends:
        began = time.monotonic()
        response = client.post(path, body) if body else client.get(path)
        longest = max(longest, time.monotonic() - began)
        time.sleep(PAUSE_S)
        assert response.status == 200, response
        assert "errors" not in response.json
    return longest


@pytest.mark.slow
@pytest.mark.parametrize("api", ["rest", "graphql"])
def test_who_reads_does_not_wait_for_those_who_wait_to_write(pair: Pair, api: str) -> None:
    place = {
        "rest": lambda: Client(pair.rest.base_url).post("/orders", ORDER),
        "graphql": lambda: Client(pair.graphql.base_url).post("/graphql", MUTATION),
    }
    address = pair.rest.base_url if api == "rest" else pair.graphql.base_url
    writes = [place[api]] * WRITERS
    reads = [partial(longest_read, Client(address), path, body) for path, body in READS[api]]

    def hold() -> None:
        with closing(sqlite3.connect(pair.database, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            time.sleep(HELD_S)  # the time that others wait
            holder.execute("ROLLBACK")

    def goes_on() -> bool:
        _, *answers = at_once(hold, *writes, *reads)
        # Those that waited have their turn, or are told that they took too long.
        assert {answer.status for answer in answers[: len(writes)]} <= {200, 201, 503}
        return max(answers[len(writes) :]) < READ_S  # a busy machine may hold up some attempts

    wait_until(goes_on, "reads are answered while writes wait")
