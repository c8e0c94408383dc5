"""Several processes of each server over one bookstore: who answers, who dies, who is left."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from launcher.server import Server
from tests.concurrency.crowd import at_once
from tests.exchange import Client, Response
from tests.fixtures import Pair, running_pair
from tests.launcher.launched import started_by
from tests.selection import slow
from tests.streams import (
    WATCH,
    EventSource,
    move,
    new_order,
    path_of,
    socket_to,
    subscription_path,
)
from tests.waiting import LIMIT_S, wait_until

WORKERS = 2
BOOK = "/books/1"
QUERY = "{ book(id: 1) { title } }"
STATUSES = ["paid", "shipped", "delivered"]

APIS = pytest.mark.parametrize("api", ["rest", "graphql"])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers of two workers each, whose workers tests may end."""
    folder = tmp_path_factory.mktemp("workers")
    with running_pair(folder, books="30", workers=str(WORKERS)) as running:
        yield running


def server_of(pair: Pair, api: str) -> Server:
    return pair.servers.rest if api == "rest" else pair.servers.graphql


def workers_of(pair: Pair, api: str) -> set[int]:
    return set(started_by(server_of(pair, api).process.pid))


def who_has(port: int, client_port: int, among: set[int]) -> set[int]:
    """The processes that have the server's end of a connection open."""
    local, remote = (f":{number:04X}" for number in (port, client_port))
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    sockets = {f"socket:[{row[9]}]" for row in rows if row[1][8:] == local and row[2][8:] == remote}
    found = set()
    for pid in among:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(FileNotFoundError):
                if str(descriptor.readlink()) in sockets:
                    found.add(pid)
    return found


def answering(pair: Pair, api: str) -> int:
    """The worker that answers a new connection."""
    port = int(getattr(pair, api).base_url.rpartition(":")[2])
    connection = HTTPConnection("127.0.0.1", port, timeout=LIMIT_S)
    try:
        connection.request("GET", "/ping")
        connection.getresponse().read()
        (pid,) = who_has(port, connection.sock.getsockname()[1], workers_of(pair, api))
        return pid
    finally:
        connection.close()


def all_answer(pair: Pair, api: str) -> None:
    """Wait until there are as many workers as there should be, and each has answered."""
    wait_until(lambda: len(workers_of(pair, api)) == WORKERS, "all workers are there")
    seen: set[int] = set()

    def each_has_answered() -> bool:
        seen.add(answering(pair, api))
        return seen == workers_of(pair, api)

    wait_until(each_has_answered, "each worker has answered")


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="who answers is seen by /proc")
@APIS
def test_each_of_the_workers_answers(pair: Pair, api: str) -> None:
    all_answer(pair, api)


def ask(pair: Pair, api: str) -> Response:
    """Over a connection of its own."""
    client = Client(getattr(pair, api).base_url)
    try:
        return client.get(BOOK) if api == "rest" else client.post("/graphql", {"query": QUERY})
    finally:
        client.close()


@pytest.mark.parametrize("api", [*slow("rest"), "graphql"])
def test_a_worker_that_dies_is_replaced_and_requests_go_on(pair: Pair, api: str) -> None:
    parent = server_of(pair, api).process
    for _ in range(3):  # more often than a crash loop may take
        before = workers_of(pair, api)
        assert len(before) == WORKERS
        os.kill(min(before), signal.SIGKILL)
        with suppress(OSError):  # what the worker had accepted is lost with it
            assert ask(pair, api).status == 200

        def is_replaced(gone: int = min(before)) -> bool:
            return len(workers_of(pair, api) - {gone}) == WORKERS

        wait_until(is_replaced, "there is another worker")
    for worker in workers_of(pair, api):  # all at once
        os.kill(worker, signal.SIGKILL)

    def answers() -> bool:
        with suppress(OSError):
            return ask(pair, api).status == 200
        return False

    wait_until(answers, "the server answers again")
    all_answer(pair, api)
    assert parent.poll() is None


def test_what_one_worker_writes_another_reads_at_once(pair: Pair) -> None:
    for number in range(8):
        title = f"Title {number}"
        change = pair.rest.request("PATCH", BOOK, json_body={"title": title})
        assert change.status == 200
        assert ask(pair, "rest").json["title"] == title
        assert ask(pair, "graphql").json["data"]["book"]["title"] == title


def test_streams_of_all_workers_see_a_change_through_any(pair: Pair) -> None:
    order = new_order(pair.rest)
    with ExitStack() as ends:
        sources = [
            EventSource(client.base_url, path)
            for client, path in (
                (pair.rest, path_of(order)),
                (pair.graphql, subscription_path(order)),
            )
            for _ in range(4)
        ]
        for source in sources:
            ends.callback(source.close)
        sockets = [ends.enter_context(socket_to(pair.graphql.base_url)) for _ in range(4)]
        for socket in sockets:
            socket.start(WATCH, order=order)
        for number, status in enumerate(STATUSES):
            move(pair, order, status, "graphql" if number % 2 else "rest")
            assert {status_of(source.next().json) for source in sources} == {status}
            assert {socket.event()["status"] for socket in sockets} == {status}


def status_of(event: Any) -> str:
    found: str = event.get("status") or event["data"]["orderStatusChanged"]["status"]
    return found


def test_a_worker_that_does_not_know_a_persisted_query_asks_for_it(pair: Pair) -> None:
    query = "query Kept { book(id: 2) { title } }"
    digest = {"version": 1, "sha256Hash": sha256(query.encode()).hexdigest()}
    body = {"extensions": {"persistedQuery": digest}}
    for _ in range(10):
        client = Client(pair.graphql.base_url)  # a connection of its own: to any worker
        answer = client.post("/graphql", body).json
        if "errors" in answer:
            assert answer["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
            answer = client.post("/graphql", {**body, "query": query}).json
        assert list(answer) == ["data"]
        client.close()


def test_a_key_places_one_order_through_whatever_worker(pair: Pair) -> None:
    order = {"customer_id": 1, "items": [{"book_id": 30, "quantity": 1}]}

    def place() -> int:
        client = Client(pair.rest.base_url)
        key = {"Idempotency-Key": "through-any-worker"}
        answer = client.request("POST", "/orders", json_body=order, headers=key)
        client.close()
        assert answer.status == 201, answer
        placed: int = answer.json["id"]
        return placed

    assert len(set(at_once(*[place] * 8))) == 1
