"""HTTP on the wire: an answer is one piece, and connections go on as uvicorn has them."""

import asyncio
from typing import Any

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from shared.errors import BookstoreError
from shared.protocols.application import Answer, ASGIApp, AtOnce
from shared.protocols.gathering import Gathering
from shared.protocols.http_protocol import HttpProtocol
from shared.protocols.unsent import Unsent
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


def written(app: Any, request: bytes, at_once: AtOnce | None = None) -> Wire:
    async def run() -> Wire:
        config = uvicorn.Config(app, http=HttpProtocol, ws="none", log_config=None)
        config.load()
        protocol = HttpProtocol(
            config, ServerState(), {}, application=application(app)._replace(at_once=at_once)
        )
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


def test_http_1_0_has_no_chunks() -> None:
    head, _, body = b"".join(written(slowly, PING.replace(b"/1.1", b"/1.0")).written).partition(
        b"\r\n\r\n"
    )
    assert b"transfer-encoding" not in head
    assert b"connection: close" in head
    assert body == b"firstsecond"


@pytest.mark.parametrize(("version", "leave"), [(b"1.1", True), (b"1.0", False)])
def test_leave_to_send_is_of_http_1_1(version: bytes, *, leave: bool) -> None:
    async def reads(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await whole(scope, receive, send)

    asks = b"POST / HTTP/" + version + b"\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
    assert (b"HTTP/1.1 100 Continue\r\n\r\n" in written(reads, asks).written) is leave


@pytest.mark.parametrize(
    ("url", "path", "host"),
    [
        (b"http://other.example/a?b=c", "/a", b"other.example"),
        (b"HTTP://other.example:81?b=c:d/e@f", "/", b"other.example:81"),
        (b"https://other.example:", "/", b"other.example:"),
        (b"http://[::1]:81", "/", b"[::1]:81"),
    ],
)
def test_the_host_of_a_whole_url_is_the_one_that_is_asked(
    url: bytes, path: str, host: bytes
) -> None:
    scopes: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)
        await whole(scope, receive, send)

    written(app, PING.replace(b"/ping", url))
    assert [(scope["path"], scope["headers"]) for scope in scopes] == [(path, [(b"host", host)])]


def test_what_is_left_is_sent_before_the_connection_closes() -> None:
    wire = written(whole, PING.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert wire.written[-1].endswith(b"abcd")
    assert wire.closed


def test_who_sends_no_more_and_takes_nothing_is_given_up() -> None:
    class Full(Wire):
        def __init__(self) -> None:
            super().__init__()
            self.aborted = asyncio.Event()

        def get_write_buffer_size(self) -> int:
            return 1

        def abort(self) -> None:
            self.aborted.set()

    async def run() -> None:
        config = uvicorn.Config(whole, http=HttpProtocol, ws="none", log_config=None)
        config.load()
        unsent = Unsent(patience_s=0.01)
        protocol = HttpProtocol(
            config, ServerState(), {}, application=application(whole), unsent=unsent
        )
        wire = Full()
        protocol.connection_made(wire)
        protocol.data_received(PING)
        for _ in range(20):
            await asyncio.sleep(0)
        assert protocol.eof_received()  # the loop then leaves it to us
        assert wire.closed
        async with asyncio.timeout(LIMIT_S):
            await wire.aborted.wait()

    asyncio.run(run())


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


@pytest.mark.parametrize("goes", [False, True])
def test_a_stream_ends_when_another_request_comes_behind_it(*, goes: bool) -> None:
    told: list[str] = []

    async def stream(_scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            while True:
                told.append((await receive())["type"])
        except BookstoreError:
            told.append("it is done with this one")
        await send({"type": "http.response.body"})

    async def run() -> None:
        config = uvicorn.Config(stream, http=HttpProtocol, ws="none", log_config=None)
        config.load()
        protocol = HttpProtocol(config, ServerState(), {}, application=application(stream))
        wire = Wire()
        protocol.connection_made(wire)
        protocol.data_received(PING * 2)
        if goes:
            wire.close()
            protocol.connection_lost(None)
        for _ in range(20):
            await asyncio.sleep(0)

    asyncio.run(run())
    is_next = [] if goes else ["http.request"]
    assert told == ["http.request", "it is done with this one", *is_next]


def ten(scope: Scope, body: bytes) -> Answer:
    assert (scope["method"], body) in {("GET", b""), ("POST", b"body")}
    return Answer(200, [("Content-Length", "10")], b"0123456789")


BODY = b"POST /ping HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nbody"


@pytest.mark.parametrize("request_", [PING, BODY])
def test_what_is_answered_at_once_is_one_piece(request_: bytes) -> None:
    (piece,) = written(whole, request_, ten).written
    assert piece == b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123456789"


def test_what_cannot_be_answered_at_once_is_answered_in_its_turn() -> None:
    """By what it is answered by; and a body that is not there yet by the application."""
    later = PING.replace(b"/ping", b"/later")
    begun = BODY.removesuffix(b"body")

    def some(scope: Scope, body: bytes) -> Answer | ASGIApp:
        return slowly if scope["path"] == "/later" else ten(scope, body)

    sent = b"".join(written(whole, PING + later + PING + begun, some).written)
    bodies = [part.partition(b"\r\n\r\n")[2] for part in sent.split(b"HTTP/1.1 200 OK")[1:]]
    assert bodies[0] == bodies[2] == b"0123456789"
    assert b"second" in bodies[1]
    assert bodies[3] == b"abcd"


def test_the_last_answer_of_a_connection_says_so_and_is_sent() -> None:
    wire = written(whole, PING.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), ten)
    assert b"\r\nconnection: close\r\n" in wire.written[-1]
    assert wire.written[-1].endswith(b"0123456789")
    assert wire.closed


def fails(_scope: Scope, _body: bytes) -> Answer:
    raise RuntimeError("unexpected")


def splits(_scope: Scope, _body: bytes) -> Answer:
    return Answer(200, [("A", "b\r\nSet-Cookie: c")], b"")


@pytest.mark.parametrize(("at_once", "named"), [(fails, "unexpected"), (splits, "several lines")])
def test_a_call_that_fails_is_logged_and_answered(
    at_once: AtOnce, named: str, caplog: pytest.LogCaptureFixture
) -> None:
    wire = written(whole, PING, at_once)
    assert wire.written[0].startswith(b"HTTP/1.1 500 ")
    assert b"Set-Cookie" not in b"".join(wire.written)
    assert named in caplog.text
