"""A small bookstore whose orders can be watched over both APIs, in threads of this process.

It speaks HTTP, Server-Sent Events and graphql-transport-ws on one port, and knows every byte.
"""

import json
import re
import socket
import ssl
import threading
from collections import Counter, defaultdict
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

from tests.comparison.arms.web_socket_speech import Speech
from tests.comparison.network.counted_sockets import counted
from tests.comparison.network.loopback_server import Handling, LoopbackServer
from tests.waiting import LIMIT_S

LAST = "delivered"


class FakeOrders(LoopbackServer):
    """Orders begin as pending, with an event; each change is another one.

    Args:
        tls: to speak it; bytes are counted inside.
        cuts: kind of stream ("sse", "poll", "ws", "graphql-sse") to the status at which the
            connection breaks off: once, after its event was sent (a poll's answer is not).
    """

    def __init__(self, tls: ssl.SSLContext | None = None, **cuts: str) -> None:
        super().__init__(_Handler, "http" if tls is None else "https")
        self._tls = tls
        self.cuts = {name.replace("_", "-"): status for name, status in cuts.items()}
        self.events: dict[int, list[dict]] = defaultdict(list)
        self.changed = threading.Condition()
        self.streams = 0  # that are open, or polls that wait
        self.requests: list[tuple[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.writes: Counter[str] = Counter()
        self.held: set[str] = set()  # kinds of streams that bring nothing
        self.repeats: set[str] = set()  # kinds of streams that bring each event twice
        self.on_poll = lambda order: None
        self.refuses: dict[str, int] = {}  # kind to status
        self.sent = self.received = 0
        self._ids = 0

    def get_request(self):
        connection, address = super().get_request()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return counted(connection, self, self._tls), address

    def handle_error(self, request, client_address) -> None:
        """A client that is gone is none."""

    def change(self, order: int, status: str) -> None:
        """Write an event."""
        with self.changed:
            self._ids += 1
            self.events[order].append({"id": self._ids, "order_id": order, "status": status})
            self.changed.notify_all()

    def place(self) -> int:
        """A new order."""
        order = 1000 + len(self.events)
        self.change(order, "pending")
        return order

    def wait_for_streams(self, number: int) -> None:
        """Wait until so many wait for an event."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.streams == number, LIMIT_S)

    def events_after(self, order: int, after: int) -> list[dict]:
        """Those that there are, or the first ones to come."""
        with self.changed:
            self.streams += 1
            self.changed.notify_all()

            def found():
                return [event for event in self.events[order] if event["id"] > after]

            self.changed.wait_for(found, LIMIT_S)
            self.streams -= 1
            self.changed.notify_all()
            return found()

    def cuts_off(self, kind: str, status: str) -> bool:
        """Whether the connection is to break off now."""
        with self.changed:
            return self.cuts.get(kind) == status and bool(self.cuts.pop(kind))


class _Handler(Handling, BaseHTTPRequestHandler):
    wbufsize = 0  # each event is sent when it is written
    server: FakeOrders

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self._record()
        found = re.fullmatch(r"/orders/(\d+)(/events)?", parts.path)
        if self.headers.get("Upgrade") == "websocket":
            self._web_socket()
        elif found and found[2]:
            self._events(int(found[1]), query)
        elif found:
            self.server.on_poll(int(found[1]))
            self._answer({"status": self.server.events[int(found[1])][-1]["status"]})
        else:
            self._answer([] if parts.path == "/orders" else {"status": "ok"})

    def do_POST(self) -> None:
        self._record()
        body = self.json_body()
        if self.path == "/orders":
            self._answer({"id": self.server.place()}, 201)
        elif self.path != "/graphql":
            self._answer({"id": 1}, 201)
        elif "mutation" in body["query"]:
            self.server.writes["graphql"] += 1
            self.server.change(body["variables"]["id"], body["variables"]["to"])
            self._answer({"data": {"setOrderStatus": {"status": "paid"}}})
        else:
            self._subscription(body["variables"])

    def do_PATCH(self) -> None:
        body = self.json_body()
        order = int(urlsplit(self.path).path.rpartition("/")[2])
        self.server.writes["rest"] += 1
        self.server.change(order, body["status"])
        self._answer(body)

    def do_DELETE(self) -> None:
        self._answer(None, 204)

    def _record(self) -> None:
        self.server.requests.append((self.command, urlsplit(self.path).path))
        self.server.headers.append(dict(self.headers))

    def _events(self, order: int, query: dict[str, str]) -> None:
        if "text/event-stream" not in self.headers["Accept"]:
            if self._refused("poll"):
                return
            found = self.server.events_after(order, int(query["after"]))
            if self.server.cuts_off("poll", found[-1]["status"]):
                self.close_connection = True
                return
            self._answer(found)
            return
        after = int(self.headers.get("Last-Event-ID", 0))
        self._stream(
            "sse", order, after, lambda event: f"event: status\ndata: {json.dumps(event)}\n\n"
        )

    def _subscription(self, variables: dict[str, int]) -> None:
        def framed(event) -> str:
            data = {"data": {"orderStatusChanged": _camel(event)}}
            return f"event: next\ndata: {json.dumps(data)}\n\n"

        self._stream("graphql-sse", variables["order"], variables["after"], framed)

    def _refused(self, kind: str) -> bool:
        status = self.server.refuses.get(kind)
        if status is not None:
            self._answer({"title": "no", "status": status, "code": "TOO_MANY_STREAMS"}, status)
        return status is not None

    def _stream(self, kind: str, order: int, after: int, framed) -> None:
        if self._refused(kind):
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._chunk(": here\n\n")
        for event in self._each(kind, order, after):
            self._chunk(f"id: {event['id']}\n{framed(event)}")
            if self.server.cuts_off(kind, event["status"]):
                self.close_connection = True
                return
        if kind == "graphql-sse":
            self._chunk("event: complete\ndata:\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _each(self, kind: str, order: int, after: int):
        status = ""
        while status != LAST:
            for event in self.server.events_after(order, after):
                if kind in self.server.held:
                    self.server.events_after(order, 10**9)
                after, status = event["id"], event["status"]
                yield event
                if kind in self.server.repeats:
                    yield event

    def _chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _answer(self, body: object, status: int = 200) -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Server-Timing", "total;dur=1.5")
        if status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _web_socket(self) -> None:
        if self._refused("ws"):
            return
        self.close_connection = True
        speech = Speech(self.connection, self.path, self.headers)
        with suppress(EOFError, OSError):
            assert speech.hear()["type"] == "connection_init"
            speech.say(type="ping")
            assert speech.hear()["type"] == "pong"
            speech.say(type="connection_ack")
            subscribe = speech.hear()
            variables = subscribe["payload"]["variables"]
            for event in self._each("ws", variables["order"], variables["after"]):
                data = {"orderStatusChanged": _camel(event)}
                speech.say(type="next", id=subscribe["id"], payload={"data": data})
                if self.server.cuts_off("ws", event["status"]):
                    return
            speech.say(type="ping")
            assert speech.hear()["type"] == "pong"
            speech.say(type="complete", id=subscribe["id"])
            speech.hear()  # raises at the closing handshake


def _camel(event: dict) -> dict:
    return {"id": event["id"], "status": event["status"]}
