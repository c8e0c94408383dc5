"""What both servers make of an `Upgrade`: handshakes of WebSockets, and what is not spoken."""

import socket
import subprocess
from contextlib import closing

import pytest

from tests.contract.exchanges import BODY, JSON, asked, error
from tests.contract.test_both import EACH, client
from tests.exchange import Response
from tests.fixtures import Pair
from tests.programs import need
from tests.waiting import LIMIT_S

# -- handshakes of WebSockets ----------------------------------------------------------------

HANDSHAKE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Protocol": "graphql-transport-ws",
}


def shaken(
    pair: Pair, name: str, value: str | None, *more: str, path: str = "/graphql"
) -> Response:
    """The answer to a handshake with another value of a header; None leaves it out."""
    given = {**HANDSHAKE, name: value}
    lines = [f"{each}: {text}" for each, text in given.items() if text is not None]
    return asked(pair, "graphql", "GET", path, *lines, *more)


@pytest.mark.parametrize("twice", ["Origin", "Sec-WebSocket-Key", "Sec-WebSocket-Version"])
def test_a_handshake_with_a_header_twice_is_told_so(reading_pair: Pair, twice: str) -> None:
    value = HANDSHAKE.get(twice, "http://127.0.0.1:8000")
    answer = shaken(reading_pair, twice, value, f"{twice}: {value}")
    assert error(answer, "graphql") == (400, "MALFORMED_REQUEST", twice)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Upgrade", "h2c, websocket"),
        ("Upgrade", ", WebSocket,"),
        ("Connection", "keep-alive ,, Upgrade, a b"),
        ("Sec-WebSocket-Protocol", ", other,, graphql-transport-ws,"),
        ("Sec-WebSocket-Extensions", ""),
        ("Sec-WebSocket-Extensions", ", permessage-deflate,"),
        ("Content-Length", "0"),
    ],
)
def test_lists_of_a_handshake_are_read_as_others(reading_pair: Pair, name: str, value: str) -> None:
    answer = shaken(reading_pair, name, value)
    assert answer.status == 101
    assert answer.headers["sec-websocket-protocol"] == "graphql-transport-ws"


def test_a_handshake_may_ask_for_protocols_on_several_lines(reading_pair: Pair) -> None:
    lines = ["Upgrade: h2c", "Sec-WebSocket-Protocol: other", "Connection: keep-alive"]
    assert shaken(reading_pair, "Upgrade", "websocket", *lines).status == 101


FRAMES = b"\x89\x82\x00\x00\x00\x00hi\x81\x9a\x00\x00\x00\x00" + b'{"type":"connection_init"}'


@pytest.mark.parametrize("first", [0, 1, 5, len(FRAMES)])
def test_what_is_sent_behind_a_handshake_is_read(reading_pair: Pair, first: int) -> None:
    """RFC 6455, 4.1 has clients wait. Of some that do not, the first bytes were lost."""
    host, port = reading_pair.graphql.base_url.removeprefix("http://").split(":")
    lines = [f"{name}: {value}" for name, value in HANDSHAKE.items()]
    head = "\r\n".join(["GET /graphql HTTP/1.1", *lines, "", ""]).encode()
    with closing(socket.create_connection((host, int(port)), timeout=LIMIT_S)) as connection:
        connection.sendall(head + FRAMES[:first])
        connection.sendall(FRAMES[first:])
        received = b""
        while b"connection_ack" not in received:
            piece = connection.recv(65_536)
            assert piece, received
            received += piece
    answer, _, frames = received.partition(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 101 ")
    assert frames.startswith(b"\x8a\x02hi\x81")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("Sec-WebSocket-Key", wrong) for wrong in (None, "", "abc", "YWJj", "\xfc")),
        *(("Sec-WebSocket-Version", wrong) for wrong in (None, "", "12", "8, 13", "013")),
        *(("Sec-WebSocket-Protocol", wrong) for wrong in ("a b", '"a"')),
        *(("Sec-WebSocket-Extensions", wrong) for wrong in ("a;;", 'a; b="c,d"')),
    ],
)
def test_what_is_no_handshake_has_an_error_document(
    reading_pair: Pair, name: str, value: str | None
) -> None:
    answer = shaken(reading_pair, name, value)
    assert error(answer, "graphql") == (400, "MALFORMED_REQUEST", name)
    versions = "13" if name == "Sec-WebSocket-Version" else None  # RFC 6455, 4.4
    assert answer.headers.get("sec-websocket-version") == versions


def test_a_websocket_is_where_there_is_one(reading_pair: Pair) -> None:
    for path in ("/nothing", "/ping", "/graphql/nothing", "//graphql"):
        answer = shaken(reading_pair, "Host", "127.0.0.1", path=path)
        assert error(answer, "graphql") == (404, "NOT_FOUND", None), path


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
def test_a_page_of_others_that_would_open_one_is_told_so(reading_pair: Pair, origin: str) -> None:
    answer = shaken(reading_pair, "Origin", origin)
    assert error(answer, "graphql") == (403, "FORBIDDEN", "Origin")
    assert "BOOKSTORE_CORS_ORIGINS" in answer.content.decode()


# -- other protocols -------------------------------------------------------------------------

# As Java's HttpClient and `curl --http2` begin; others that are registered, and none.
UPGRADES = ["h2c", "H2C", "TLS/1.0", "websocket2", "h2c, foo/2", "nothing"]
H2C = ["Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA"]


@EACH
@pytest.mark.parametrize("upgrade", UPGRADES)
@pytest.mark.parametrize("chunked", [False, True])
def test_an_upgrade_to_what_is_not_spoken_is_ignored(
    writing_pair: Pair, api: str, upgrade: str, chunked: bool
) -> None:
    """RFC 9110, 7.8; its body was taken for the other protocol."""
    path, body = BODY[api]
    framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    sent = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body) if chunked else body
    lines = ["Host: 127.0.0.1", f"Content-Type: {JSON}", f"Upgrade: {upgrade}", *H2C, framing]
    answer = asked(writing_pair, api, "POST", path, *lines, body=sent)
    assert answer.status == (201 if api == "rest" else 200)
    assert "customer_id" in answer.json or answer.json["data"] == {"__typename": "Query"}


@EACH
def test_requests_that_would_upgrade_are_answered_in_their_order(
    reading_pair: Pair, api: str
) -> None:
    head = ["Host: 127.0.0.1", "Upgrade: h2c", *H2C]
    path = "/books/1" if api == "rest" else "/graphql?query={__typename}"
    asks = [f"GET {path}", "GET /nowhere", "GET /ping", f"GET {path}", "GET /ping"]
    first, *others = ["\r\n".join([f"{ask} HTTP/1.1", *head, "", ""]) for ask in asks]
    host, port = client(reading_pair, api).base_url.removeprefix("http://").split(":")
    with closing(socket.create_connection((host, int(port)), timeout=30)) as connection:
        connection.sendall((first + "".join(others[:-1])).encode())
        connection.sendall(others[-1].replace("Upgrade, HTTP2", "close, Upgrade, HTTP2").encode())
        received = b"".join(iter(lambda: connection.recv(65_536), b""))
    statuses = [int(part[:3]) for part in received.split(b"HTTP/1.1 ")[1:]]
    assert statuses == [200, 404, 200, 200, 200]


@EACH
def test_a_head_that_would_upgrade_has_the_limits_of_others(reading_pair: Pair, api: str) -> None:
    path, _ = BODY[api]
    lines = ["Host: 127.0.0.1", "Upgrade: h2c", *H2C]
    many = [f"A: {'x' * 600}"] * 120
    assert asked(reading_pair, api, "POST", path, *lines, *many).status == 431


@EACH
def test_curl_asks_by_http2(writing_pair: Pair, api: str) -> None:
    need("curl")
    path, body = BODY[api]
    told = ["--data-binary", body.decode(), "-H", f"Content-Type: {JSON}", "-w", "%{http_code}"]
    command = ["curl", "-s", "--max-time", "30", "--http2", *told]
    command.append(client(writing_pair, api).base_url + path)
    answer = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert answer.endswith("201" if api == "rest" else "200"), answer
