"""Streams as clients see them: Server-Sent Events, and GraphQL over a WebSocket."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from websockets.sync.client import ClientConnection, connect

from tests.exchange import Client
from tests.fixtures import Pair
from tests.waiting import LIMIT_S

TIMEOUT_S = LIMIT_S  # far longer than the time between two heartbeats
EVENTS = {"Accept": "text/event-stream"}
WATCH = """subscription ($order: Int!, $after: Int) {
  orderStatusChanged(orderId: $order, after: $after) { id orderId status occurredAt }
}"""


class Sent(NamedTuple):
    """One event of a stream."""

    kind: str
    event_id: str | None
    data: str

    @property
    def json(self) -> Any:
        return json.loads(self.data)


class EventSource:
    """A request whose answer is read event by event."""

    def __init__(self, base_url: str, path: str, **headers: str) -> None:
        self._connection = HTTPConnection(urlsplit(base_url).netloc, timeout=TIMEOUT_S)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers={**EVENTS, **named})
        self.answer: HTTPResponse = self._connection.getresponse()
        self.status = self.answer.status

    def __iter__(self) -> Iterator[Sent]:
        """The events until the stream ends; lines without a name are comments.

        Heartbeats come meanwhile, so that no time limit of the connection is reached.
        """
        fields: dict[str, str] = {}
        began = time.monotonic()
        while line := self.answer.readline().decode():
            assert time.monotonic() - began < TIMEOUT_S, "heartbeats alone come"
            name, _, value = line.rstrip("\n").partition(":")
            if name:
                fields[name] = value.removeprefix(" ")
            elif line == "\n" and "data" in fields:
                yield Sent(fields.get("event", "message"), fields.get("id"), fields["data"])
                fields, began = {}, time.monotonic()

    def next(self) -> Sent:
        """The next event, which must come."""
        return next(iter(self))

    def close(self) -> None:
        """Go away, as a client does that is ended."""
        self.answer.close()
        self._connection.close()


class Socket:
    """A GraphQL client of one WebSocket."""

    def __init__(self, connection: ClientConnection, payload: Any = None) -> None:
        self._connection = connection
        self._ids = count(1)
        init = {"type": "connection_init"} | ({"payload": payload} if payload else {})
        self.send(init)
        assert self.receive() == {"type": "connection_ack"}

    def send(self, message: Any) -> None:
        self._connection.send(json.dumps(message))

    def receive(self) -> Any:
        """The next message, which must come."""
        return json.loads(self._connection.recv(TIMEOUT_S))

    def start(self, query: str, **variables: Any) -> str:
        """Begin an operation; its id."""
        operation = str(next(self._ids))
        payload = {"query": query, "variables": variables}
        self.send({"id": operation, "type": "subscribe", "payload": payload})
        return operation

    def event(self) -> Any:
        """The event that the next message brings."""
        message = self.receive()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        return message["payload"]["data"]["orderStatusChanged"]

    def close_code(self) -> int | None:
        """Wait until the server closes it."""
        while True:
            try:
                self._connection.recv(TIMEOUT_S)
            except TimeoutError:
                raise
            except Exception:  # the kinds of ends are many
                return self._connection.close_code

    def close(self) -> None:
        self._connection.close()

    def drop(self) -> None:
        """End without a word."""
        self._connection.socket.close()


def open_socket(
    base_url: str, payload: Any = None, *, path: str = "/graphql", **options: Any
) -> Socket:
    """A connection to a GraphQL server that has begun."""
    url = base_url.replace("http", "ws", 1) + path
    options = {"subprotocols": ["graphql-transport-ws"], "proxy": None, **options}
    return Socket(connect(url, legacy=True, **options), payload)


@contextmanager
def socket_to(base_url: str, payload: Any = None, **options: Any) -> Iterator[Socket]:
    """One that is closed at the end."""
    socket = open_socket(base_url, payload, **options)
    try:
        yield socket
    finally:
        socket.close()


def path_of(order: int, **query: Any) -> str:
    """Where the events of an order are over REST."""
    return f"/orders/{order}/events" + (f"?{urlencode(query)}" if query else "")


def subscription_path(order: int, after: int = 0) -> str:
    """Where they are over GraphQL, by GET."""
    variables = json.dumps({"order": order, "after": after})
    return f"/graphql?{urlencode({'query': WATCH, 'variables': variables})}"


_books = itertools.cycle(range(16, 31))  # there are so many in the smallest, with 20 copies each


def new_order(client: Client) -> int:
    """An order that has just been placed, through a REST server."""
    items = [{"book_id": next(_books), "quantity": 1}]
    answer = client.post("/orders", {"customer_id": 3, "items": items})
    assert answer.status == 201, answer
    placed: int = answer.json["id"]
    return placed


def move(pair: Pair, order: int, status: str, api: str = "rest") -> None:
    """Change an order's status through one of the servers."""
    if api == "rest":
        answer = pair.rest.request("PATCH", f"/orders/{order}", json_body={"status": status})
        assert answer.status == 200, answer
    else:
        query = f"mutation {{ setOrderStatus(id: {order}, status: {status}) {{ status }} }}"
        answer = pair.graphql.post("/graphql", {"query": query})
        assert "errors" not in answer.json, answer


@contextmanager
def watched(pair: Pair, order: int) -> Iterator[Callable[[str], None]]:
    """An order watched by all three kinds of streams; the function requires their next event."""
    with ExitStack() as ends:
        rest = EventSource(pair.rest.base_url, path_of(order))
        graphql = EventSource(pair.graphql.base_url, subscription_path(order))
        for source in (rest, graphql):
            ends.callback(source.close)
        socket = ends.enter_context(socket_to(pair.graphql.base_url))
        socket.start(WATCH, order=order)

        def all_see(status: str) -> None:
            assert rest.next().json["status"] == status
            assert graphql.next().json["data"]["orderStatusChanged"]["status"] == status
            assert socket.event()["status"] == status

        yield all_see
