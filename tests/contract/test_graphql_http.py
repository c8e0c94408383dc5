"""GraphQL over HTTP: methods, bodies, types."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from shared import limits
from tests.contract.graphql_driver import read
from tests.contract.runner import Watch
from tests.exchange import Client, Response
from tests.fixtures import ENDPOINTS, Pair

QUERY = "{ book(id: 1) { title } }"
TITLE = {"book": {"title": "Python Programming"}}
JSON = {"Content-Type": "application/json"}
EACH_PATH = pytest.mark.parametrize("endpoint", ENDPOINTS)


@pytest.fixture(scope="module")
def graphql(reading_pair: Pair) -> Client:
    return reading_pair.graphql


def post(client: Client, body: bytes, endpoint: str = "/graphql", **headers: str) -> Response:
    named = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return client.request("POST", endpoint, body=body, headers={**JSON, **named})


@EACH_PATH
def test_a_query_may_come_by_get(graphql: Client, endpoint: str) -> None:
    response = graphql.get(endpoint, query=QUERY)
    assert (response.status, response.json) == (200, {"data": TITLE})
    variables = json.dumps({"id": 1})
    named = "query A($id: Int!) { book(id: $id) { title } } query B { __typename }"
    response = graphql.get(endpoint, query=named, variables=variables, operationName="A")
    assert response.json == {"data": TITLE}


@EACH_PATH
def test_a_mutation_may_not_come_by_get(writing_pair: Pair, endpoint: str, watch: Watch) -> None:
    before = watch.version()
    query = 'mutation { createAuthor(input: {name: "X", email: "by.get@example.com"}) { id } }'
    response = writing_pair.graphql.get(endpoint, query=query)
    assert response.status == 405
    assert response.headers["allow"] == "POST"
    assert read(response).code == "METHOD_NOT_ALLOWED"
    assert watch.version() == before


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_other_methods_are_refused(graphql: Client, method: str) -> None:
    response = graphql.request(method, "/graphql", body=b"{}", headers=JSON)
    assert response.status == 405
    assert "POST" in response.headers["allow"]
    assert read(response).code == "METHOD_NOT_ALLOWED"


def test_head_is_get_without_the_body(graphql: Client) -> None:
    path = f"/graphql?{urlencode({'query': QUERY})}"
    get, head = graphql.get(path), graphql.request("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


BODIES: list[tuple[bytes, str]] = [
    (b"", "MALFORMED_BODY"),
    (b"{", "MALFORMED_BODY"),
    (b"null", "MALFORMED_BODY"),
    (b'"text"', "MALFORMED_BODY"),
    (b"{}", "MALFORMED_BODY"),
    (b'{"query": null}', "MALFORMED_BODY"),
    (b'{"query": "{ __typename }", "variables": 5}', "VALIDATION"),
    ('{"query": "{ ü }"}'.encode("latin-1"), "MALFORMED_BODY"),
    ('{"query": "{ __typename }"}'.encode("utf-16"), "MALFORMED_BODY"),
    (b'{"query": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "MALFORMED_BODY"),
    (b'[{"query": "{ __typename }"}]', "MALFORMED_BODY"),
    (rb'{"query": "{ __typename \ud83d }"}', "GRAPHQL_PARSE_FAILED"),
    (rb'{"query": "{ a\u0000 }"}', "GRAPHQL_PARSE_FAILED"),
    (b'{"query": "' + b"{ a " * 5_000 + b'"}', "GRAPHQL_PARSE_FAILED"),
    (b'{"query": "' + b"{ a " * 5_000 + b"} " * 5_000 + b'"}', "GRAPHQL"),
    (b'{"query": "{ a(x: ' + b"[" * 5_000 + b"]" * 5_000 + b') }"}', "GRAPHQL"),
]


@EACH_PATH
@pytest.mark.parametrize(("body", "code"), BODIES, ids=range(len(BODIES)))
def test_a_bad_body_is_refused(graphql: Client, endpoint: str, body: bytes, code: str) -> None:
    response = post(graphql, body, endpoint)
    assert 200 <= response.status < 500
    found = read(response).code or ""
    assert found.startswith(code), response
    if code == "MALFORMED_BODY":
        assert response.status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_body_of_another_type_is_refused(graphql: Client, kind: str) -> None:
    body = json.dumps({"query": QUERY}).encode()
    response = post(graphql, body, content_type=kind)
    assert response.status == 415
    assert read(response).code == "UNSUPPORTED_MEDIA_TYPE"


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
def test_the_type_may_have_a_charset_and_any_case(graphql: Client, kind: str) -> None:
    body = json.dumps({"query": QUERY}).encode()
    assert post(graphql, body, content_type=kind).json == {"data": TITLE}


def test_a_body_over_a_megabyte_is_too_large(graphql: Client) -> None:
    def query(size: int) -> bytes:
        shell = json.dumps({"query": QUERY}).encode()
        return shell + b" " * (size - len(shell))

    assert post(graphql, query(limits.MAX_BODY_BYTES)).json == {"data": TITLE}
    whole = query(limits.MAX_BODY_BYTES + 1)
    chunks = (whole[at : at + 65_536] for at in range(0, len(whole), 65_536))
    for body in (whole, chunks):
        response = graphql.request("POST", "/graphql", body=body, headers=JSON)
        assert response.status == 413
        assert read(response).code == "TOO_LARGE"


def test_a_body_in_chunks_is_read(graphql: Client) -> None:
    body = json.dumps({"query": QUERY}).encode()
    chunks = (body[at : at + 7] for at in range(0, len(body), 7))
    response = graphql.request("POST", "/graphql", body=chunks, headers=JSON)
    assert response.json == {"data": TITLE}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "NOT_FOUND"),
        ("/graphql/nothing", 404, "NOT_FOUND"),
        ("/books", 404, "NOT_FOUND"),
        ("/%00%ff", 404, "NOT_FOUND"),
    ],
)
def test_an_unknown_route_is_not_found(graphql: Client, path: str, status: int, code: str) -> None:
    response = graphql.get(path)
    assert response.status == status
    assert read(response).code == code


@pytest.mark.parametrize(
    "parameters",
    [
        {"query": QUERY, "variables": "{"},
        {"query": QUERY, "variables": "[1]"},
        {"query": QUERY, "variables": "5"},
        {"query": ""},
        {"query": "{"},
        {"variables": "{}"},
    ],
)
def test_bad_parameters_are_refused(graphql: Client, parameters: dict[str, Any]) -> None:
    response = graphql.get("/graphql", **parameters)
    assert response.status < 500
    assert read(response).code in ("MALFORMED_BODY", "VALIDATION", "GRAPHQL_PARSE_FAILED")


def test_json_is_compact_and_in_utf_8(graphql: Client) -> None:
    body = '{"query": "{ author(id: 1) { ünï: name } }"}'.encode()
    assert read(post(graphql, body)).code == "GRAPHQL_PARSE_FAILED"
    response = post(graphql, b'{"query": "{ book(id: 5) { title description } }"}')
    expected = '{"data":{"book":{"title":"Algorithms in the Kitchen","description":null}}}'
    assert response.body == expected.encode()


def test_the_data_comes_in_the_order_of_the_query(graphql: Client) -> None:
    query = '{"query": "{ b: book(id: 2) { title id } a: author(id: 1) { name id } }"}'
    assert post(graphql, query.encode()).body == (
        b'{"data":{"b":{"title":"Advanced Python","id":2},"a":{"name":"Ada Marlowe","id":1}}}'
    )
