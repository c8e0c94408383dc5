"""Many streams at once: requests are answered beside them, and who is gone makes room."""

import resource
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fixtures import Pair, running_pair
from tests.postgresql_cluster import shared_cluster
from tests.streams import (
    EVENTS,
    WATCH,
    EventSource,
    move,
    new_order,
    open_socket,
    path_of,
    socket_to,
    subscription_path,
)
from tests.waiting import LIMIT_S, wait_until
from tests.wire import HOST, Wire

BUDGET = 200
GONE_S = 10.0  # by when the place of a client that is gone must be free
ACCEPTS = b"Accept: text/event-stream\r\n"
PING = b"GET /ping HTTP/1.1\r\n" + HOST + b"\r\n"
STATUSES = ["paid", "shipped", "delivered"]

APIS = pytest.mark.parametrize("api", ["rest", "graphql"])


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers that take 200 streams each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(max(soft, 4 * BUDGET + 500), hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    folder = tmp_path_factory.mktemp("streams")
    with running_pair(folder, books="30", max_streams=str(BUDGET)) as running:
        yield running


@pytest.fixture(scope="module")
def small_pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two servers that take two streams each."""
    folder = tmp_path_factory.mktemp("two-streams")
    with running_pair(folder, books="30", max_streams="2") as running:
        yield running


def open_stream(pair: Pair, api: str, order: int) -> EventSource:
    if api == "rest":
        return EventSource(pair.rest.base_url, path_of(order))
    return EventSource(pair.graphql.base_url, subscription_path(order))


def statuses_of(source: EventSource, seen: list[str] | None = None) -> list[str]:
    """The statuses that a stream tells of until it ends, added to a list as they come."""
    seen = [] if seen is None else seen
    for sent in source:
        if sent.data:
            event = sent.json
            seen.append(event.get("status") or event["data"]["orderStatusChanged"]["status"])
    source.close()
    return seen


@APIS
def test_a_server_answers_beside_two_hundred_streams(pair: Pair, api: str) -> None:
    order = new_order(pair.rest)
    with ExitStack() as open_streams:
        sources = [open_stream(pair, api, order) for _ in range(BUDGET)]
        for source in sources:
            open_streams.callback(source.close)
        assert {source.status for source in sources} == {200}
        for _ in range(50):
            assert pair.rest.get("/books/1").status == 200
            assert pair.graphql.post("/graphql", {"query": "{ book(id: 1) { id } }"}).json == {
                "data": {"book": {"id": 1}}
            }
        one_more = open_stream(pair, api, order)
        open_streams.callback(one_more.close)
        assert one_more.status == 503
        assert int(one_more.answer.getheader("Retry-After") or 0) >= 1
        move(pair, order, "cancelled")
        with ThreadPoolExecutor(20) as threads:
            ends = list(
                threads.map(lambda source: [sent.json for sent in source if sent.data], sources)
            )
    assert [len(end) for end in ends] == [1] * BUDGET
    assert "cancelled" in str(ends[0])


def test_a_stream_above_the_budget_is_told_why(small_pair: Pair) -> None:
    order = new_order(small_pair.rest)
    for api, client, path in (
        ("rest", small_pair.rest, path_of(order)),
        ("graphql", small_pair.graphql, subscription_path(order)),
    ):
        sources = [open_stream(small_pair, api, order) for _ in range(2)]
        answer = client.request("GET", path, headers=EVENTS)
        assert answer.status == 503
        error = answer.json if api == "rest" else answer.json["errors"][0]["extensions"]
        assert error["code"] == "TOO_MANY_STREAMS"
        for source in sources:
            source.close()


@APIS
def test_who_is_gone_makes_room_also_with_another_request_behind(
    small_pair: Pair, api: str
) -> None:
    order = new_order(small_pair.rest)
    client = small_pair.rest if api == "rest" else small_pair.graphql
    path = path_of(order) if api == "rest" else subscription_path(order)
    port = urlsplit(client.base_url).port
    assert port

    def is_opened_and_left() -> bool:
        with Wire(port) as one:
            one.send(f"GET {path} HTTP/1.1\r\n".encode() + HOST + ACCEPTS + b"\r\n" + PING)
            return one.socket.recv(12) == b"HTTP/1.1 200"

    for _ in range(2):
        wait_until(is_opened_and_left, "the places of others are free")
    source = wait_until(lambda: _opened(small_pair, api, order), "there is room")
    source.close()


def _opened(pair: Pair, api: str, order: int) -> EventSource | None:
    source = open_stream(pair, api, order)
    if source.status == 200:
        return source
    source.close()
    return None


def test_subscriptions_are_counted_and_not_sockets(small_pair: Pair) -> None:
    order = new_order(small_pair.rest)
    with socket_to(small_pair.graphql.base_url) as socket:
        wait_until(lambda: _begins(socket, order), "the places of others are free")
        socket.start(WATCH, order=order)
        refused = socket.start(WATCH, order=order)
        message = socket.receive()
        assert (message["id"], message["type"]) == (refused, "error")
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_STREAMS"
        with socket_to(small_pair.graphql.base_url) as another:
            another.start("{ book(id: 1) { id } }")
            assert another.receive()["type"] == "next"


def _begins(socket: Any, order: int) -> bool:
    """Whether a subscription begins: it says nothing, and a query after it is answered first."""
    socket.start(WATCH, order=order)
    query = socket.start("{ book(id: 1) { id } }")
    message = socket.receive()
    if message["type"] == "error":
        assert socket.receive()["id"] == socket.receive()["id"] == query
        return False
    assert socket.receive() == {"id": query, "type": "complete"}
    return bool(message["id"] == query)


def _hold(base_url: str, path: str, headers: dict[str, str]) -> Callable[[], None]:
    connection = HTTPConnection(urlsplit(base_url).netloc, timeout=LIMIT_S)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    assert answer.read(1)  # it is open, and waits
    return lambda: (answer.close(), connection.close())[0]


def _hold_socket(pair: Pair, order: int) -> Callable[[], None]:
    socket = open_socket(pair.graphql.base_url)
    assert _begins(socket, order)
    return socket.drop


# To hold a place of the budget, and to be gone without a word.
WAYS: dict[str, Callable[[Pair, int], Callable[[], None]]] = {
    "rest stream": lambda pair, order: _hold(pair.rest.base_url, path_of(order), EVENTS),
    "long poll": lambda pair, order: _hold(pair.rest.base_url, path_of(order, wait=60), {}),
    "graphql stream": lambda pair, order: _hold(
        pair.graphql.base_url, subscription_path(order), EVENTS
    ),
    "websocket": _hold_socket,
}


def test_clients_that_go_away_make_room_within_ten_seconds(small_pair: Pair) -> None:
    order = new_order(small_pair.rest)
    # By each way a place is held; the two of a server are all that it has.
    go_away = [_when_free(partial(way, small_pair, order)) for way in WAYS.values()]
    for api in ("rest", "graphql"):
        assert open_stream(small_pair, api, order).status == 503
    for go in go_away:
        go()
    with ExitStack() as held:
        free: Counter[str] = Counter()

        def are_free() -> bool:
            for api in ("rest", "graphql"):
                source = open_stream(small_pair, api, order)
                held.callback(source.close)
                free[api] += source.status == 200
            return free.total() == len(WAYS)

        wait_until(are_free, "all places are free", GONE_S)


def _when_free(hold: Callable[[], Callable[[], None]]) -> Callable[[], None]:
    held: list[Callable[[], None]] = []

    def tried() -> bool:
        try:
            held.append(hold())
        except AssertionError:
            return False
        return True

    wait_until(tried, "there is room")
    return held[0]


def watch_by_polls(pair: Pair, order: int, seen: list[str]) -> None:
    def events(after: int) -> Any:
        return pair.rest.get(path_of(order, wait=20, after=after)).json

    after = 0
    while "delivered" not in seen:
        for event in wait_until(partial(events, after), "something happens"):
            seen.append(event["status"])
            after = event["id"]
    pair.rest.close()


def watch_by_socket(pair: Pair, order: int, seen: list[str]) -> None:
    with socket_to(pair.graphql.base_url) as socket:
        socket.start(WATCH, order=order)
        while "delivered" not in seen:
            seen.append(socket.event()["status"])


def watch_by_events(api: str, pair: Pair, order: int, seen: list[str]) -> None:
    statuses_of(open_stream(pair, api, order), seen)


WATCHERS = [
    watch_by_polls,
    watch_by_socket,
    partial(watch_by_events, "rest"),
    partial(watch_by_events, "graphql"),
]


def watch_all(pair: Pair, order: int) -> list[list[str]]:
    """What four kinds of clients see of an order that is changed through both servers in turn."""
    seen: list[list[str]] = [[] for _ in WATCHERS]

    def have_seen(number: int) -> bool:
        return all(len(statuses) == number for statuses in seen)

    with ThreadPoolExecutor() as threads:
        jobs = [
            threads.submit(watch, pair, order, statuses)
            for watch, statuses in zip(WATCHERS, seen, strict=True)
        ]
        for number, status in enumerate(STATUSES, 1):
            move(pair, order, status, "rest" if number % 2 else "graphql")
            wait_until(partial(have_seen, number), f"all have seen {status}")
        for job in jobs:
            job.result(LIMIT_S)
    return seen


def test_a_change_through_either_server_reaches_the_clients_of_both(pair: Pair) -> None:
    assert watch_all(pair, new_order(pair.rest)) == [STATUSES] * len(WATCHERS)


@pytest.mark.slow
def test_it_does_so_over_postgresql(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    url = shared_cluster(request).new_database()
    with running_pair(tmp_path, books="30", database_url=url) as pair:
        seen = watch_all(pair, new_order(pair.rest))
    assert seen == [STATUSES] * len(WATCHERS)
