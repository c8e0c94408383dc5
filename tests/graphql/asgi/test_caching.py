"""Answers to GET have tags, so that a cache need not read again what has not changed."""

import re
from urllib.parse import quote

import pytest

from graphql_api.app import create_app
from graphql_api.asgi.media_types import GRAPHQL
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.graphql.client import AppClient

ONE = "/graphql?query=" + quote("{ book(id: 1) { title price } }")
MANY = "/graphql?query=" + quote("{ books(limit: 100) { id title isbn price description } }")
TOKEN = "0123456789abcdef"
BOTH = pytest.mark.parametrize("path", [ONE, MANY])


@BOTH
def test_what_a_client_has_is_not_sent_again(client: AppClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, if_none_match=f'"other", W/{tag}')
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == tag
    for name in ("cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert client.get(path, if_none_match='"other"').content == first.content
    assert client.request("HEAD", path, headers={"if-none-match": tag}).status == 304


def test_a_change_is_seen_at_once(own_client: AppClient) -> None:
    tag = own_client.get(ONE).headers["etag"]
    own_client.data("mutation { updateBook(id: 1, input: {price: 12.5}) { id } }")
    response = own_client.get(ONE, if_none_match=tag)
    assert response.json["data"]["book"]["price"] == 12.5
    assert response.headers["etag"] != tag


def test_each_coding_has_its_tag(client: AppClient) -> None:
    plain = client.get(MANY).headers["etag"]
    small = client.get(MANY, accept_encoding="gzip").headers["etag"]
    assert small == f'{plain[:-1]}-gzip"'
    both = client.get(MANY, accept_encoding="gzip", if_none_match=small)
    assert (both.status, both.headers["etag"]) == (304, small)
    # whoever takes no gzip could not read what it has
    assert client.get(MANY, if_none_match=small).status == 200
    assert client.get(MANY, accept_encoding="gzip", if_none_match=plain).status == 304


@pytest.mark.parametrize(
    "query", ["{", "{ nothing }", "{ a: book(id: 0) { id } book(id: 1) { id } }"]
)
def test_errors_are_not_kept(client: AppClient, query: str) -> None:
    response = client.get(f"/graphql?query={quote(query)}", if_none_match="*")
    assert response.status == 200
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_an_answer_to_a_post_is_kept_by_nobody(client: AppClient) -> None:
    for query in ("{ book(id: 1) { title } }", "{ book(id: 0) { title } }", "{"):
        headers = client.ask(query).headers
        assert headers["cache-control"] == "no-store"
        assert "Accept" in headers["vary"].split(", ")
        assert "etag" not in headers


def test_each_media_type_has_its_tag(client: AppClient) -> None:
    json, own = (client.get(ONE, accept=media) for media in ("application/json", GRAPHQL))
    assert json.body == own.body
    tag = json.headers["etag"]
    assert client.get(ONE, accept=GRAPHQL, if_none_match=tag).media_type == GRAPHQL
    assert client.get(ONE, accept=GRAPHQL, if_none_match=own.headers["etag"]).status == 304


@pytest.mark.parametrize("path", ["/ping", "/health"])
def test_what_the_server_says_of_itself_has_a_tag_too(client: AppClient, path: str) -> None:
    first = client.get(path)
    assert first.json["status"] == "ok"
    assert first.headers["cache-control"] == "no-cache"
    again = client.get(path, if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert client.get(path, if_none_match='"other"').content == first.content


def test_answers_vary_by_what_decides_them(client: AppClient) -> None:
    page = client.get("/graphql", accept="text/html")
    for response in (client.get(ONE), page, client.get("/graphql?query={")):
        names = set(response.headers["vary"].split(", "))
        assert names == {"Accept-Encoding", "Origin", "Accept"}


def test_where_a_token_decides_a_cache_is_one_clients_own(bookstore: Bookstore) -> None:
    guarded = AppClient(create_app(Settings(token=TOKEN), bookstore))
    headers = guarded.get(ONE).headers
    assert headers["cache-control"] == "private, no-cache"
    assert "Authorization" in headers["vary"]
    assert "Accept" in headers["vary"].split(", ")


@BOTH
@pytest.mark.parametrize("endpoint", ["/graphql", "/graphql/dataloader", "/graphql/unbatched"])
def test_anonymous_reads_may_be_kept_by_shared_caches(
    bookstore: Bookstore, path: str, endpoint: str
) -> None:
    client = AppClient(create_app(Settings(shared_max_age_s=30), bookstore))
    path = path.replace("/graphql", endpoint)
    answer = client.get(path)
    known = client.get(path, if_none_match=answer.headers["etag"])
    for found in (answer, known, client.request("HEAD", path)):
        assert found.headers["cache-control"] == "public, s-maxage=30, max-age=0, must-revalidate"
        assert re.fullmatch(r"@\d+", found.headers["x-accel-expires"])
    assert known.status == 304
    own = client.get(path, authorization="Bearer x")
    assert own.headers["cache-control"] == "private, no-cache"
    assert "x-accel-expires" not in own.headers
    assert own.body == answer.body
    posted = client.post({"query": "{ book(id: 1) { title } }"}, endpoint)
    assert posted.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/ping", "/health", "/", "/schema.graphql"])
def test_what_is_no_read_of_the_bookstore_is_asked_for_again(
    bookstore: Bookstore, path: str
) -> None:
    client = AppClient(create_app(Settings(shared_max_age_s=30), bookstore))
    assert client.get(path).headers["cache-control"] == "no-cache"


def test_with_a_token_no_shared_cache_keeps_anything(bookstore: Bookstore) -> None:
    client = AppClient(create_app(Settings(shared_max_age_s=30, token=TOKEN), bookstore))
    for authorization in ({}, {"authorization": f"Bearer {TOKEN}"}):
        headers = client.get(ONE, **authorization).headers
        assert headers["cache-control"] == "private, no-cache"
        assert "x-accel-expires" not in headers
