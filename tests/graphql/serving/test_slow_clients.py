"""Clients that keep what they have to say, or to read, to themselves: each wait has an end."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, suppress

import pytest
from starlette.types import Receive, Scope, Send

from graphql_api.app import create_app
from shared.config import Settings
from shared.protocols.keep_alive import Deadlines
from shared.protocols.unsent import Unsent
from shared.serving.bookstore import Bookstore
from tests.bookstores import fresh_bookstore
from tests.graphql.served import GET, POST, QUERY, Served, served
from tests.waiting import LIMIT_S, wait_until
from tests.wire import CHUNKED, LENGTH, Wire, refusal_in

# Each is waited for by a server that waits long for all else.
LONG = Deadlines(head_s=600, body_s=600, idle_s=600)
SHORT_S = 0.3
WHOLE = POST + LENGTH % len(QUERY) + QUERY
PIECE = b"x" * 1_000_000


@pytest.fixture(scope="module")
def opened() -> Iterator[Bookstore]:
    bookstore = fresh_bookstore()
    yield bookstore
    bookstore.close()


@pytest.fixture
def server(opened: Bookstore, request: pytest.FixtureRequest) -> Iterator[Served]:
    """A server that waits for the part that the test's parameter names no longer than a moment."""
    with served(create_app(Settings(), opened), LONG._replace(**{request.param: SHORT_S})) as one:
        yield one


def in_head(part: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("server", [part], indirect=True)


HALF_HEADS = {"a letter": b"G", "a line": GET, "half a line": GET + b"A: b", "after another": WHOLE}


@in_head("head_s")
@pytest.mark.parametrize("name", ["a letter", "a line", "half a line"])
def test_half_a_head_is_waited_for_so_long(server: Served, name: str) -> None:
    with server.connect() as wire:
        assert wire.send(HALF_HEADS[name]).refusal() == (408, "HEAD_TIMEOUT")


@in_head("head_s")
def test_the_head_of_a_later_request_is_waited_for_so_long(server: Served) -> None:
    with server.connect() as wire:
        received = wire.send(WHOLE, WHOLE + GET).rest()
    assert received.count(b"HTTP/1.1 200 OK") == 2
    assert refusal_in(received) == (408, "HEAD_TIMEOUT")


def trickled(wire: Wire, begun: bytes, byte: bytes) -> bytes:
    """What is answered to a client that sends a byte at a time."""
    wire.send(begun)
    wire.socket.settimeout(0.02)
    received = b""

    def has_ended() -> bool:
        nonlocal received
        wire.send(byte)
        with suppress(TimeoutError):
            piece = wire.socket.recv(65_536)
            received += piece
            return not piece
        return False

    wait_until(has_ended, "the server gives up")
    return received


@in_head("head_s")
def test_a_head_that_trickles_has_the_same_end(server: Served) -> None:
    with server.connect() as wire:
        assert refusal_in(trickled(wire, GET, b"A")) == (408, "HEAD_TIMEOUT")


@in_head("body_s")
@pytest.mark.parametrize(
    "begun",
    [LENGTH % 100 + b"{", LENGTH % 100, CHUNKED, CHUNKED + b"5\r\n{", CHUNKED + b"1\r\n{\r\n0\r\n"],
)
def test_half_a_body_is_waited_for_so_long(server: Served, begun: bytes) -> None:
    with server.connect() as wire:
        assert wire.send(POST + begun).refusal() == (408, "BODY_TIMEOUT")


@in_head("body_s")
def test_a_body_that_trickles_has_the_same_end(server: Served) -> None:
    with server.connect() as wire:
        assert refusal_in(trickled(wire, POST + LENGTH % 1_000, b" ")) == (408, "BODY_TIMEOUT")


@in_head("body_s")
def test_a_body_that_nobody_reads_has_the_same_end(server: Served) -> None:
    with server.connect() as wire:
        assert wire.send(GET + LENGTH % 100).status() == 200


@in_head("body_s")
def test_who_waits_for_leave_to_send_is_waited_for_so_long(server: Served) -> None:
    with server.connect() as wire:
        received = wire.send(POST + b"Expect: 100-continue\r\n" + LENGTH % 100).rest()
    assert received.startswith(b"HTTP/1.1 100 Continue\r\n")
    assert refusal_in(received) == (408, "BODY_TIMEOUT")


@in_head("idle_s")
@pytest.mark.parametrize("sent", [b"", b"\r\n", WHOLE])
def test_a_connection_without_a_request_is_kept_so_long(server: Served, sent: bytes) -> None:
    with server.connect() as wire:
        received = wire.send(sent).rest()
    assert received.count(b"HTTP/1.1") == (sent == WHOLE)


@in_head("idle_s")
def test_empty_lines_are_no_request(server: Served) -> None:
    with server.connect() as wire:
        assert trickled(wire, b"", b"\r\n") == b""


@in_head("idle_s")
def test_a_request_that_has_begun_is_not_idle(server: Served) -> None:
    with server.connect() as wire:
        wire.send(WHOLE[:-1])
        wire.socket.settimeout(5 * SHORT_S)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        wire.send(WHOLE[-1:])
        wire.socket.settimeout(LIMIT_S)
        assert wire.rest().startswith(b"HTTP/1.1 200 OK")


async def generous(_scope: Scope, _receive: Receive, send: Send) -> None:
    """Answers more than a connection takes by itself."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for more in (True, True, True, True, False):
        await send({"type": "http.response.body", "body": PIECE * 4, "more_body": more})


@pytest.mark.parametrize("end", [b"\r\n", b"Connection: close\r\n\r\n"])
def test_who_does_not_take_an_answer_is_given_up(end: bytes) -> None:
    with served(generous, LONG, Unsent(patience_s=SHORT_S)) as server, server.connect() as wire:
        wire.send(GET + end)
        wait_until(lambda: server.connections == 1, "it is there")
        wait_until(lambda: server.connections == 0, "it is given up")


def test_who_takes_an_answer_slowly_gets_it_all() -> None:
    with served(generous, LONG, Unsent(patience_s=4.0)) as server, server.connect() as wire:
        wire.send(GET + b"Connection: close\r\n\r\n")
        received = 0
        while piece := wire.socket.recv(500_000):
            received += len(piece)
    assert received > 20 * len(PIECE)


def test_answers_that_are_not_taken_have_a_limit_together() -> None:
    # Of an answer that waits asyncio keeps 16 KiB at least, whatever the system's buffers take.
    unsent = Unsent(most_bytes=4 * 16_384, patience_s=600)
    begun = 0

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        nonlocal begun
        begun += 1
        await generous(scope, receive, send)

    with served(counted, LONG, unsent) as server, ExitStack() as stack:
        wires = [stack.enter_context(server.connect()) for _ in range(10)]
        for wire in wires:
            wire.send(GET + b"\r\n")
        wait_until(lambda: begun == len(wires), "all are answered")
        wait_until(lambda: server.connections < len(wires) // 2, "most of them are ended")


def test_requests_that_wait_for_others_are_few() -> None:
    begun = 0
    may_go_on = asyncio.Event()

    async def slow(_scope: Scope, _receive: Receive, send: Send) -> None:
        nonlocal begun
        begun += 1
        await may_go_on.wait()
        headers = [(b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body"})

    many = 50_000
    with served(slow, LONG) as server, server.connect() as wire:
        wire.socket.setblocking(False)
        asked = GET + b"\r\n"
        with suppress(BlockingIOError):
            wire.socket.send(asked * many)
        wait_until(lambda: begun, "the first is under way")
        (connection,) = server.server.server_state.connections
        assert len(connection.pipeline) < 100  # type: ignore[union-attr]
        loop = connection.loop  # type: ignore[union-attr]
        loop.call_soon_threadsafe(may_go_on.set)
        wait_until(lambda: begun > 1_000, "the others follow")
