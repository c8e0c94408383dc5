"""GraphQL's own media type has statuses that tell; JSON says all in its body."""

from urllib.parse import quote

import pytest

from graphql_api.asgi.media_types import GRAPHQL, JSON, media_type
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("application/json", JSON),
        ("text/html", JSON),
        (GRAPHQL, GRAPHQL),
        (GRAPHQL.upper(), GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{JSON};q=0.9, {GRAPHQL}", GRAPHQL),
        (f"{JSON}, {GRAPHQL};q=0.9", JSON),
        (f"{GRAPHQL};q=0", JSON),
        (f"{GRAPHQL};q=much", JSON),
        (f"*/*, {GRAPHQL};q=0.1", GRAPHQL),
    ],
)
def test_who_names_the_graphql_type_gets_it(accept: str, wanted: str) -> None:
    assert media_type(accept.encode()) == wanted


BEFORE = {
    "parsing": ("{", {}),
    "validation": ("{ nothing }", {}),
    "no operation": ("query A { __typename } query B { __typename }", {}),
    "a variable": ("query($id: Int!) { book(id: $id) { id } }", {"id": "x"}),
    "a missing variable": ("query($id: Int!) { book(id: $id) { id } }", {}),
    "the cost": ("{ books(limit: 100) { author { books(limit: 100) { author { id } } } } }", {}),
}


@EACH_PATH
@pytest.mark.parametrize("name", BEFORE)
def test_what_fails_before_execution_is_400_without_data(
    client: AppClient, name: str, path: str
) -> None:
    query, variables = BEFORE[name]
    body = {"query": query, "variables": variables}
    told = client.post(body, path, accept=GRAPHQL)
    assert (told.status, told.media_type, list(told.json)) == (400, GRAPHQL, ["errors"])
    assert told.statements == 0
    plain = client.post(body, path, accept=JSON)
    assert (plain.status, plain.media_type, plain.json) == (200, JSON, told.json)


@EACH_PATH
@pytest.mark.parametrize(
    "query", ["{ book(id: 1) { id } }", "{ a: book(id: 0) { id } book(id: 1) { id } }"]
)
def test_what_was_executed_is_200_with_data(client: AppClient, query: str, path: str) -> None:
    told = client.post({"query": query}, path, accept=GRAPHQL)
    assert (told.status, told.media_type) == (200, GRAPHQL)
    assert told.json["data"]["book"] == {"id": 1}
    by_get = client.get(f"{path}?query={quote(query)}", accept=GRAPHQL)
    assert (by_get.status, by_get.media_type, by_get.json) == (200, GRAPHQL, told.json)


def test_what_http_refuses_comes_in_the_same_type(client: AppClient) -> None:
    for response in (
        client.post([], accept=GRAPHQL),
        client.get("/graphql?query=mutation{deleteBook(id:1)}", accept=GRAPHQL),
        client.request("PUT", "/graphql", headers={"accept": GRAPHQL}),
    ):
        assert response.media_type == GRAPHQL
        assert 400 <= response.status < 500


def test_a_batch_is_told_to_come_one_by_one(client: AppClient) -> None:
    response = client.request(
        "POST", "/graphql", [b' [{"query": "{ __typename }"}]'], {"content-type": JSON}
    )
    assert response.status == 400
    assert "send each query by itself" in response.json["errors"][0]["message"]
