"""What both servers make of HTTP itself: heads that it does not allow, OPTIONS, slashes, lists."""

import socket
import subprocess
from contextlib import closing
from http.client import HTTPResponse

import pytest

from shared.web.request_headers import SINGLE
from tests.contract.test_both import EACH, client, get
from tests.exchange import Response, together
from tests.fixtures import Pair
from tests.streams import socket_to
from tests.waiting import LIMIT_S

JSON = "application/json"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PATHS = {
    "rest": [
        *("/", "/ping", "/health", "/openapi.json", "/docs", "/docs/start.js", "/books"),
        *("/books/1", "/authors/1/books", "/customers/1/orders", "/orders/1/events"),
        *("/problems/not-found", "/docs/css/swagger-ui.css"),
    ],
    "graphql": [
        *("/", "/ping", "/health", "/schema.graphql", "/graphiql/start.js"),
        *("/graphql?query={__typename}", "/graphql/planned?query={__typename}"),
        *("/graphql/dataloader?query={__typename}", "/graphql/unbatched?query={__typename}"),
    ],
}
EACH_PATH = pytest.mark.parametrize(
    ("api", "path"), [(api, path) for api, paths in PATHS.items() for path in paths]
)
BODY = {
    "rest": ("/orders", b'{"customer_id": 1, "items": [{"book_id": 900, "quantity": 1}]}'),
    "graphql": ("/graphql", b'{"query": "{ __typename }"}'),
}
# Values that are right where they come once.
RIGHT = {
    "host": "127.0.0.1",
    "content-type": JSON,
    "origin": "http://127.0.0.1:8000",
    "authorization": "Bearer secret",
    "range": "bytes=0-1",
}


def asked(pair: Pair, api: str, method: str, path: str, *lines: str, body: bytes = b"") -> Response:
    """An exchange whose head has exactly these lines, and `Connection: close`."""
    host, port = client(pair, api).base_url.removeprefix("http://").split(":")
    head = "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""])
    with closing(socket.create_connection((host, int(port)), timeout=LIMIT_S)) as connection:
        connection.sendall(head.encode("latin-1") + body)
        answer = HTTPResponse(connection, method=method)
        answer.begin()
        return Response(answer.status, together(answer), answer.read())


def error(answer: Response, api: str) -> tuple[int, str, str | None]:
    """Status, code and field of an error's document."""
    if api == "rest":
        assert answer.media_type == "application/problem+json"
        (blamed,) = answer.json.get("errors", [{"field": None}])
        return answer.status, answer.json["code"], blamed["field"]
    (entry,) = answer.json["errors"]
    return answer.status, entry["extensions"]["code"], entry["extensions"].get("field")


# -- headers that come once ------------------------------------------------------------------


@EACH
@pytest.mark.parametrize("name", [name for name in SINGLE.values() if name != "Content-Length"])
def test_a_header_of_a_single_value_that_comes_twice_is_named(
    reading_pair: Pair, api: str, name: str
) -> None:
    path, body = BODY[api]
    once = {"Host": RIGHT["host"], "Content-Type": JSON, "Content-Length": str(len(body))}
    value = once.pop(name, RIGHT.get(name.lower(), "1"))
    lines = [f"{each}: {given}" for each, given in once.items()]
    lines += [f"{name}: {value}", f"{name.lower()}: {value}"]
    answer = asked(reading_pair, api, "POST", path, *lines, body=body)
    assert error(answer, api) == (400, "MALFORMED_REQUEST", name)


@EACH
def test_two_lengths_are_none(reading_pair: Pair, api: str) -> None:
    path, body = BODY[api]
    lengths = [f"Content-Length: {len(body) + more}" for more in (0, 1)]
    lines = [f"Host: {RIGHT['host']}", f"Content-Type: {JSON}", *lengths]
    answer = asked(reading_pair, api, "POST", path, *lines, body=body)
    assert error(answer, api)[:2] == (400, "MALFORMED_REQUEST")
    assert "Content-Length" in answer.content.decode()


def test_two_keys_are_not_a_third_one(writing_pair: Pair) -> None:
    """An order was placed by `k, k`, beside the one of `k`."""
    orders = writing_pair.rest.get("/orders", sort="-id", limit=1).json
    path, body = BODY["rest"]
    lines = ["Host: 127.0.0.1", f"Content-Type: {JSON}", f"Content-Length: {len(body)}"]
    keys = ["Idempotency-Key: twice", "idempotency-key: twice"]
    answer = asked(writing_pair, "rest", "POST", path, *lines, *keys, body=body)
    assert error(answer, "rest") == (400, "MALFORMED_REQUEST", "Idempotency-Key")
    assert writing_pair.rest.get("/orders", sort="-id", limit=1).json == orders


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
    path, body = BODY[api]
    told = ["--data-binary", body.decode(), "-H", f"Content-Type: {JSON}", "-w", "%{http_code}"]
    command = ["curl", "-s", "--max-time", "30", "--http2", *told]
    command.append(client(writing_pair, api).base_url + path)
    answer = subprocess.run(command, capture_output=True, check=True, text=True).stdout
    assert answer.endswith("201" if api == "rest" else "200"), answer


# -- methods, paths --------------------------------------------------------------------------


@EACH_PATH
def test_options_names_what_a_path_has(reading_pair: Pair, api: str, path: str) -> None:
    answer = client(reading_pair, api).request("OPTIONS", path)
    assert (answer.status, answer.body) == (204, b"")
    methods = set(answer.headers["allow"].split(", "))
    assert {"GET", "HEAD", "OPTIONS"} <= methods
    for method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"} - methods:
        refused = client(reading_pair, api).request(method, path)
        assert refused.status == 405
        assert set(refused.headers["allow"].split(", ")) == methods


@EACH
def test_options_of_what_is_not_there_is_404(reading_pair: Pair, api: str) -> None:
    for path in ("/nothing", "/graphql/nothing", "/books/1/2", "/ping//", "//ping"):
        answer = client(reading_pair, api).request("OPTIONS", path)
        assert error(answer, api)[:2] == (404, "NOT_FOUND"), path


@EACH
def test_options_of_the_whole_server(reading_pair: Pair, api: str) -> None:
    answer = asked(reading_pair, api, "OPTIONS", "*", "Host: 127.0.0.1")
    assert answer.status == 204
    assert "OPTIONS" in answer.headers["allow"]


@EACH_PATH
def test_a_slash_at_the_end_is_the_same_resource(reading_pair: Pair, api: str, path: str) -> None:
    route, _, query = path.partition("?")
    if route != "/":
        with_slash = f"{route}/?{query}" if query else f"{route}/"
        plain, slashed = (get(reading_pair, api, each) for each in (path, with_slash))
        assert (slashed.status, slashed.body) == (plain.status, plain.body)
        assert plain.status == 200
        assert slashed.headers.get("link") == plain.headers.get("link")


@EACH
@pytest.mark.parametrize("path", ["//ping", "///", "//books/1", "//graphql?query={__typename}"])
def test_two_slashes_are_something_else(reading_pair: Pair, api: str, path: str) -> None:
    answer = asked(reading_pair, api, "GET", path, "Host: 127.0.0.1")
    assert error(answer, api)[:2] == (404, "NOT_FOUND")
    assert f"there is nothing at {path.partition('?')[0]};" in answer.content.decode()


@pytest.mark.parametrize("path", ["/graphql/", "/graphql/planned/", "/graphql/dataloader/"])
def test_a_slash_at_the_end_opens_the_same_websocket(reading_pair: Pair, path: str) -> None:
    with socket_to(reading_pair.graphql.base_url, path=path) as opened:
        opened.start("{ book(id: 1) { id } }")
        assert opened.receive()["payload"] == {"data": {"book": {"id": 1}}}


@EACH
@pytest.mark.parametrize("path", ["/ping", "/", "/health"])
def test_methods_are_case_sensitive(reading_pair: Pair, api: str, path: str) -> None:
    for method in ("get", "Get", "hEAD"):
        answer = asked(reading_pair, api, method, path, "Host: 127.0.0.1")
        assert answer.status in (400, 405), method
        assert "allow" in answer.headers or answer.status == 400


@EACH
def test_a_request_of_http_1_1_has_a_host(reading_pair: Pair, api: str) -> None:
    answer = asked(reading_pair, api, "GET", "/ping")
    assert error(answer, api) == (400, "MALFORMED_REQUEST", "Host")


@EACH
@pytest.mark.parametrize("coding", ["gzip, chunked", "chunked, chunked", "x-new,chunked"])
def test_an_unknown_transfer_coding_is_not_implemented(
    reading_pair: Pair, api: str, coding: str
) -> None:
    path, body = BODY[api]
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    lines = ["Host: 127.0.0.1", f"Content-Type: {JSON}", f"Transfer-Encoding: {coding}"]
    answer = asked(reading_pair, api, "POST", path, *lines, body=chunks)
    assert error(answer, api) == (501, "NOT_IMPLEMENTED", "Transfer-Encoding")


@EACH
def test_a_body_whose_end_no_chunk_tells_is_refused(reading_pair: Pair, api: str) -> None:
    path, body = BODY[api]
    lines = ["Host: 127.0.0.1", f"Content-Type: {JSON}", "Transfer-Encoding: gzip"]
    answer = asked(reading_pair, api, "POST", path, *lines, body=body)
    assert error(answer, api) == (501, "NOT_IMPLEMENTED", "Transfer-Encoding")


@EACH
def test_the_same_length_twice_is_refused(reading_pair: Pair, api: str) -> None:
    """As RFC 9110, 8.6 has it, or else it would be one."""
    path, body = BODY[api]
    lines = ["Host: 127.0.0.1", "Content-Type: text/plain", *2 * [f"Content-Length: {len(body)}"]]
    answer = asked(reading_pair, api, "POST", path, *lines, body=body)
    assert error(answer, api)[:2] == (400, "MALFORMED_REQUEST")


# -- lists in headers ------------------------------------------------------------------------


@EACH
def test_lists_may_come_on_several_lines(reading_pair: Pair, api: str) -> None:
    path = "/graphql?query={books(limit:100){title}}" if api == "graphql" else "/books?limit=100"
    lines = ["Host: 127.0.0.1", "Accept-Encoding: br", "Accept-Encoding: , gzip;q=0.1"]
    first = asked(reading_pair, api, "GET", path, *lines)
    assert first.headers["content-encoding"] == "gzip"
    tag = first.headers["etag"]
    lines += ['If-None-Match: "a"', f"If-None-Match: {tag}"]
    known = asked(reading_pair, api, "GET", path, *lines)
    assert known.status == 304


@EACH
@pytest.mark.parametrize("around", ["{}", ", {}", '"a",, {} ,', 'W/"x,y" , {}'])
def test_empty_elements_of_a_list_of_tags_do_not_matter(
    reading_pair: Pair, api: str, around: str
) -> None:
    for path in (*PATHS[api][:4], PATHS[api][5]):
        tag = get(reading_pair, api, path).headers["etag"]
        listed = around.format(tag)
        assert get(reading_pair, api, path, if_none_match=listed).status == 304, path
        assert get(reading_pair, api, path, if_match=listed).status == 200, path


@EACH_PATH
def test_if_match_is_evaluated_before_anything_is_shown(
    reading_pair: Pair, api: str, path: str
) -> None:
    answer = get(reading_pair, api, path)
    tag = answer.headers["etag"]
    assert get(reading_pair, api, path, if_match="*").status == 200
    assert get(reading_pair, api, path, if_match=tag).status == 200
    # First it, then If-None-Match (RFC 9110, 13.2.2).
    assert get(reading_pair, api, path, if_match=tag, if_none_match=tag).status == 304
    for other in ('"another"', f"W/{tag}"):
        failed = get(reading_pair, api, path, if_match=other, if_none_match=tag)
        assert error(failed, api)[:2] == (412, "PRECONDITION_FAILED")
        assert failed.headers["cache-control"] == "no-store"
        assert varies(failed) == varies(answer)
    bad = get(reading_pair, api, path, if_match=tag.strip('"'))
    assert error(bad, api)[1:] == ("VALIDATION", "If-Match")


def varies(answer: Response) -> set[str]:
    """The request headers that an answer depends on."""
    return {name.strip().lower() for name in answer.headers["vary"].split(",")}


@EACH_PATH
@pytest.mark.parametrize("accept", [None, BROWSER])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_what_is_known_is_told_with_the_headers_of_what_is_shown(
    reading_pair: Pair, api: str, path: str, accept: str | None, coding: str
) -> None:
    """RFC 9110, 15.4.5."""
    asks = {"accept_encoding": coding, **({"accept": accept} if accept else {})}
    shown = get(reading_pair, api, path, **asks)
    known = get(reading_pair, api, path, if_none_match=shown.headers["etag"], **asks)
    assert (known.status, known.body) == (304, b"")
    for name in ("etag", "cache-control", "expires"):
        assert known.headers.get(name) == shown.headers.get(name), name
    assert varies(known) == varies(shown)
    assert "last-modified" not in shown.headers  # it would be a condition more (13.1.4)


def test_the_page_of_graphiql_has_a_tag(reading_pair: Pair) -> None:
    page = get(reading_pair, "graphql", "/graphql", accept=BROWSER)
    assert page.headers["cache-control"] == "no-cache"
    asks = {"accept": BROWSER, "if_none_match": page.headers["etag"]}
    assert get(reading_pair, "graphql", "/graphql", **asks).status == 304
    assert get(reading_pair, "graphql", "/graphql", **asks, if_match='"a"').status == 412


@EACH
def test_if_match_does_not_matter_where_nothing_is_shown(reading_pair: Pair, api: str) -> None:
    path = {"rest": "/books/999999", "graphql": "/nothing"}[api]
    assert get(reading_pair, api, path, if_match='"a"').status == 404


@EACH
@pytest.mark.parametrize(
    ("accept", "is_page"),
    [
        (BROWSER, True),
        ("TEXT/HTML ; charset=utf-8", True),
        (f",text/html;q=0.9, {JSON};q=0.8", True),
        ("text/html;q=0, */*", False),
        (f"text/html;q=0.1, {JSON}", False),
        ("*/*", False),
        ('a/b;c="text/html"', False),
    ],
)
def test_the_start_page_is_what_is_wanted_most(
    reading_pair: Pair, api: str, accept: str, is_page: bool
) -> None:
    answer = get(reading_pair, api, "/", accept=accept)
    assert answer.media_type == ("text/html" if is_page else JSON)
    if api == "graphql":
        assert (get(reading_pair, api, "/graphql", accept=accept).status == 200) == is_page


@EACH
@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("text/event-stream;charset=utf-8", True),
        ('text/event-stream ; charset="utf-8" ;q=0.5', True),
        (",, Text/Event-Stream", True),
        (f"text/event-stream, {JSON};q=0.5", True),
        ("text/event-stream;q=0", False),
        (f"text/event-stream;q=0.000, {JSON}", False),
        (f'{JSON};x="text/event-stream"', False),
        ("*/*", False),
    ],
)
def test_events_go_to_who_takes_them(
    reading_pair: Pair, api: str, accept: str, is_stream: bool
) -> None:
    path = {
        "rest": "/orders/1/events",
        "graphql": "/graphql?query=subscription{orderStatusChanged(orderId:1){id}}",
    }[api]
    lines = ["Host: 127.0.0.1", f"Accept: {accept}"]
    answer = asked(reading_pair, api, "HEAD", path, *lines)
    assert (answer.media_type == "text/event-stream") == is_stream


@EACH
def test_a_preflight_is_answered_with_the_names_that_it_asks_for(
    reading_pair: Pair, api: str
) -> None:
    origin = {"rest": reading_pair.graphql, "graphql": reading_pair.rest}[api].base_url
    lines = ["Host: 127.0.0.1", f"Origin: {origin}", "Access-Control-Request-Method: POST"]
    lines += ["Access-Control-Request-Headers: ,Content-Type , two words,"]
    lines += ["Access-Control-Request-Headers: X-One"]
    answer = asked(reading_pair, api, "OPTIONS", PATHS[api][3], *lines)
    assert answer.status == 204
    assert answer.headers["access-control-allow-headers"] == "content-type, x-one"


@EACH
@pytest.mark.parametrize(
    ("coding", "status"), [("identity", 200), ("Identity, ,identity", 200), (" , ", 200),
                           ("gzip", 415), ("identity, gzip", 415)],
)  # fmt: skip
def test_a_body_comes_without_a_coding(
    reading_pair: Pair, api: str, coding: str, status: int
) -> None:
    method, path, body = {
        "rest": ("PATCH", "/books/1", b"{}"),
        "graphql": ("POST", *BODY["graphql"]),
    }[api]
    headers = {"Content-Type": JSON, "Content-Encoding": coding}
    answer = client(reading_pair, api).request(method, path, body=body, headers=headers)
    assert answer.status == status
    accepted = "identity" if status == 415 else None
    assert answer.headers.get("accept-encoding") == accepted


@pytest.mark.parametrize(
    ("api", "method", "path", "name", "accepted"),
    [
        ("rest", "POST", "/authors", "accept", JSON),
        ("rest", "PUT", "/authors/1", "accept", JSON),
        ("rest", "PATCH", "/authors/1", "accept-patch", f"application/merge-patch+json, {JSON}"),
        ("graphql", "POST", "/graphql", "accept", JSON),
    ],
)
def test_a_body_of_another_type_is_told_which_are_read(
    reading_pair: Pair, api: str, method: str, path: str, name: str, accepted: str
) -> None:
    """RFC 9110, 15.5.16; RFC 5789, 2.2 and 3.1."""
    headers = {"Content-Type": "text/plain"}
    answer = client(reading_pair, api).request(method, path, body=b"{}", headers=headers)
    assert (answer.status, answer.headers[name]) == (415, accepted)
    if method == "PATCH":
        assert client(reading_pair, api).request("OPTIONS", path).headers[name] == accepted
