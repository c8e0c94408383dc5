"""Who gets a WebSocket, what it may do, and how long a subscription lives."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus

from tests.fixtures import Pair
from tests.graphql.process import Start
from tests.selection import slow
from tests.streams import WATCH, EventSource, socket_to, subscription_path
from tests.waiting import wait_until

TOKEN = "a-token-of-the-tests-own"
PLACE = "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 20, quantity: 1}]}) { id } }"


@contextmanager
def refused_handshake(status: int = 403) -> Iterator[None]:
    with pytest.raises(InvalidStatus) as raised:
        yield
    assert raised.value.response.status_code == status


def test_pages_of_other_sites_get_no_websocket(writing_pair: Pair) -> None:
    with (
        refused_handshake(),
        socket_to(writing_pair.graphql.base_url, origin="http://evil.example"),
    ):
        pass


def test_pages_of_the_servers_get_one(writing_pair: Pair) -> None:
    base_url = writing_pair.graphql.base_url
    with socket_to(base_url, origin=base_url) as opened:
        opened.start("{ book(id: 1) { id } }")
        assert opened.receive()["type"] == "next"


def test_another_host_gets_no_websocket(writing_pair: Pair) -> None:
    address = urlsplit(writing_pair.graphql.base_url)
    with (
        socket.create_connection((address.hostname, address.port)) as connection,
        refused_handshake(421),
        socket_to("http://evil.example", sock=connection),
    ):
        pass


def test_a_handshake_with_two_hosts_is_told_so(writing_pair: Pair) -> None:
    twice = {"Host": "127.0.0.1"}  # besides the client's own
    with (
        refused_handshake(400),
        socket_to(writing_pair.graphql.base_url, additional_headers=twice),
    ):
        pass


@pytest.mark.parametrize("way", ["payload", *slow("header")])
def test_a_websocket_writes_with_the_token_only(start: Start, way: str) -> None:
    server = start(token=TOKEN, books=30)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    given = {"payload": bearer} if way == "payload" else {"additional_headers": bearer}
    with socket_to(server.client.base_url) as stranger:
        stranger.start(PLACE)
        (error,) = stranger.receive()["payload"]
        assert error["extensions"]["code"] == "UNAUTHORIZED"
    with socket_to(server.client.base_url, **given) as known:
        known.start(PLACE)
        assert known.receive()["payload"]["data"]["placeOrder"]["id"]


@pytest.mark.parametrize("transport", ["websocket", *slow("events")])
def test_open_streams_do_not_hold_up_the_end(start: Start, transport: str) -> None:
    server = start(books=30)
    order = server.ask(PLACE).json["data"]["placeOrder"]["id"]
    if transport == "events":
        source = EventSource(server.client.base_url, subscription_path(order))
        server.process.terminate()
        assert list(source) == []  # it ends, and does not say that it is complete
    else:
        with socket_to(server.client.base_url) as opened:
            opened.start(WATCH, order=order)
            server.process.terminate()
            assert opened.close_code() == 1012
    wait_until(lambda: server.process.poll() is not None, "the server has ended")
    assert server.errors() == ""


@pytest.mark.slow
def test_a_subscription_outlives_the_timeout_of_requests(start: Start) -> None:
    server = start(books=30, request_timeout_s=2.0)
    order = server.ask(PLACE).json["data"]["placeOrder"]["id"]
    source = EventSource(server.client.base_url, subscription_path(order))
    for _ in range(4):  # two heartbeats
        source.answer.readline()
    assert (
        "errors"
        not in server.ask(f"mutation {{ setOrderStatus(id: {order}, status: paid) {{ id }} }}").json
    )
    assert source.next().json["data"]["orderStatusChanged"]["status"] == "paid"
    source.close()
