"""Messages that break the rules of HTTP, or the limits: each is told so, and has an end."""

import asyncio
import select as selecting
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select
from starlette.types import Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.asgi.responses import refusal
from shared import limits
from shared.config import Settings
from shared.errors import TooManyBodies
from shared.serving.bookstore import Bookstore
from shared.storage import tables
from shared.storage.statements import Statement
from shared.web.receiving import Receiving
from tests.bookstores import fresh_bookstore
from tests.graphql.process import CREATE
from tests.graphql.served import GET, POST, QUERY, Served, served
from tests.waiting import LIMIT_S, wait_until
from tests.wire import CHUNKED, HOST, LENGTH, Wire

TOKEN = "0123456789abcdef-token"
CHUNK = b"%x\r\n%s\r\n" % (len(QUERY), QUERY)
WRITE = b'{"query":"%s"}' % CREATE.replace('"', '\\"').encode()
LINES = b"A: %s\r\n" % (b"x" * 95)
MUCH = 4 * limits.MAX_HEAD_BYTES
BODIES = 100_000  # bytes of all bodies together
NAMED_A = Statement(select(tables.author.c.id).where(tables.author.c.name == "A"))
LAST = b"Connection: close\r\n"


@pytest.fixture(scope="module")
def opened() -> Iterator[Bookstore]:
    bookstore = fresh_bookstore()
    yield bookstore
    bookstore.close()


@pytest.fixture(scope="module")
def server(opened: Bookstore) -> Iterator[Served]:
    app = create_app(Settings(token=TOKEN), opened, receiving=Receiving(BODIES))
    with served(app) as running:
        yield running


@pytest.fixture
def wire(server: Served) -> Iterator[Wire]:
    with server.connect() as connected:
        yield connected


def test_many_small_chunks_are_a_body_as_any_other(wire: Wire) -> None:
    body = QUERY + b" " * 20_000
    chunks = b"".join(b"01;a=b\r\n%c\r\n" % byte for byte in body)
    wire.send(POST + LAST + CHUNKED + chunks + b"0\r\nA: b\r\n\r\n")
    assert wire.status() == 200


@pytest.mark.parametrize(
    ("head", "trailer", "refused"),
    [
        (POST, b"Authorization: Bearer " + TOKEN.encode(), (401, "UNAUTHORIZED")),
        (
            POST.replace(b"Content-Type: application/json\r\n", b""),
            b"Content-Type: application/json",
            (415, "UNSUPPORTED_MEDIA_TYPE"),
        ),
        (POST.replace(HOST, b""), HOST.strip(), (400, "MALFORMED_REQUEST")),
    ],
)
def test_a_trailer_is_no_header(
    wire: Wire, head: bytes, trailer: bytes, refused: tuple[int, str]
) -> None:
    chunk = b"%x\r\n%s\r\n0\r\n" % (len(WRITE), WRITE)
    # In pieces: what is decided only when the body is there must not see them either.
    wire.send(head + LAST + CHUNKED, chunk, trailer + b"\r\n\r\n")
    assert wire.refusal() == refused


INCOMPLETE = {
    "length": (LENGTH % 500 + WRITE, True),
    "a chunk too few": (CHUNKED + b"%x\r\n%s\r\n" % (len(WRITE), WRITE), True),
    "half a chunk": (CHUNKED + b"fff\r\n%s" % WRITE, True),
    "no end of the trailers": (CHUNKED + b"%x\r\n%s\r\n0\r\nA: b" % (len(WRITE), WRITE), True),
    "a size that is none": (CHUNKED + b"%x\r\n%s\r\nzz\r\n\r\n" % (len(WRITE), WRITE), False),
    "a chunk longer than it says": (CHUNKED + b"3\r\n%s\r\n0\r\n\r\n" % WRITE, False),
}


@pytest.mark.parametrize("name", INCOMPLETE)
def test_an_incomplete_body_writes_nothing(server: Served, opened: Bookstore, name: str) -> None:
    rest, ends = INCOMPLETE[name]
    head = POST + b"Authorization: Bearer %s\r\n" % TOKEN.encode()
    with server.connect() as wire:
        assert wire.send(head + rest, ends=ends).refusal() == (400, "MALFORMED_BODY")
    with opened.database.reading() as connection:
        assert connection.first(NAMED_A) is None


def test_who_has_said_all_is_answered(wire: Wire) -> None:
    whole = POST + LENGTH % len(QUERY) + QUERY
    assert wire.send(whole * 300, ends=True).rest().count(b"HTTP/1.1 200 OK") == 300


def test_a_body_that_nobody_reads_is_read_away(wire: Wire) -> None:
    body = b"x" * 3 * limits.MAX_BODY_BYTES
    wire.send(GET + LENGTH % len(body) + body)
    wire.send(GET + LAST + b"\r\n")
    assert wire.rest().count(b"HTTP/1.1 200 OK") == 2


def test_a_body_without_an_end_ends_the_connection(wire: Wire) -> None:
    length = 40 * limits.MAX_BODY_BYTES
    wire.send(GET + LENGTH % length + b"x" * length)
    assert wire.status() == 200


@pytest.mark.parametrize("head", [POST.replace(b"json", b"xml"), POST.replace(b"host", b"b")])
def test_a_refusal_before_the_body_is_whole_is_the_last_answer(wire: Wire, head: bytes) -> None:
    received = wire.send(head + LENGTH % len(QUERY) + QUERY[:-1]).rest()
    assert received.count(b"HTTP/1.1 4") == received.count(b"connection: close\r\n") == 1


def test_bodies_have_a_limit_together(server: Served) -> None:
    half = POST + LAST + LENGTH % BODIES + b"{" + b" " * (BODIES // 3)
    with ExitStack() as stack:
        wires = [stack.enter_context(server.connect()) for _ in range(4)]
        for wire in wires:
            wire.send(half)
        answered, _, _ = selecting.select([wire.socket for wire in wires], [], [], LIMIT_S)
        wire = next(wire for wire in wires if wire.socket in answered)
        assert b"503 Service Unavailable" in (answer := wire.rest())
        assert b"TOO_MANY_BODIES" in answer
        assert b"retry-after: 1" in answer

    def is_answered() -> bool:
        with server.connect() as later:
            body = QUERY + b" " * (BODIES - len(QUERY))
            return later.send(POST + LAST + LENGTH % len(body) + body).status() == 200

    wait_until(is_answered, "there is room again")


def test_what_nobody_has_read_yet_is_counted_too() -> None:
    receiving, may_read = Receiving(BODIES), asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def reads_late(scope: Scope, receive: Receive, send: Send) -> None:
        loops.append(asyncio.get_running_loop())
        await may_read.wait()
        try:
            while (await receive())["type"] == "http.request":
                pass
        except TooManyBodies as error:
            await refusal(error)(scope, receive, send)

    with served(reads_late, bounds={"receiving": receiving}) as server:
        with server.connect() as first, server.connect() as second:
            begun = POST + LENGTH % limits.MAX_BODY_BYTES
            first.send(begun + b" " * (3 * BODIES // 4))
            wait_until(lambda: receiving.bytes > BODIES // 2, "it has come")
            second.send(begun + b" " * (3 * BODIES // 4))
            wait_until(lambda: len(loops) == 2, "it has come")
            loops[0].call_soon_threadsafe(may_read.set)
            assert second.refusal() == (503, "TOO_MANY_BODIES")
        wait_until(lambda: receiving.bytes == 0, "nothing is left")
