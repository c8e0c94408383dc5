"""What both servers read in lists: conditions by tags, media types, codings, names of headers."""

import pytest

from tests.contract.exchanges import BODY, EACH_PATH, JSON, PATHS, asked, error
from tests.contract.test_both import EACH, client, get
from tests.exchange import Response
from tests.fixtures import Pair

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


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
