"""Messages that break the rules of HTTP, or the limits: each is told so, and has an end."""

import select as selecting
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from sqlalchemy import select

from graphql_api.app import create_app
from shared import limits
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.storage import tables
from shared.storage.statements import Statement
from shared.web.receiving import Receiving
from tests.bookstores import fresh_bookstore
from tests.graphql.process import CREATE
from tests.graphql.served import (
    CHUNKED,
    GET,
    HOST,
    LENGTH,
    POST,
    QUERY,
    TIMEOUT_S,
    Served,
    Wire,
    refusal_in,
    served,
)
from tests.waiting import wait_until

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


HEADS = {
    "lines": GET + b"A: b\r\n" * limits.MAX_HEAD_LINES + b"\r\n",
    "lines without an end": GET + LINES * 10_000,
    "one line": GET + b"A: " + b"x" * limits.MAX_HEAD_BYTES + b"\r\n\r\n",
    "one line without an end": GET + b"A: " + b"x" * MUCH,
    "a name without an end": GET + b"x" * MUCH,
    "spaces without an end": GET + b"A:" + b" " * MUCH,
}


@pytest.mark.parametrize("name", HEADS)
def test_a_head_has_a_limit(wire: Wire, name: str) -> None:
    assert wire.send(HEADS[name]).refusal() == (431, "HEAD_TOO_LARGE")


@pytest.mark.parametrize("end", [b"", b" HTTP/1.1\r\n" + HOST + b"\r\n"])
def test_a_request_line_has_a_limit(wire: Wire, end: bytes) -> None:
    wire.send(b"GET /graphql?query=" + b"x" * MUCH + end)
    assert wire.refusal() == (414, "URI_TOO_LONG")


def test_what_is_within_the_limits_is_answered(wire: Wire) -> None:
    long = b"A: " + b"x" * (limits.MAX_HEAD_BYTES - 1_000) + b"\r\n"
    wire.send(GET + b"A: b\r\n" * (limits.MAX_HEAD_LINES - 3) + long + LAST + b"\r\n")
    assert wire.status() == 200


TRAILERS = {
    "lines": CHUNK + b"0\r\n" + b"A: b\r\n" * (limits.MAX_HEAD_LINES + 2),
    "lines without an end": CHUNK + b"0\r\n" + LINES * 10_000,
    "one line": CHUNK + b"0\r\nA: " + b"x" * MUCH,
    "an extension": b"%x;a=" % len(QUERY) + b"x" * MUCH,
    "a size": b"0" * MUCH,
}


@pytest.mark.parametrize("name", TRAILERS)
def test_what_comes_with_a_body_has_a_limit(wire: Wire, name: str) -> None:
    wire.send(POST + CHUNKED + TRAILERS[name])
    assert wire.refusal() == (431, "HEAD_TOO_LARGE")


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


SYNTAX = {
    "no host": (GET.replace(HOST, b""), 400, "MALFORMED_REQUEST"),
    "an empty host": (GET.replace(b"localhost", b""), 400, "MALFORMED_REQUEST"),
    "a method in small letters": (GET.replace(b"GET", b"get"), 405, "METHOD_NOT_ALLOWED"),
    "a method that nobody knows": (GET.replace(b"GET", b"FOO"), 405, "METHOD_NOT_ALLOWED"),
    "a proxy's method": (b"CONNECT a:1 HTTP/1.1\r\n" + HOST, 405, "METHOD_NOT_ALLOWED"),
    "another protocol": (b"\x16\x03\x01\x00", 400, "MALFORMED_REQUEST"),
    "nonsense": (b"nonsense\r\n", 400, "MALFORMED_REQUEST"),
    "no path": (GET.replace(b"/graphql", b"graphql"), 400, "MALFORMED_REQUEST"),
    "a space before the colon": (GET + b"A : b\r\n", 400, "MALFORMED_REQUEST"),
    "a folded line": (GET + b"A: b\r\n c\r\n", 400, "MALFORMED_REQUEST"),
    "two lengths": (POST + b"Content-Length: 1\r\n" * 2, 400, "MALFORMED_REQUEST"),
    "a length and chunks": (
        POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        400,
        "MALFORMED_REQUEST",
    ),
} | {
    coding: (POST + b"Transfer-Encoding: %s\r\n" % coding.encode(), 501, "NOT_IMPLEMENTED")
    for coding in ("gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked;a=b")
}


@pytest.mark.parametrize("name", SYNTAX)
def test_what_is_no_http_is_told_so(wire: Wire, name: str) -> None:
    sent, *refused = SYNTAX[name]
    assert wire.send(sent + LAST + b"\r\n").refusal() == tuple(refused)


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET http://localhost/graphql?query={__typename} HTTP/1.1", 200),
        (b"GET http://localhost HTTP/1.1", 200),
        (b"GET http://localhost?a=b HTTP/1.1", 200),
    ],
)
def test_a_request_may_name_the_server(wire: Wire, request_line: bytes, status: int) -> None:
    assert wire.send(request_line + b"\r\n" + HOST + LAST + b"\r\n").status() == status


def test_older_clients_need_no_host(wire: Wire) -> None:
    assert wire.send(b"GET /ping HTTP/1.0\r\n\r\n").status() == 200


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


@pytest.mark.parametrize("begun", [b"G", GET, POST + b"Content-Le"])
def test_an_incomplete_head_is_told_so(wire: Wire, begun: bytes) -> None:
    assert wire.send(begun, ends=True).refusal() == (400, "MALFORMED_REQUEST")


def test_who_says_nothing_is_told_nothing(wire: Wire) -> None:
    assert wire.send(ends=True).rest() == b""


def test_who_has_said_all_is_answered(wire: Wire) -> None:
    whole = POST + LENGTH % len(QUERY) + QUERY
    assert wire.send(whole * 300, ends=True).rest().count(b"HTTP/1.1 200 OK") == 300


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        (POST + LENGTH % 500 + QUERY, (400, "MALFORMED_BODY")),
        (GET + LINES * 1_000, (431, "HEAD_TOO_LARGE")),
        (GET.replace(b"1.1", b"3.5"), (400, "MALFORMED_REQUEST")),
    ],
)
def test_what_was_asked_before_is_answered_before(
    wire: Wire, wrong: bytes, refused: tuple[int, str]
) -> None:
    wire.send((POST + LENGTH % len(QUERY) + QUERY) * 3 + wrong, ends=True)
    received = wire.rest()
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert refusal_in(received) == refused


def test_a_body_that_nobody_reads_is_read_away(wire: Wire) -> None:
    body = b"x" * 3 * limits.MAX_BODY_BYTES
    wire.send(GET + LENGTH % len(body) + body)
    wire.send(POST + LENGTH % len(body) + body)
    wire.send(GET + LAST + b"\r\n")
    statuses = [part[:3] for part in wire.rest().split(b"HTTP/1.1 ")[1:]]
    assert statuses == [b"200", b"413", b"200"]


def test_a_body_without_an_end_ends_the_connection(wire: Wire) -> None:
    length = 40 * limits.MAX_BODY_BYTES
    wire.send(POST + LENGTH % length + b"x" * length)
    assert wire.refusal() == (413, "TOO_LARGE")


def test_bodies_have_a_limit_together(server: Served) -> None:
    half = POST + LAST + LENGTH % BODIES + b"{" + b" " * (BODIES // 3)
    with ExitStack() as stack:
        wires = [stack.enter_context(server.connect()) for _ in range(4)]
        for wire in wires:
            wire.send(half)
        answered, _, _ = selecting.select([wire.socket for wire in wires], [], [], TIMEOUT_S)
        wire = next(wire for wire in wires if wire.socket in answered)
        assert b"503 Service Unavailable" in (answer := wire.rest())
        assert b"TOO_MANY_BODIES" in answer
        assert b"retry-after: 1" in answer

    def is_answered() -> bool:
        with server.connect() as later:
            body = QUERY + b" " * (BODIES - len(QUERY))
            return later.send(POST + LAST + LENGTH % len(body) + body).status() == 200

    wait_until(is_answered, "there is room again")
