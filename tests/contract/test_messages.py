"""Messages that break the rules of HTTP, or the limits: each has an error document."""

from urllib.parse import urlsplit

import pytest

from shared import limits
from tests.contract.test_both import EACH, client, get
from tests.fixtures import Pair
from tests.wire import CHUNKED, HOST, LENGTH, Wire, refusal_in

LAST = b"Connection: close\r\n"
LINES = b"A: %s\r\n" % (b"x" * 95)
MUCH = 4 * limits.MAX_HEAD_BYTES
GET = b"GET /ping HTTP/1.1\r\n" + HOST
SEND = b"POST /ping HTTP/1.1\r\n" + HOST
CONTENT = b'{"query": "{ __typename }"}'
READ = {  # what is sent so is read
    "rest": b"POST /authors HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n",
    "graphql": b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n",
}


def wire(pair: Pair, api: str) -> Wire:
    port = urlsplit(client(pair, api).base_url).port
    assert port
    return Wire(port)


HEADS = {
    "lines": GET + b"A: b\r\n" * limits.MAX_HEAD_LINES + b"\r\n",
    "lines without an end": GET + LINES * 10_000,
    "one line": GET + b"A: " + b"x" * limits.MAX_HEAD_BYTES + b"\r\n\r\n",
    "one line without an end": GET + b"A: " + b"x" * MUCH,
    "a name without an end": GET + b"x" * MUCH,
    "spaces without an end": GET + b"A:" + b" " * MUCH,
}


@EACH
@pytest.mark.parametrize("name", HEADS)
def test_a_head_has_a_limit(reading_pair: Pair, api: str, name: str) -> None:
    with wire(reading_pair, api) as one:
        assert one.send(HEADS[name]).refusal() == (431, "HEAD_TOO_LARGE")


@EACH
@pytest.mark.parametrize("end", [b"", b" HTTP/1.1\r\n" + HOST + b"\r\n"])
def test_a_request_line_has_a_limit(reading_pair: Pair, api: str, end: bytes) -> None:
    with wire(reading_pair, api) as one:
        one.send(b"GET /ping?a=" + b"x" * MUCH + end)
        assert one.refusal() == (414, "URI_TOO_LONG")


@EACH
def test_what_is_within_the_limits_is_answered(reading_pair: Pair, api: str) -> None:
    long = b"A: " + b"x" * (limits.MAX_HEAD_BYTES - 1_000) + b"\r\n"
    with wire(reading_pair, api) as one:
        one.send(GET + b"A: b\r\n" * (limits.MAX_HEAD_LINES - 3) + long + LAST + b"\r\n")
        assert one.status() == 200


CHUNK = b"%x\r\n%s\r\n" % (len(CONTENT), CONTENT)
TRAILERS = {
    "lines": CHUNK + b"0\r\n" + b"A: b\r\n" * (limits.MAX_HEAD_LINES + 2),
    "lines without an end": CHUNK + b"0\r\n" + LINES * 10_000,
    "one line": CHUNK + b"0\r\nA: " + b"x" * MUCH,
    "an extension": b"%x;a=" % len(CONTENT) + b"x" * MUCH,
    "a size": b"0" * MUCH,
}


@EACH
@pytest.mark.parametrize("name", TRAILERS)
def test_what_comes_with_a_body_has_a_limit(reading_pair: Pair, api: str, name: str) -> None:
    with wire(reading_pair, api) as one:
        one.send(READ[api] + CHUNKED + TRAILERS[name])
        assert one.refusal() == (431, "HEAD_TOO_LARGE")


SYNTAX = {
    "no host": (GET.replace(HOST, b""), 400, "MALFORMED_REQUEST"),
    "an empty host": (GET.replace(b"localhost", b""), 400, "MALFORMED_REQUEST"),
    "a method in small letters": (GET.replace(b"GET", b"get"), 405, "METHOD_NOT_ALLOWED"),
    "a method that nobody knows": (GET.replace(b"GET", b"FOO"), 405, "METHOD_NOT_ALLOWED"),
    "a proxy's method": (b"CONNECT a:1 HTTP/1.1\r\n" + HOST, 405, "METHOD_NOT_ALLOWED"),
    "another protocol": (b"\x16\x03\x01\x00", 400, "MALFORMED_REQUEST"),
    "nonsense": (b"nonsense\r\n", 400, "MALFORMED_REQUEST"),
    "no path": (GET.replace(b"/ping", b"ping"), 400, "MALFORMED_REQUEST"),
    "a fragment": (GET.replace(b"/ping", b"/ping#a"), 400, "MALFORMED_REQUEST"),
    "a URL's fragment": (
        GET.replace(b"/ping", b"http://localhost/ping?#a"),
        400,
        "MALFORMED_REQUEST",
    ),
    "a user": (GET.replace(b"/ping", b"http://a@localhost/ping"), 400, "MALFORMED_REQUEST"),
    "another scheme": (GET.replace(b"/ping", b"ftp://localhost/ping"), 400, "MALFORMED_REQUEST"),
    "a URL without a host": (GET.replace(b"/ping", b"http:///ping"), 400, "MALFORMED_REQUEST"),
    "a host with a space": (GET.replace(b"localhost", b"local host"), 400, "MALFORMED_REQUEST"),
    "a host with a user": (GET.replace(b"localhost", b"a@localhost"), 400, "MALFORMED_REQUEST"),
    "a host without brackets": (GET.replace(b"localhost", b"::1"), 400, "MALFORMED_REQUEST"),
    "a space before the colon": (GET + b"A : b\r\n", 400, "MALFORMED_REQUEST"),
    "a folded line": (GET + b"A: b\r\n c\r\n", 400, "MALFORMED_REQUEST"),
    "two lengths": (SEND + b"Content-Length: 1\r\n" * 2, 400, "MALFORMED_REQUEST"),
    "a length and chunks": (
        SEND + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
        400,
        "MALFORMED_REQUEST",
    ),
} | {
    coding: (SEND + b"Transfer-Encoding: %s\r\n" % coding.encode(), 501, "NOT_IMPLEMENTED")
    for coding in ("gzip", "gzip, chunked", "chunked, gzip", "identity", "chunked;a=b")
}


@EACH
@pytest.mark.parametrize("name", SYNTAX)
def test_what_is_no_http_is_told_so(reading_pair: Pair, api: str, name: str) -> None:
    sent, *refused = SYNTAX[name]
    with wire(reading_pair, api) as one:
        assert one.send(sent + LAST + b"\r\n0\r\n\r\n").refusal() == tuple(refused)


@EACH
@pytest.mark.parametrize(
    "target",
    [
        *(b"http://localhost/ping", b"http://localhost", b"http://localhost/ping?"),
        *(b"HTTPS://LOCALHOST:/ping", b"http://[::1]:80/ping"),
    ],
)
def test_a_request_may_name_the_server(reading_pair: Pair, api: str, target: bytes) -> None:
    with wire(reading_pair, api) as one:
        assert one.send(b"GET %b HTTP/1.1\r\n" % target + HOST + LAST + b"\r\n").status() == 200


@EACH
def test_a_length_may_begin_with_zeros(reading_pair: Pair, api: str) -> None:
    """Python reads no number of more than 4,300 digits."""
    zeros = b"Content-Length: " + b"0" * 5_000
    with wire(reading_pair, api) as one:
        one.send(GET + zeros + b"\r\n\r\n")
        one.send(READ[api] + LAST + zeros + b"%d\r\n\r\n" % len(CONTENT) + CONTENT)
        received = one.rest()
    assert received.startswith(b"HTTP/1.1 200 OK\r\n")
    assert (
        received.partition(b'{"status":"ok"}')[2].split()[1]
        == {"rest": b"422", "graphql": b"200"}[api]
    )


@EACH
@pytest.mark.parametrize("upgrade", [b"websocket", b"h2c"])
def test_older_clients_have_no_upgrade(reading_pair: Pair, api: str, upgrade: bytes) -> None:
    """RFC 9110, 7.8."""
    asks = b"Connection: Upgrade\r\nUpgrade: " + upgrade + b"\r\n\r\n"
    with wire(reading_pair, api) as one:
        assert one.send(b"GET /ping HTTP/1.0\r\n" + asks).status() == 200


@EACH
@pytest.mark.parametrize("sent", ["/ping?a=é", "/é", "/ping?a=\x01"])
def test_what_no_target_may_have_is_told_with_the_cure(
    reading_pair: Pair, api: str, sent: str
) -> None:
    with wire(reading_pair, api) as one:
        received = one.send(f"GET {sent} HTTP/1.1\r\n".encode() + HOST + LAST + b"\r\n").rest()
    assert refusal_in(received) == (400, "MALFORMED_REQUEST")
    assert "send é as %C3%A9" in received.decode()


LINE = b"GET /ping HTTP/1.1"
CURES = {
    "HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "this port speaks HTTP/1.1; HTTP/2 is spoken"),
    "no method": (b"\x16\x03\x01\x00", "must begin with its method and a space"),
    "a method alone": (b"GET/ping HTTP/1.1\r\n", "must begin with its method and a space"),
    "no path": (GET.replace(b"/ping", b"ping"), "for a path, such as /ping"),
    "a port that is none": (
        GET.replace(b"/ping", b"http://a:b/") + b"\r\n",
        "for a path, such as /ping",
    ),
    "a space": (GET.replace(b"ping", b"pi ng"), "as GET /ping HTTP/1.1, with a space"),
    "a version": (GET.replace(b"1.1", b"3.5"), "as GET /ping HTTP/1.1"),
    "a method of others": (b"DESCRIBE / HTTP/1.1\r\n" + HOST + b"\r\n", "GET /ping HTTP/1.1"),
    "a name": (GET + b"A : b\r\n\r\n", "a colon and a value, as in Accept: */*"),
    "a value": (GET + b"A: \x00\r\n\r\n", "must have no control characters"),
    "a folded line": (GET + b"A: b\r\n c\r\n\r\n", "none may begin with a space"),
    "a first line with a space": (LINE + b"\r\n A: b\r\n\r\n", "none may begin with a space"),
    "LF alone": (LINE + b"\r\nHost: localhost\n\r\n", "must end in CR LF"),
    "two lengths": (SEND + b"Content-Length: 1\r\n" * 2 + b"\r\n", "be given once"),
    "a length that is none": (
        SEND + b"Content-Length: x\r\n\r\n",
        "the number of the body's bytes",
    ),
    "a length that is too much": (
        SEND + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n",
        "the number of the body's bytes",
    ),
    "a length and chunks": (SEND + b"Content-Length: 1\r\n" + CHUNKED, "not both"),
    "no coding": (SEND + b"Transfer-Encoding:\r\n\r\n", "Transfer-Encoding must be chunked"),
}
WRONG_CHUNKS = {
    "a size": (b"zz\r\n", "its size in hexadecimal digits"),
    "a size that is too much": (b"f" * 30 + b"\r\n", "its size in hexadecimal digits"),
    "an extension": (b"3;a==\r\nabc\r\n", "as ;name=value"),
    "more than it says": (b"3\r\nabcd\r\n", "as many bytes as its size says"),
    "a trailer": (b"3\r\nabc\r\n0\r\nA B\r\n\r\n", "a colon and a value"),
}


@EACH
@pytest.mark.parametrize("name", CURES)
def test_what_breaks_the_rules_is_told_what_is_right(
    reading_pair: Pair, api: str, name: str
) -> None:
    sent, cure = CURES[name]
    with wire(reading_pair, api) as one:
        assert cure in one.send(sent).rest().decode()


@EACH
@pytest.mark.parametrize("name", WRONG_CHUNKS)
def test_a_body_that_breaks_the_rules_is_told_what_is_right(
    reading_pair: Pair, api: str, name: str
) -> None:
    sent, cure = WRONG_CHUNKS[name]
    with wire(reading_pair, api) as one:
        received = one.send(READ[api] + CHUNKED + sent).rest()
    assert refusal_in(received) == (400, "MALFORMED_BODY")
    assert cure in received.decode()


WAITS = b"Expect: 100-continue\r\n" + LENGTH
TEXT = (b"application/json", b"text/plain")
CODED = (b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type")
TOO_LONG = limits.MAX_BODY_BYTES + 1
BY_HEAD = {
    "a media type": (TEXT, len(CONTENT), 415),
    "a coding": (CODED, len(CONTENT), 415),
    "a length": ((b"", b""), TOO_LONG, 413),
    "a path": ((b"POST /", b"POST /no/"), len(CONTENT), 404),
    "a method": ((b"POST", b"PUT"), len(CONTENT), 405),
    "a host": ((b"localhost", b"evil.example"), len(CONTENT), 421),
}


@EACH
@pytest.mark.parametrize("name", BY_HEAD)
def test_what_the_head_decides_is_refused_without_leave_to_send(
    reading_pair: Pair, api: str, name: str
) -> None:
    """And the connection ends, since the next request would be taken for the body."""
    changed, length, status = BY_HEAD[name]
    with wire(reading_pair, api) as one:
        received = one.send(READ[api].replace(*changed, 1) + WAITS % length).rest()
    assert int(received.split()[1]) == status
    assert b"\r\nconnection: close\r\n" in received


@EACH
def test_what_the_head_allows_is_given_leave_to_send(reading_pair: Pair, api: str) -> None:
    with wire(reading_pair, api) as one:
        one.send(READ[api] + LAST + WAITS % 1)
        assert one.socket.recv(65_536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        assert one.send(b"x").refusal() == (400, "MALFORMED_BODY")


@EACH
def test_older_clients_need_no_host(reading_pair: Pair, api: str) -> None:
    with wire(reading_pair, api) as one:
        assert one.send(b"GET /ping HTTP/1.0\r\n\r\n").status() == 200


@EACH
@pytest.mark.parametrize("begun", [b"G", GET, SEND + b"Content-Le"])
def test_an_incomplete_head_is_told_so(reading_pair: Pair, api: str, begun: bytes) -> None:
    with wire(reading_pair, api) as one:
        assert one.send(begun, ends=True).refusal() == (400, "MALFORMED_REQUEST")


@EACH
def test_who_says_nothing_is_told_nothing(reading_pair: Pair, api: str) -> None:
    with wire(reading_pair, api) as one:
        assert one.send(ends=True).rest() == b""


@EACH
@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        (None, (400, "MALFORMED_BODY")),
        (GET + LINES * 1_000, (431, "HEAD_TOO_LARGE")),
        (GET.replace(b"1.1", b"3.5"), (400, "MALFORMED_REQUEST")),
    ],
)
def test_what_was_asked_before_is_answered_before(
    reading_pair: Pair, api: str, wrong: bytes | None, refused: tuple[int, str]
) -> None:
    """Without a text it is half a body."""
    with wire(reading_pair, api) as one:
        wrong = wrong or READ[api] + LENGTH % 500 + CONTENT
        received = one.send((GET + b"\r\n") * 3 + wrong, ends=True).rest()
    assert received.count(b"HTTP/1.1 200 OK") == 3
    assert refusal_in(received) == refused


@EACH
def test_requests_sent_at_once_are_answered_in_their_order(reading_pair: Pair, api: str) -> None:
    """Those that take a thread too."""
    paths = {
        "rest": ["/books/2", "/authors?limit=20&fields=books.author.books.title", "/openapi.json"],
        "graphql": ["/graphql?query={book(id:2){id}}", "/health", "/schema.graphql"],
    }
    asked = [path for path in paths[api] for _ in range(3)] + ["/ping"]
    head = [b"GET %b HTTP/1.1\r\n" % path.encode() + HOST for path in asked]
    with wire(reading_pair, api) as one:
        received = one.send(b"\r\n".join(head) + LAST + b"\r\n").rest()
    parts = received.split(b"HTTP/1.1 200 OK\r\n")[1:]
    bodies = [part.partition(b"\r\n\r\n")[2] for part in parts]
    alone = [get(reading_pair, api, path).content for path in asked]
    assert bodies == alone


EVENTS = HOST + b"Accept: text/event-stream\r\n\r\n"
STREAMS = {
    "rest": b"GET /orders/1/events HTTP/1.1\r\n" + EVENTS,
    "graphql": b"GET /graphql?query=subscription{orderStatusChanged(orderId:1){id}} HTTP/1.1\r\n"
    + EVENTS,
}
PING = GET + b"\r\n"


@EACH
@pytest.mark.parametrize("waits", [False, True], ids=["at once", "when it has begun"])
@pytest.mark.parametrize(
    ("before", "behind"), [(0, 0), (0, 1), (1, 1), (0, 300)], ids=["alone", "1", "between", "300"]
)
def test_a_stream_ends_when_its_client_says_more_or_no_more(
    reading_pair: Pair, api: str, waits: bool, before: int, behind: int
) -> None:
    """What came before is answered before, and what came behind is answered too."""
    with wire(reading_pair, api) as one:
        one.send(PING * before + STREAMS[api])
        begun = one.socket.recv(65_536) if waits else b""
        received = begun + one.send(PING * behind, ends=True).rest()
    assert received.count(b"HTTP/1.1 200 OK\r\n") == before + 1 + behind
    assert received.count(b"\n\r\n0\r\n\r\n") == 1  # the last chunk of the stream
    assert received.endswith(b'{"status":"ok"}' if behind else b"0\r\n\r\n")


@EACH
def test_who_sends_no_more_gets_the_events_that_are_there(reading_pair: Pair, api: str) -> None:
    """One answer as a stream, or the events of a long poll."""
    asked = {
        "rest": b"/orders/1/events?after=99&wait=60 HTTP/1.1\r\n" + HOST + b"\r\n",
        "graphql": b"/graphql?query={__typename} HTTP/1.1\r\n" + EVENTS,
    }
    whole = {"rest": b"[]\r\n", "graphql": b"event: complete\ndata:\n\n\r\n"}
    with wire(reading_pair, api) as one:
        received = one.send(b"GET " + asked[api] + PING, ends=True).rest()
    first, _, second = received.partition(b"0\r\n\r\n")
    assert first.endswith(whole[api])
    assert second.startswith(b"HTTP/1.1 200 OK")


REFUSED = {
    "too large": b"Content-Length: %d\r\n\r\n" % (2 * limits.MAX_BODY_BYTES)
    + b"x" * 2 * limits.MAX_BODY_BYTES,
    "too large, and waits": b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n",
}


@EACH
@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("waits", [False, True], ids=["at once", "when it is answered"])
def test_behind_what_is_refused_before_it_is_whole_nothing_is_a_request(
    writing_pair: Pair, api: str, name: str, waits: bool
) -> None:
    before = get(writing_pair, "rest", "/authors?limit=1&sort=-id").json[0]["id"]
    if api == "rest":
        writes = b'{"name": "A", "email": "a@b.example"}'
    else:
        given = r"{name: \"A\", email: \"a@b.example\"}"
        writes = b'{"query": "mutation { createAuthor(input: %b) { id } }"}' % given.encode()
    second = READ[api] + LENGTH % len(writes) + writes
    with wire(writing_pair, api) as one:
        one.send(READ[api] + REFUSED[name])
        begun = one.socket.recv(65_536) if waits else b""
        received = begun + one.send(second).rest()
    assert received.count(b"HTTP/1.1 ") == 1
    assert b"connection: close\r\n" in received
    after = get(writing_pair, "rest", "/authors?limit=1&sort=-id").json[0]["id"]
    assert after == before
