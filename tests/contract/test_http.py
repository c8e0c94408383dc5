"""What both servers make of HTTP itself: heads that it does not allow, OPTIONS, slashes."""

import pytest

from shared.web.request_headers import SINGLE
from tests.contract.exchanges import BODY, EACH_PATH, JSON, asked, error
from tests.contract.test_both import EACH, client, get
from tests.fixtures import Pair
from tests.streams import socket_to

# Values that are right where they come once.
RIGHT = {
    "host": "127.0.0.1",
    "content-type": JSON,
    "origin": "http://127.0.0.1:8000",
    "authorization": "Bearer secret",
    "range": "bytes=0-1",
}


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
