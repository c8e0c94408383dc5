"""A PostgreSQL that is reached and says nothing: nobody waits for it without an end."""

import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial

import psycopg
import pytest

from tests.concurrency.crowd import at_once
from tests.exchange import Client, Response
from tests.fixtures import Pair, running_pair
from tests.postgresql_cluster import Cluster, cluster
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

SPAN_S = 2.0  # that a request may take
LITTLE_S = 3.0  # beyond it, on a machine that is busy
CONNECTIONS = 2
CROWD = 3 * CONNECTIONS  # for each kind of request
ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}
MUTATION = {
    "query": "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 1, quantity: 1}]}) "
    "{ id } }"
}
QUERY = {"query": "{ book(id: 1) { title } }"}


@pytest.fixture(scope="module")
def running() -> Iterator[Cluster]:
    with cluster() as started:
        yield started


@pytest.fixture(scope="module")
def pair(running: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    settings = {"books": "30", "pool_size": str(CONNECTIONS), "request_timeout_s": str(SPAN_S)}
    folder = tmp_path_factory.mktemp("frozen")
    with running_pair(folder, database_url=running.url, **settings) as started:
        yield started


def timed(ask: partial[Response]) -> tuple[Response, float]:
    began = time.monotonic()
    return ask(), time.monotonic() - began


def code_of(response: Response) -> str | None:
    document = response.json
    if "errors" in document and "code" not in document:
        return str(document["errors"][0]["extensions"]["code"])
    return document.get("code") if isinstance(document, dict) else None


def requests(pair: Pair) -> list[partial[Response]]:
    """Reads and writes of both servers, several times as many as there are connections."""
    rest, graphql = (api.base_url for api in (pair.rest, pair.graphql))
    kinds = [
        partial(Client(rest).get, "/books/1"),
        partial(Client(rest).get, "/health"),
        partial(Client(rest).post, "/orders", ORDER),
        partial(Client(graphql).post, "/graphql", QUERY),
        partial(Client(graphql).post, "/graphql/dataloader", QUERY),
        partial(Client(graphql).get, "/health"),
        partial(Client(graphql).post, "/graphql", MUTATION),
    ]
    return kinds * CROWD


def check_that_all_are_told_in_time(pair: Pair) -> None:
    for response, took in at_once(*(partial(timed, ask) for ask in requests(pair))):
        assert response.status == 503, response
        assert code_of(response) == "TIMEOUT", response
        assert took < SPAN_S + LITTLE_S


def check_that_it_answers(pair: Pair) -> None:
    for ask in requests(pair):
        response = ask()
        assert response.status in (200, 201), response
        assert code_of(response) is None, response


def test_a_frozen_server_is_waited_for_no_longer_than_a_request_may_take(
    pair: Pair, running: Cluster
) -> None:
    check_that_it_answers(pair)
    with running.frozen():
        check_that_all_are_told_in_time(pair)  # over connections that are open
        check_that_all_are_told_in_time(pair)  # over those that would have to be opened
    wait_until(lambda: pair.rest.get("/health").status == 200, "REST has it again")
    wait_until(lambda: pair.graphql.get("/health").status == 200, "GraphQL has it again")
    check_that_it_answers(pair)


def test_the_wait_for_a_connection_counts(pair: Pair, running: Cluster) -> None:
    with closing(psycopg.connect(running.url)) as holder:
        holder.execute("LOCK TABLE book")
        for response, took in at_once(*(partial(timed, ask) for ask in requests(pair))):
            # Whoever needs no books may be answered, or may wait for a connection.
            assert response.status in (200, 503), response
            assert took < SPAN_S + LITTLE_S
        holder.rollback()
    check_that_it_answers(pair)


def test_what_was_given_up_is_ended_in_the_server_too(pair: Pair, running: Cluster) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with (
        closing(psycopg.connect(running.url)) as holder,
        psycopg.connect(running.url, autocommit=True) as looking,
    ):
        holder.execute("LOCK TABLE book")
        assert pair.rest.get("/books/1").status == 503
        wait_until(lambda: looking.execute(waiting).fetchone() == (0,), "nobody waits for the lock")


def test_readers_go_on_while_writers_wait(pair: Pair, running: Cluster) -> None:
    with closing(psycopg.connect(running.url)) as holder:
        holder.execute("SELECT * FROM customer FOR UPDATE")
        rest, graphql = (api.base_url for api in (pair.rest, pair.graphql))
        rename = {"query": 'mutation { updateCustomer(id: 1, input: {name: "X"}) { id } }'}
        patch = partial(Client(rest).request, "PATCH", "/customers/1", json_body={"name": "X"})
        writes = [patch, partial(Client(graphql).post, "/graphql", rename)] * CROWD

        def read(client: Client) -> float:
            longest = 0.0
            ends = time.monotonic() + SPAN_S
            while time.monotonic() < ends:
                asked = partial(client.get, "/books/1")
                if client.base_url == graphql:
                    asked = partial(client.post, "/graphql", QUERY)
                response, took = timed(asked)
                assert response.status == 200, response
                longest = max(longest, took)
            return longest

        reads = [partial(read, Client(rest)), partial(read, Client(graphql))]
        *answers, of_rest, of_graphql = at_once(*writes, *reads)
        assert {answer.status for answer in answers} == {503}
        holder.rollback()
    assert of_rest < SPAN_S
    assert of_graphql < SPAN_S
