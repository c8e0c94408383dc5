"""What runs side by side: nothing that waits may hold up the event loop."""

import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from tests.graphql.process import CREATE, HISTORY, Server
from tests.server_process import starting
from tests.waiting import wait_until

DELAY = 0.25  # s, of each statement on the server that has one


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server that no test ends."""
    with starting(Server) as started:
        yield started()


@pytest.fixture(scope="module")
def delayed() -> Iterator[Server]:
    """One whose every statement takes its time."""
    with starting(Server) as started:
        yield started(db_latency_ms=DELAY * 1_000)


@pytest.mark.parametrize("path", ["/graphql", "/graphql/unbatched"])
def test_requests_wait_for_the_database_side_by_side(delayed: Server, path: str) -> None:
    requests = 8
    query = "{ author(id: 1) { books(limit: 1) { title } } }"  # 2 statements

    def overlap() -> bool:
        since = time.monotonic()
        with ThreadPoolExecutor(requests) as pool:
            answers = list(pool.map(lambda _: delayed.ask(query, path), range(requests)))
        took = time.monotonic() - since
        assert {answer.statements for answer in answers} == {2}
        assert took >= 2 * DELAY
        return took < DELAY * requests

    wait_until(overlap, "they take half of what they take in turn")


def test_the_textbook_endpoint_asks_for_many_things_at_once(delayed: Server) -> None:
    query = "{ authors(limit: 20) { books(limit: 1) { id } } }"

    def overlap() -> bool:
        since = time.monotonic()
        assert delayed.ask(query, "/graphql/unbatched").statements == 21
        return time.monotonic() - since < DELAY * 21 / 2

    wait_until(overlap, "they take half of what they take in turn")


def test_a_delay_does_not_block_the_event_loop(delayed: Server) -> None:
    def goes_on() -> bool:
        pings = 0
        with ThreadPoolExecutor() as pool:
            answer = pool.submit(delayed.ask, HISTORY)
            while not answer.done():
                assert delayed.client.get("/ping").status == 200
                pings += 1
            assert answer.result().statements == 4
        return pings > 20  # one or two for each statement where the loop waits for it

    wait_until(goes_on, "pings are answered meanwhile")


@pytest.mark.slow
def test_a_write_that_waits_for_another_does_not_block_the_event_loop(plain: Server) -> None:
    with closing(sqlite3.connect(plain.folder / "bookstore.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        with ThreadPoolExecutor() as pool:
            answer = pool.submit(plain.ask, CREATE)
            for _ in range(20):
                assert plain.ask(HISTORY).statements == 4
            assert not answer.done()
            other.rollback()
            assert answer.result().json["data"]["createAuthor"]["name"] == "A"
