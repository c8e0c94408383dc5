"""HTTP on the wire: an answer is one piece, and connections go on as uvicorn has them."""

import asyncio
import socket
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from shared.protocols.gathering import Gathering
from shared.protocols.http_protocol import HttpProtocol
from shared.protocols.unsent import Unsent
from tests.fixtures import Pair
from tests.graphql.served import application
from tests.waiting import LIMIT_S

PING = b"GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n"


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: Any) -> None:
        assert not self.closed
        self.written.append(data)

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    def get_write_buffer_size(self) -> int:
        return 0

    def pause_reading(self) -> None:
        pass

    def resume_reading(self) -> None:
        pass


async def whole(_scope: Scope, _receive: Receive, send: Send) -> None:
    headers = [(b"content-length", b"4")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"abcd"})


async def slowly(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for piece in (b"first", b"second"):
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        for _ in range(3):
            await asyncio.sleep(0)
    await send({"type": "http.response.body"})


def written(app: Any, request: bytes) -> Wire:
    async def run() -> Wire:
        config = uvicorn.Config(app, http=HttpProtocol, ws="none", log_config=None)
        config.load()
        protocol = HttpProtocol(config, ServerState(), {}, application=application(app))
        wire = Wire()
        protocol.connection_made(wire)
        protocol.data_received(request)
        for _ in range(20):
            await asyncio.sleep(0)
        return wire

    return asyncio.run(run())


def test_head_and_body_are_one_piece() -> None:
    (piece,) = written(whole, PING).written
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\nabcd")


def test_a_head_that_has_no_body_is_sent() -> None:
    (piece,) = written(whole, PING.replace(b"GET", b"HEAD")).written
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\n")


def test_requests_sent_at_once_have_a_piece_each() -> None:
    pieces = written(whole, PING * 3).written
    assert len(pieces) == 3
    assert all(piece.endswith(b"\r\n\r\nabcd") for piece in pieces)


def test_a_stream_is_sent_as_it_comes() -> None:
    pieces = written(slowly, PING).written
    assert [b"first" in piece for piece in pieces] == [True, False, False]
    assert b"second" in pieces[1]


def test_what_is_left_is_sent_before_the_connection_closes() -> None:
    wire = written(whole, PING.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert wire.written[-1].endswith(b"abcd")
    assert wire.closed


def test_nothing_is_written_to_a_client_that_is_gone() -> None:
    wire = Wire()

    async def run() -> None:
        gathering = Gathering(wire, asyncio.get_running_loop(), Unsent(), lambda: False)
        gathering.write(b"HTTP/1.1 200 OK\r\n\r\n")
        wire.close()
        gathering.write(b"late")
        gathering.flush()

    asyncio.run(run())
    assert not wire.written


def test_requests_sent_at_once_are_answered_in_their_order(writing_pair: Pair) -> None:
    asked = [b'{"query":"{ book(id: %d) { id } }"}' % row_id for row_id in (1, 2, 3)]
    head = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    address = urlsplit(writing_pair.graphql.base_url)
    with closing(
        socket.create_connection((address.hostname, address.port), timeout=LIMIT_S)
    ) as wire:
        wire.sendall(b"".join(b"%sContent-Length: %d\r\n\r\n%s" % (head, len(a), a) for a in asked))
        found = b""
        while found.count(b"HTTP/1.1 200") < 3 or not found.endswith(b"}}}"):
            piece = wire.recv(65_536)
            assert piece, found
            found += piece
    places = [found.index(b'{"data":{"book":{"id":%d}}}' % row_id) for row_id in (1, 2, 3)]
    assert places == sorted(places)
