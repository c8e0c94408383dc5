"""Handshakes that are none, and clients of WebSockets that send, or read, half a message."""

import struct
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest

from graphql_api.app import create_app
from graphql_api.serving.socket_protocol import SocketProtocol
from graphql_api.serving.unsent import Unsent
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.web.receiving import Receiving
from tests.bookstores import fresh_bookstore
from tests.fixtures import Pair
from tests.graphql.served import HOST, Wire, served
from tests.waiting import wait_until

BYTES = 100_000  # of all messages that are half sent
UPGRADE = (
    HOST + b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n"
)
HANDSHAKE = b"GET /graphql HTTP/1.1\r\n" + UPGRADE


@pytest.mark.parametrize(
    ("sent", "refused"),
    [
        (HANDSHAKE + b"A: " + b"x" * 10_000, (431, "HEAD_TOO_LARGE")),
        (HANDSHAKE.replace(b"/graphql", b"/" + b"x" * 10_000), (431, "HEAD_TOO_LARGE")),
        (HANDSHAKE + b"A: b\r\n" * 120, (431, "HEAD_TOO_LARGE")),
        (HANDSHAKE.replace(HOST, b""), (400, "MALFORMED_REQUEST")),
        (HANDSHAKE + b"Content-Length: 3", (400, "MALFORMED_REQUEST")),
        (HANDSHAKE + b"Transfer-Encoding: chunked", (400, "MALFORMED_REQUEST")),
        (HANDSHAKE.replace(b"GET", b"POST"), (400, "MALFORMED_REQUEST")),
    ],
)
def test_a_handshake_that_is_none_is_told_so(
    writing_pair: Pair, sent: bytes, refused: tuple[int, str]
) -> None:
    logged = writing_pair.log.stat().st_size
    port = urlsplit(writing_pair.graphql.base_url).port
    assert port
    with Wire(port) as wire:
        assert wire.send(sent.rstrip() + b"\r\n\r\n").refusal() == refused
    assert writing_pair.log.stat().st_size == logged


def half(size: int) -> bytes:
    """The beginning of a message that would be longer by a byte."""
    return b"\x81\xff" + struct.pack(">Q", size + 1) + b"mask" + b"x" * size


@pytest.fixture
def opened() -> Iterator[Bookstore]:
    bookstore = fresh_bookstore()
    yield bookstore
    bookstore.close()


def connected(port: int) -> Wire:
    wire = Wire(port).send(HANDSHAKE + b"\r\n")
    assert b" 101 " in wire.socket.recv(65_536)
    return wire


def test_half_a_message_is_waited_for_so_long(opened: Bookstore) -> None:
    sockets = partial(SocketProtocol, receiving=Receiving(), unsent=Unsent(), message_s=0.3)
    with (
        served(create_app(Settings(), opened), ws=sockets, ws_ping_interval=None) as server,
        connected(server.port) as wire,
    ):
        assert b"must come within 0.3 s" in wire.send(half(10)).rest()


def test_half_messages_have_a_limit_together(opened: Bookstore) -> None:
    receiving = Receiving(BYTES)
    sockets = partial(SocketProtocol, receiving=receiving, unsent=Unsent(), message_s=600)
    with (
        served(create_app(Settings(), opened), ws=sockets, ws_ping_interval=None) as server,
        connected(server.port) as first,
        connected(server.port) as second,
    ):
        first.send(half(BYTES - 1_000))
        wait_until(lambda: receiving.bytes >= BYTES - 1_000, "it has come")
        assert b"try again later" in second.send(half(5_000)).rest()
    assert receiving.bytes == 0
