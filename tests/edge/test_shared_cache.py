"""The edge's shared cache: what it keeps, for whom, how long, and what never comes from it."""

import itertools
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import httpx
import pytest

from launcher.edge.nginx import Nginx
from tests.edge.running import Behind, behind_edge
from tests.edge.test_answers import direct_url
from tests.waiting import wait_until

TOKEN = "correct-horse-battery-staple"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
LONG_S = 3_600
SHORT_S = 1
PUBLIC = f"public, s-maxage={LONG_S}, max-age=0, must-revalidate"


def graphql(query: str, path: str = "/graphql", **variables: object) -> str:
    return f"{path}?query={quote(query)}&variables={quote(json.dumps(variables))}"


ONE = {
    "rest": "/rest/books/7",
    "graphql": graphql("{ book(id: 7) { title price } }"),
    "dataloader": graphql("{ book(id: 7) { title price } }", "/graphql/dataloader"),
}
EACH = pytest.mark.parametrize("api", ONE)


@pytest.fixture(scope="module")
def keeping(nginx: Nginx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """An edge that may keep answers for longer than any test takes."""
    folder = tmp_path_factory.mktemp("keeping")
    with behind_edge(nginx, folder, shared_cache=True, shared_max_age_s=f"{LONG_S}") as behind:
        yield behind


@pytest.fixture(scope="module")
def guarded(nginx: Nginx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """An edge that may keep answers for a second, in front of servers that have a token."""
    folder, settings = tmp_path_factory.mktemp("guarded"), {"token": TOKEN}
    with behind_edge(
        nginx, folder, shared_cache=True, shared_max_age_s=f"{SHORT_S}", **settings
    ) as behind:
        yield behind


def is_hit(answer: httpx.Response) -> bool:
    return answer.headers["cache-status"] == "edge; hit"


# -- what is kept ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*ONE.values()], ids=[*ONE])
@pytest.mark.parametrize("protocol", ["http1", "http2"])
def test_an_anonymous_read_is_kept(keeping: Behind, path: str, protocol: str) -> None:
    client = keeping.http1 if protocol == "http1" else keeping.http2
    first = client.get(path, headers={"Accept-Encoding": protocol})  # an entry of its own
    second = client.get(path, headers={"Accept-Encoding": protocol})
    assert first.headers["cache-status"] == "edge; fwd=miss"
    assert second.headers["cache-status"] == "edge; hit"
    assert second.content == first.content == keeping.direct.get(direct_url(keeping, path)).content
    for answer in (first, second):
        assert answer.headers["cache-control"] == PUBLIC
        assert "age" not in answer.headers  # nginx tells none (RFC 9111, 4)
        assert "x-accel-expires" not in answer.headers
    assert second.headers["server-timing"] == first.headers["server-timing"]


@EACH
def test_what_a_client_has_is_told_by_the_edge(keeping: Behind, api: str) -> None:
    tag = keeping.http2.get(ONE[api]).headers["etag"]
    again = keeping.http2.get(ONE[api], headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert is_hit(again)
    assert again.headers["etag"] == tag


LISTS = {"rest": "/rest/books?limit=50", "graphql": graphql("{ books(limit: 50) { id title } }")}


@pytest.mark.parametrize("api", LISTS)
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_any_tag_is_told_by_the_server(keeping: Behind, api: str, coding: str) -> None:
    """Which one a client would get depends on what it accepts, and nginx told any."""
    for kept in ("identity", "gzip"):
        keeping.http2.get(LISTS[api], headers={"Accept-Encoding": kept})
    asked = {"Accept-Encoding": coding, "If-None-Match": "*"}
    told = keeping.http2.get(LISTS[api], headers=asked)
    direct = keeping.direct.get(direct_url(keeping, LISTS[api]), headers=asked)
    assert told.status_code == direct.status_code == 304
    assert told.headers["etag"] == direct.headers["etag"]
    assert told.headers["cache-status"] == "edge; fwd=bypass"


@pytest.mark.parametrize(
    "path", ["/rest/books/3", "/rest/customers/3", graphql("{ customer(id: 3) { email } }")]
)
def test_an_empty_authorization_is_none(guarded: Behind, path: str) -> None:
    """nginx cannot tell it from none, and the servers answer it as none."""
    asked = {"Authorization": ""}
    direct = guarded.direct.get(direct_url(guarded, path), headers=asked)
    assert direct.content == guarded.direct.get(direct_url(guarded, path)).content
    assert guarded.http2.get(path, headers=asked).content == direct.content


@pytest.mark.parametrize("path", ["/rest/books/3", graphql("{ book(id: 3) { isbn } }")])
def test_head_and_get_share_an_entry(keeping: Behind, path: str) -> None:
    head = keeping.http2.head(path)
    assert (head.headers["cache-status"], head.content) == ("edge; fwd=miss", b"")
    assert is_hit(get := keeping.http2.get(path))
    assert head.headers["content-length"] == str(len(get.content))
    assert is_hit(keeping.http2.head(path))


def test_of_many_who_ask_at_once_one_is_answered_by_the_server(keeping: Behind) -> None:
    for path in ("/rest/books?limit=50", graphql("{ books(limit: 50) { title } }")):
        with ThreadPoolExecutor(8) as pool:
            answers = [*pool.map(keeping.http1.get, [path] * 8)]
        assert sum(not is_hit(answer) for answer in answers) == 1
        assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize(
    "path",
    ["/ping", "/health", "/", "/schema.graphql", "/rest/ping", "/rest/health", "/rest/",
     "/rest/openapi.json", "/rest/orders/1/events", "/rest/books/99999", "/rest/books?limit=0",
     "/rest/nothing", graphql("{"), graphql("{ book(id: 0) { id } }"), "/graphql"],
)  # fmt: skip
def test_what_is_no_read_of_the_bookstore_is_not_kept(keeping: Behind, path: str) -> None:
    for _ in range(2):
        answer = keeping.http2.get(path)
        assert answer.headers["cache-control"] in ("no-cache", "no-store")
        assert not is_hit(answer)


def test_a_post_is_neither_kept_nor_answered_from_the_cache(keeping: Behind) -> None:
    query = "{ book(id: 7) { title price } }"
    for _ in range(2):
        answer = keeping.http2.post("/graphql", json={"query": query})
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["cache-status"] == "edge; fwd=method"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/rest/orders", {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}),
        ("PATCH", "/rest/books/11", {"stock": 5}),
        ("PATCH", "/rest/customers/3", {"phone": "1"}),
        ("PUT", "/rest/authors/9", {"name": "N", "email": "n@example.com"}),
        ("DELETE", "/rest/authors/9", None),
    ],
)
def test_what_writes_is_kept_by_nobody(
    guarded: Behind, method: str, path: str, body: object
) -> None:
    answer = guarded.http2.request(method, path, json=body, headers=BEARER)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["cache-status"] == "edge; fwd=method"


def test_events_do_not_wait_in_line(keeping: Behind) -> None:
    """A stream that is under way would hold up whoever else asks for the same one."""
    events = {"Accept": "text/event-stream"}
    subscription = graphql("subscription { orderStatusChanged(orderId: 1) { id } }")
    for path in ("/rest/orders/1/events", subscription):
        with (
            keeping.http2.stream("GET", path, headers=events) as first,
            keeping.http2.stream("GET", path, headers=events) as second,
        ):
            for answer in (first, second):
                assert answer.status_code == 200
                assert answer.headers["cache-status"] == "edge; fwd=bypass"


# -- nobody is shown what is another's -------------------------------------------------------


def different() -> Iterator[tuple[str, dict[str, str]]]:
    """300 requests, each with another right answer or another form of it."""
    sizes, sorts = range(1, 26), ("id", "-id", "price", "-price", "title")
    for size, sort in itertools.product(sizes, sorts):
        yield f"/rest/books?limit={size}&sort={sort}", {}
    for fields in ("id", "title", "id,title", "title,id", "author.name", "price"):
        for number in range(1, 11):
            yield f"/rest/books/{number}?fields={fields}", {}
    for number in range(1, 31):
        yield graphql(f"{{ book(id: {number}) {{ title }} }}"), {}
        yield graphql("query ($id: Int!) { book(id: $id) { price } }", id=number), {}
    names = ("title", "price isbn", "isbn price", "a: title", "author { name }")
    for name, path in itertools.product(names, ("", "/planned", "/dataloader", "/unbatched")):
        yield graphql(f"{{ book(id: 40) {{ {name} }} }}", f"/graphql{path}"), {}
    codings = ("gzip", "identity", "br", "gzip;q=0", "*")
    for coding, limit in itertools.product(codings, (98, 99, 100)):
        yield f"/rest/books?limit={limit}", {"Accept-Encoding": coding}
    for media in ("application/json", "application/graphql-response+json"):
        for number in range(1, 11):
            yield graphql(f"{{ book(id: {number}) {{ genre }} }}"), {"Accept": media}


def form(answer: httpx.Response) -> tuple[object, ...]:
    names = ("content-type", "content-encoding", "etag", "vary", "cache-control")
    links = answer.headers.get("link", "").replace("</rest/", "</")  # the edge's prefix
    shown = (answer.headers.get(name) for name in names)
    return (answer.status_code, answer.content, links, *shown)


@pytest.mark.slow
def test_300_different_requests_never_share_an_entry(keeping: Behind) -> None:
    asked = [*different()]
    assert len({(path, *headers.items()) for path, headers in asked}) == len(asked) == 300
    plain = {"Accept-Encoding": "identity"}
    expected = [
        form(keeping.direct.get(direct_url(keeping, path), headers=plain | headers))
        for path, headers in asked
    ]
    for turn in range(2):
        for (path, headers), right in zip(asked, expected, strict=True):
            answer = keeping.http2.get(path, headers=plain | headers)
            assert form(answer) == right, (path, headers)
            assert is_hit(answer) == bool(turn), (path, headers)


def test_each_origin_has_its_own(keeping: Behind) -> None:
    path, own = "/rest/books/21", keeping.url
    for origin, allowed in ((own, own), ("https://evil.example", None), (None, None)) * 2:
        answer = keeping.http2.get(path, headers={"Origin": origin} if origin else {})
        assert answer.headers.get("access-control-allow-origin") == allowed


def test_another_host_is_not_answered_from_the_cache(keeping: Behind) -> None:
    path = "/rest/books/22"
    for _ in range(2):
        keeping.http2.get(path)
        assert keeping.http2.get(path, headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("header", ["Authorization", "If-Match", "If-Unmodified-Since"])
@EACH
def test_what_the_server_alone_can_judge_goes_to_it(keeping: Behind, api: str, header: str) -> None:
    value = {"Authorization": "Bearer x", "If-Match": '"other"'}.get(
        header, "Sat, 01 Jan 2000 00:00:00 GMT"
    )
    keeping.http2.get(ONE[api])
    for _ in range(2):
        answer = keeping.http2.get(ONE[api], headers={header: value})
        direct = keeping.direct.get(direct_url(keeping, ONE[api]), headers={header: value})
        assert answer.status_code == direct.status_code
        assert answer.headers["cache-status"] == "edge; fwd=bypass"
        control = "private, no-cache" if header == "Authorization" else None
        assert control in (None, answer.headers["cache-control"])


# -- with a token ----------------------------------------------------------------------------

PRIVATE = [
    "/rest/customers/1",
    "/rest/customers?limit=3",
    "/rest/orders/1?fields=customer",
    "/rest/customers/1/orders?fields=customer",
    graphql("{ customer(id: 1) { email phone } }"),
    graphql("{ order(id: 1) { customer { email } } }", "/graphql/dataloader"),
    graphql("{ order(id: 1) { customer { email } } }", "/graphql/unbatched"),
]


@pytest.mark.parametrize("path", PRIVATE)
def test_nothing_private_comes_from_the_cache(guarded: Behind, path: str) -> None:
    seen = {}
    for headers in ({}, BEARER, {"Authorization": "Bearer wrong"}, {}, BEARER, {}):
        answer = guarded.http2.get(path, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "private, no-cache"
        assert not is_hit(answer)
        assert ("@" in answer.text) == (headers is BEARER)
        seen[headers.get("Authorization")] = answer.content
    assert seen[None] == seen["Bearer wrong"] != seen[BEARER["Authorization"]]


def test_who_has_the_token_neither_fills_the_cache_nor_is_answered_from_it(
    guarded: Behind,
) -> None:
    for _ in range(2):
        answer = guarded.http2.get("/rest/books/31", headers=BEARER)
        assert answer.headers["cache-status"] == "edge; fwd=bypass"
        assert answer.headers["cache-control"] == "private, no-cache"


def test_crowds_for_what_is_private_do_not_wait_in_line(guarded: Behind) -> None:
    for path in PRIVATE:
        answer = guarded.http2.get(path)
        assert answer.headers["cache-status"] == "edge; fwd=bypass"


# -- how long --------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("book", "path"),
    [(41, "/rest/books/41"), (42, "/rest/books?author_id={author}&limit=100")],
    ids=["one", "list"],
)
def test_a_view_is_never_older_than_it_may_be(guarded: Behind, book: int, path: str) -> None:
    author = guarded.http2.get(f"/rest/books/{book}").json()["author_id"]
    path, hits = path.format(author=author), 0
    for stock in range(100, 103):
        hits += is_hit(guarded.http2.get(path))  # it is there, or is by now
        changed = guarded.http2.patch(f"/rest/books/{book}", json={"stock": stock}, headers=BEARER)
        assert changed.status_code == 200
        after = time.monotonic()
        while True:
            asked = time.monotonic()
            answer = guarded.http2.get(path)
            shown = answer.json()
            shown = shown if isinstance(shown, dict) else next(b for b in shown if b["id"] == book)
            if shown["stock"] == stock:
                break
            hits += 1
            assert is_hit(answer)
            assert asked - after < SHORT_S, "shown for longer than a second after the change"
    assert hits


@pytest.mark.slow
def test_what_has_not_changed_is_not_sent_again_by_the_server(guarded: Behind) -> None:
    path = "/rest/books/51"
    first = guarded.http2.get(path)
    again = wait_until(
        lambda: answer if not is_hit(answer := guarded.http2.get(path)) else None, "it is over"
    )
    assert again.headers["cache-status"] == "edge; fwd=stale; fwd-status=304"
    assert again.content == first.content
