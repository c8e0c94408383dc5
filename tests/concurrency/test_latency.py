"""With a database that is far away, requests overlap, and nobody waits who need not.

A busy machine may hold up some attempts; where requests wait for each other, all attempts fail.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median

import pytest

from tests.concurrency.conftest import LATENCY_MS
from tests.concurrency.crowd import at_once
from tests.exchange import Client, Response
from tests.fixtures import Pair
from tests.waiting import wait_until

LATENCY = LATENCY_MS / 1000
CLIENTS = 16
POINT = {"query": "{ book(id: 1) { title } }"}
DEEP = {"query": "{ customer(id: 1) { orders { items { book { author { name } } } } } }"}
DEEP_PATH = "/customers/1?fields=orders.items.book.author.name"
LEVELS = 5  # statements of each of the two

APIS = pytest.mark.parametrize("api", ["rest", "graphql"])


def client(pair: Pair, api: str) -> Client:
    return pair.rest if api == "rest" else pair.graphql


def point(pair: Pair, api: str) -> Response:
    return pair.rest.get("/books/1") if api == "rest" else pair.graphql.post("/graphql", POINT)


def deep(pair: Pair, api: str) -> Response:
    return pair.rest.get(DEEP_PATH) if api == "rest" else pair.graphql.post("/graphql", DEEP)


def database_seconds(response: Response) -> float:
    entry = response.headers["server-timing"].partition("db;dur=")[2]
    return float(entry.partition(";")[0]) / 1000


@APIS
def test_every_statement_takes_longer(slow_pair: Pair, api: str) -> None:
    response = deep(slow_pair, api)
    assert response.statements == LEVELS
    assert database_seconds(response) >= LEVELS * LATENCY


@APIS
def test_requests_overlap(slow_pair: Pair, api: str) -> None:
    def overlap() -> bool:
        start = time.perf_counter()
        answers = at_once(*(partial(point, slow_pair, api) for _ in range(CLIENTS)))
        took = time.perf_counter() - start
        assert {answer.status for answer in answers} == {200}
        one_after_the_other = sum(map(database_seconds, answers))
        assert one_after_the_other >= CLIENTS * LATENCY
        return took < one_after_the_other / 2

    wait_until(overlap, "they take half of what they take in turn")


def test_requests_to_both_servers_overlap(slow_pair: Pair) -> None:
    jobs = [partial(deep, slow_pair, api) for api in ("rest", "graphql") for _ in range(4)]

    def overlap() -> bool:
        start = time.perf_counter()
        answers = at_once(*jobs)
        return time.perf_counter() - start < sum(map(database_seconds, answers)) / 2

    wait_until(overlap, "they take half of what they take in turn")


@APIS
def test_a_request_without_statements_waits_for_nobody(slow_pair: Pair, api: str) -> None:
    """While deep requests wait for the database, pings come and go: the loop is not blocked."""

    def go_on() -> bool:
        pings = []
        with ThreadPoolExecutor() as threads:
            loads = [threads.submit(deep, slow_pair, api) for _ in range(4)]
            while not all(load.done() for load in loads):
                start = time.perf_counter()
                assert client(slow_pair, api).get("/ping").status == 200
                pings.append(time.perf_counter() - start)
        assert [load.result().status for load in loads] == [200] * 4
        # A ping takes about a millisecond; one that waits for a statement takes a hundred.
        return median(pings) < LATENCY / 2

    wait_until(go_on, "pings are answered meanwhile")


@APIS
def test_reads_do_not_wait_for_a_write(slow_pair: Pair, api: str) -> None:
    """A write holds the database for several statements; who reads meanwhile is not held up."""
    order = {"customer_id": 1, "items": [{"book_id": 20, "quantity": 1}]}
    mutation = {
        "query": "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 20, quantity: 1}]})"
        " { id items { quantity } } }"
    }

    def write() -> Response:
        if api == "rest":
            return slow_pair.rest.post("/orders", order)
        return slow_pair.graphql.post("/graphql", mutation)

    def go_on() -> bool:
        reads = 0
        with ThreadPoolExecutor() as threads:
            written = threads.submit(write)
            while not written.done():
                assert point(slow_pair, api).status == 200
                reads += 1
        assert written.result().status in (200, 201)
        assert "errors" not in written.result().json
        assert database_seconds(written.result()) >= 4 * LATENCY
        return reads >= 2

    wait_until(go_on, "reads are answered meanwhile")


def test_side_by_side_fields_of_one_query_overlap(slow_pair: Pair) -> None:
    """Two roots of one query need not wait for each other."""
    query = {"query": "{ a: author(id: 1) { name } b: book(id: 1) { title } }"}

    def overlap() -> bool:
        response = slow_pair.graphql.post("/graphql", query)
        assert response.statements == 2
        total = response.headers["server-timing"].partition("total;dur=")[2].partition(",")[0]
        return float(total) / 1000 < database_seconds(response)

    wait_until(overlap, "they take less than in turn")
