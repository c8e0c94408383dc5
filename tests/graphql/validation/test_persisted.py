"""Persisted queries: a hash stands for a query that the process has seen."""

import json
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import pytest

from graphql_api.app import create_app
from graphql_api.asgi.media_types import GRAPHQL
from graphql_api.validation import persisted
from graphql_api.validation.persisted import PersistedQueries, PersistedQueryNotFound
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.exchange import Response
from tests.graphql.client import AppClient

QUERY = "query Title($id: Int!) { book(id: $id) { title } }"
TITLE = {"data": {"book": {"title": "Python Programming"}}}


@pytest.fixture
def fresh(bookstore: Bookstore) -> AppClient:
    """A process that knows no query."""
    return AppClient(create_app(Settings(), bookstore))


def digest(query: str) -> str:
    return sha256(query.encode()).hexdigest()


def extension(query: str, **changes: Any) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": digest(query), **changes}}


def post(client: AppClient, query: str | None, extensions: Any, **headers: str) -> Response:
    body = {"extensions": extensions, "variables": {"id": 1}}
    return client.post(body if query is None else {**body, "query": query}, **headers)


def get(client: AppClient, query: str | None, extensions: Any, **headers: str) -> Response:
    asked = {"extensions": json.dumps(extensions), "variables": '{"id": 1}'}
    if query is not None:
        asked["query"] = query
    return client.get(f"/graphql?{urlencode(asked)}", **headers)


BY = pytest.mark.parametrize("ask", [post, get])


@BY
def test_a_hash_that_is_not_known_asks_for_the_query(fresh: AppClient, ask: Any) -> None:
    response = ask(fresh, None, extension(QUERY))
    (error,) = response.json["errors"]
    assert (response.status, list(response.json)) == (200, ["errors"])
    assert error["message"] == "PersistedQueryNotFound"
    assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert response.headers["cache-control"] == "no-store"
    assert ask(fresh, None, extension(QUERY), accept=GRAPHQL).status == 400


@pytest.mark.parametrize("later", [post, get])
@BY
def test_a_query_that_came_with_its_hash_is_known_by_it(
    fresh: AppClient, ask: Any, later: Any
) -> None:
    assert ask(fresh, QUERY, extension(QUERY)).json == TITLE
    assert later(fresh, None, extension(QUERY)).json == TITLE
    capitals = extension(QUERY, sha256Hash=digest(QUERY).upper())
    assert later(fresh, None, capitals).json == TITLE


@BY
def test_a_hash_of_another_query_is_refused_and_keeps_nothing(fresh: AppClient, ask: Any) -> None:
    response = ask(fresh, "{ __typename }", extension(QUERY))
    (error,) = response.json["errors"]
    assert (response.status, error["extensions"]["code"]) == (400, "VALIDATION")
    assert error["extensions"]["field"] == "extensions.persistedQuery.sha256Hash"
    assert "errors" in ask(fresh, None, extension(QUERY)).json


@BY
@pytest.mark.parametrize(
    ("extensions", "field"),
    [
        ({"persistedQuery": 5}, ""),
        ({"persistedQuery": []}, ""),
        (extension(QUERY, version=2), ".version"),
        (extension(QUERY, version=True), ".version"),
        (extension(QUERY, version="1"), ".version"),
        ({"persistedQuery": {"version": 1}}, ".sha256Hash"),
        (extension(QUERY, sha256Hash="x" * 64), ".sha256Hash"),
        (extension(QUERY, sha256Hash=digest(QUERY)[1:]), ".sha256Hash"),
        (extension(QUERY, sha256Hash=5), ".sha256Hash"),
    ],
)
def test_another_version_or_form_is_refused(
    client: AppClient, ask: Any, extensions: Any, field: str
) -> None:
    response = ask(client, QUERY, extensions)
    (error,) = response.json["errors"]
    assert (response.status, error["extensions"]["code"]) == (400, "VALIDATION")
    assert error["extensions"]["field"] == f"extensions.persistedQuery{field}"


@pytest.mark.parametrize("query", ["{", "{ nothing }"])
def test_what_is_no_valid_document_is_not_kept(fresh: AppClient, query: str) -> None:
    post(fresh, query, extension(query))
    (error,) = post(fresh, None, extension(query)).json["errors"]
    assert error["message"] == "PersistedQueryNotFound"


def test_a_mutation_by_its_hash_comes_by_post_alone(fresh: AppClient) -> None:
    query = "mutation { deleteBook(id: 999999) }"
    (error,) = post(fresh, query, extension(query)).json["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert get(fresh, None, extension(query)).status == 405


def test_half_of_a_surrogate_pair_has_no_hash(client: AppClient) -> None:
    body = {"query": "{ __typename } # \ud800", "extensions": extension(QUERY)}
    response = client.post(body)
    assert (response.status, response.json["errors"][0]["extensions"]["code"]) == (
        400,
        "MALFORMED_BODY",
    )


def test_a_hash_asks_even_where_a_browser_wants_a_page(client: AppClient) -> None:
    response = get(client, QUERY, extension(QUERY), accept="text/html,*/*")
    assert response.json == TITLE
    assert get(client, None, extension(QUERY), accept="text/html,*/*").json == TITLE


def test_those_used_last_are_kept_as_far_as_there_is_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(persisted, "MAX_REMEMBERED", 1_000)
    known = PersistedQueries()
    for number in range(10):
        known.remember(f"{number}".ljust(100), f"{number}")
    known.text(None, "0")
    known.remember("x" * 100, "new")
    known.remember("x" * 101, "long")
    assert known.text(None, "new") == "x" * 100
    assert known.text(None, "0").strip() == "0"
    for forgotten in ("1", "long"):
        with pytest.raises(PersistedQueryNotFound):
            known.text(None, forgotten)
