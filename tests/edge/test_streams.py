"""Streams through the edge: events as they happen, WebSockets, and whose pages may open them."""

import json
import threading
import time
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

import httpx
import pytest
from websockets import Subprotocol
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from client_examples.comparison.arms.live.shared_tls import SharedTls
from tests.edge.running import Behind, client
from tests.waiting import LIMIT_S

PROTOCOLS = pytest.mark.parametrize("protocol", ["http1", "http2"])
ORDER = {"customer_id": 2, "items": [{"book_id": 3, "quantity": 1}]}
WATCH = "subscription ($id: Int!) { orderStatusChanged(orderId: $id) { status } }"
WITHIN_S = LIMIT_S  # on a machine that is busy; a buffer would hold events until the stream ends


def placed(behind: Behind) -> int:
    order: dict[str, int] = behind.http2.post("/rest/orders", json=ORDER).json()
    return order["id"]


def set_status(behind: Behind, order: int, status: str) -> None:
    answer = behind.http2.patch(f"/rest/orders/{order}", json={"status": status})
    assert answer.status_code == 200, answer.text


class Events:
    """A stream as it comes, read in a thread by a client of its own."""

    def __init__(self, client: httpx.Client, request: httpx.Request) -> None:
        self.answer = client.send(request, stream=True)
        self._lines: SimpleQueue[str | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        for line in self.answer.iter_lines():
            self._lines.put(line)
        self._lines.put(None)

    def wait_for(self, part: str | None) -> None:
        """Until a line has this, or, for None, until the stream has ended."""
        deadline = time.monotonic() + WITHIN_S
        while True:
            line = self._lines.get(timeout=max(0.0, deadline - time.monotonic()))
            if line is part or (line and part and part in line):
                return
            assert line is not None, f"the stream ended without {part}"


@PROTOCOLS
@pytest.mark.parametrize("api", ["rest", "graphql"])
def test_events_come_while_they_happen(behind: Behind, protocol: str, api: str) -> None:
    order = placed(behind)
    headers = {"Accept": "text/event-stream"}
    with client(behind.url, behind.authority, http2=protocol == "http2") as own:
        if api == "rest":
            asked = own.build_request("GET", f"/rest/orders/{order}/events", headers=headers)
        else:
            body = {"query": WATCH, "variables": {"id": order}}
            asked = own.build_request("POST", "/graphql", json=body, headers=headers)
        events = Events(own, asked)
        assert events.answer.headers["content-type"].startswith("text/event-stream")
        assert "x-accel-buffering" not in events.answer.headers
        for status in ("paid", "shipped", "delivered"):
            set_status(behind, order, status)
            events.wait_for(f'"{status}"')
        events.wait_for(None)


def test_a_long_poll_may_wait(behind: Behind) -> None:
    order = placed(behind)
    path = f"/rest/orders/{order}/events"
    last = behind.http2.get(path, headers={"Accept": "application/json"}).json()
    after = last[-1]["id"] if last else 0
    timer = threading.Timer(0.5, set_status, (behind, order, "cancelled"))
    timer.start()
    answer = behind.http1.get(
        f"{path}?after={after}&wait=15", headers={"Accept": "application/json"}
    )
    timer.join()
    assert [event["status"] for event in answer.json()] == ["cancelled"]


class Connection(ClientConnection):
    """One whose TLS its two threads share safely."""

    def __init__(self, sock: Any, protocol: Any, **options: Any) -> None:
        shared: Any = SharedTls(sock)
        super().__init__(shared, protocol, **options)


def opened(behind: Behind, host: str = "localhost", **more: Any) -> ClientConnection:
    url = f"wss://{host}:{behind.port}/graphql"
    return connect(
        url,
        ssl=behind.tls,
        subprotocols=[Subprotocol("graphql-transport-ws")],
        open_timeout=LIMIT_S,
        create_connection=Connection,
        **more,
    )


@pytest.fixture
def socket(behind: Behind) -> Iterator[ClientConnection]:
    """A WebSocket of the edge's own page."""
    with opened(behind, origin=behind.url) as connection:
        yield connection


def test_a_subscription_goes_through(behind: Behind, socket: ClientConnection) -> None:
    order = placed(behind)
    socket.send(json.dumps({"type": "connection_init"}))
    assert json.loads(socket.recv(WITHIN_S))["type"] == "connection_ack"
    payload = {"query": WATCH, "variables": {"id": order}}
    socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
    socket.send(json.dumps({"type": "ping"}))
    assert json.loads(socket.recv(WITHIN_S))["type"] == "pong"
    seen: list[str] = []
    for status in ("paid", "cancelled"):
        set_status(behind, order, status)
        while status not in seen:
            message = json.loads(socket.recv(WITHIN_S))
            assert message["type"] == "next", message
            seen.append(message["payload"]["data"]["orderStatusChanged"]["status"])


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
def test_pages_of_the_edge_may_open_one(behind: Behind, host: str) -> None:
    with opened(behind, host, origin=f"https://{host}:{behind.port}") as connection:
        assert connection.subprotocol == "graphql-transport-ws"
    with opened(behind, host, origin=behind.pair.rest_url):
        pass


@pytest.mark.parametrize("origin", ["https://evil.example", "https://localhost", "null"])
def test_pages_of_others_may_not(behind: Behind, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(behind, origin=origin)
    assert refused.value.response.status_code == 403


def test_nothing_but_a_websocket_is_made_of_a_connection(behind: Behind) -> None:
    headers = {"Upgrade": "h2c", "Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMA"}
    answer = behind.http1.get("/graphql?query={__typename}", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"data": {"__typename": "Query"}})
