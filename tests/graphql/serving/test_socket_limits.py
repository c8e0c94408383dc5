"""Handshakes that are none, and clients of WebSockets that send, or read, half a message."""

import asyncio
import struct
from collections.abc import Iterator
from functools import partial
from urllib.parse import urlsplit

import pytest
from starlette.types import Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.serving.socket_protocol import SocketProtocol
from shared.config import Settings
from shared.protocols.unsent import Unsent
from shared.serving.bookstore import Bookstore
from shared.web.receiving import Receiving
from tests.bookstores import fresh_bookstore
from tests.fixtures import Pair
from tests.graphql.served import GET, Served, served
from tests.waiting import wait_until
from tests.wire import HOST, Wire, refusal_in

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
        (b"GET /ping HTTP/1.1\r\n" + HOST + b"\r\n" + HANDSHAKE, (400, "MALFORMED_REQUEST")),
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


def test_a_handshake_may_say_connection_on_two_lines(writing_pair: Pair) -> None:
    port = urlsplit(writing_pair.graphql.base_url).port
    assert port
    with Wire(port) as wire:
        wire.send(HANDSHAKE + b"Connection: keep-alive\r\n\r\n")
        assert wire.socket.recv(12) == b"HTTP/1.1 101"


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


def test_sockets_leave_room_for_http(opened: Bookstore) -> None:
    sockets = partial(SocketProtocol, receiving=Receiving(), unsent=Unsent())
    app, bounds = create_app(Settings(), opened), {"most_sockets": 1}
    with served(app, bounds=bounds, ws=sockets, ws_ping_interval=None) as server:
        with connected(server.port), Wire(server.port) as second:
            received = second.send(HANDSHAKE + b"\r\n").rest()
            assert refusal_in(received) == (503, "TOO_MANY_STREAMS")
            assert b"\r\nretry-after: 1\r\n" in received
            with Wire(server.port) as other:
                assert other.send(GET + b"Connection: close\r\n\r\n").status() == 200
        wait_until(lambda: not server.connections, "all have ended")
        connected(server.port).socket.close()


def frame(
    first: int, payload: bytes = b"", *, mask: bool = True, length: int | None = None
) -> bytes:
    """A frame with this first byte; the mask, if it has one, changes nothing."""
    size = len(payload) if length is None else length
    many = bytes([size]) if size < 126 else b"\x7f" + struct.pack(">Q", size)
    if not mask:
        return bytes([first]) + many + payload
    return bytes([first, many[0] | 0x80]) + many[1:] + bytes(4) + payload


TEXT, BINARY, CONTINUED, CLOSE, PING, PONG = 0x81, 0x82, 0x80, 0x88, 0x89, 0x8A
FIRST = 0x01  # of a text in several frames


@pytest.mark.parametrize(
    ("sent", "code", "named"),
    [
        (frame(TEXT, b"\xff"), 1007, "text must be UTF-8: invalid start byte at byte 0"),
        (frame(TEXT, b'{"type": "ping"}\xc3'), 1007, "UTF-8"),
        (frame(TEXT, b"\xed\xa0\x80"), 1007, "UTF-8"),
        (frame(FIRST, b"\xc3") + frame(CONTINUED, b"("), 1007, "UTF-8"),
        (frame(FIRST, b"\xff") + frame(PING, b"a") + frame(CONTINUED) + frame(PING), 1007, "UTF-8"),
        (frame(TEXT, b"\xff") * 3, 1007, "UTF-8"),
        (frame(CLOSE, struct.pack(">H", 1000) + b"\xff"), 1007, "invalid start byte"),
        *((frame(TEXT | bit), 1002, "reserved bits") for bit in (0x10, 0x20, 0x40, 0x70)),
        *((frame(PING | bit), 1002, "reserved bits") for bit in (0x10, 0x40)),
        *((frame(0x80 | opcode), 1002, "opcode") for opcode in (3, 7, 11, 15)),
        *((frame(kind & 0x0F, b"a"), 1002, "fragmented") for kind in (PING, PONG, CLOSE)),
        *((frame(kind, b"a" * 126), 1002, "too long") for kind in (PING, PONG, CLOSE)),
        *((frame(kind, b"{}", mask=False), 1002, "masking") for kind in (TEXT, BINARY, PING)),
        (frame(CONTINUED, b"a"), 1002, "unexpected continuation"),
        (frame(0, b"a"), 1002, "unexpected continuation"),
        (frame(FIRST, b"a") + frame(TEXT, b"b"), 1002, "expected a continuation"),
        (frame(FIRST, b"a") + frame(CLOSE, struct.pack(">H", 1000)), 1002, "incomplete"),
        (frame(CLOSE, b"a"), 1002, "too short"),
        *((frame(CLOSE, struct.pack(">H", code)), 1002, "status code")
          for code in (0, 999, 1005, 1006)),
        (frame(TEXT, length=2_000_000) + b"x" * 300_000, 1009, "2000000 bytes"),
        (frame(TEXT, length=1 << 62), 1009, "bytes"),
        (frame(TEXT, length=(1 << 63) + 1), 1009, "bytes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("acknowledged", [False, True])
def test_a_frame_that_is_none_ends_the_connection(
    writing_pair: Pair, sent: bytes, code: int, named: str, acknowledged: bool
) -> None:
    logged = writing_pair.log.stat().st_size
    port = urlsplit(writing_pair.graphql.base_url).port
    assert port
    with connected(port) as wire:
        if acknowledged:
            wire.send(frame(TEXT, b'{"type": "connection_init"}'))
        received = wire.send(sent).rest()
    end = received.rindex(b"\x88")
    assert struct.unpack(">H", received[end + 2 : end + 4]) == (code,)
    assert named in received[end + 4 :].decode()
    assert len(received) == end + 2 + received[end + 1]
    assert writing_pair.log.stat().st_size == logged


def test_garbage_behind_compression_ends_the_connection(writing_pair: Pair) -> None:
    logged = writing_pair.log.stat().st_size
    port = urlsplit(writing_pair.graphql.base_url).port
    assert port
    with Wire(port).send(
        HANDSHAKE + b"Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    ) as wire:
        assert b"permessage-deflate" in wire.socket.recv(65_536)
        received = wire.send(frame(TEXT | 0x40, b"\xff" * 20)).rest()
    assert b"\x03\xeadecompression failed" in received  # 1002
    assert writing_pair.log.stat().st_size == logged


def test_frames_before_the_handshake_is_complete_are_read_after_it(opened: Bookstore) -> None:
    """A client may not send them; before it, the parser would have no code of a close yet."""
    application = create_app(Settings(), opened)

    async def later(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await asyncio.sleep(0.3)
        await application(scope, receive, send)

    sockets = partial(SocketProtocol, receiving=Receiving(), unsent=Unsent())
    with served(later, ws=sockets, ws_ping_interval=None) as server, Wire(server.port) as wire:
        wire.send(HANDSHAKE + b"\r\n")
        wait_until(lambda: isinstance(only(server), SocketProtocol), "it is a WebSocket")
        answer, _, frames = wire.send(frame(0xFF, b"a")).rest().partition(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101 ")
        assert frames[:1] + frames[2:4] == b"\x88\x03\xea"  # 1002
        wait_until(lambda: not server.server.server_state.tasks, "the application has ended")


def only(server: Served) -> object:
    (connection,) = server.server.server_state.connections or [None]
    return connection
