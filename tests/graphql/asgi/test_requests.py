"""GraphQL over HTTP: what is refused before GraphQL comes to it, and in which form."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest

from shared import limits
from tests.exchange import Response
from tests.fixtures import ENDPOINTS
from tests.graphql.client import JSON, AppClient

QUERY = b'{"query": "{ book(id: 1) { title } }"}'
TITLE = {"data": {"book": {"title": "Python Programming"}}}


def refused(response: Response, status: int, code: str) -> dict[str, Any]:
    assert response.status == status, response
    assert response.media_type == "application/json"
    assert list(response.json) == ["errors"]
    (error,) = response.json["errors"]
    assert error["extensions"]["code"] == code, response
    assert isinstance(error, dict)
    return error


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b"5", b"null", b'[{"query": "{ __typename }"}]', b"NaN",
     b"[" * 100_000, b"{}", b'{"query": null}', b'{"variables": {}}'],
)  # fmt: skip
def test_a_body_that_is_none_is_malformed(client: AppClient, body: bytes) -> None:
    refused(client.request("POST", "/graphql", [body], JSON), 400, "MALFORMED_BODY")


@pytest.mark.parametrize(
    ("member", "value"),
    [("query", 5), ("query", ["{ __typename }"]), ("variables", []), ("variables", "{}"),
     ("operationName", 5), ("operationName", {}), ("extensions", "x"), ("extensions", [1])],
)  # fmt: skip
def test_a_member_of_the_wrong_type_is_named(client: AppClient, member: str, value: object) -> None:
    body = {"query": "{ __typename }", member: value}
    assert refused(client.post(body), 400, "VALIDATION")["extensions"]["field"] == member


@pytest.mark.parametrize(
    "headers",
    [{}, {"content-type": "text/plain"}, {"content-type": "application/graphql"},
     {"content-type": "application/x-www-form-urlencoded"}, {**JSON, "content-encoding": "gzip"}],
    ids=str,
)  # fmt: skip
def test_a_body_of_another_type_is_refused(client: AppClient, headers: dict[str, str]) -> None:
    refused(client.request("POST", "/graphql", [QUERY], headers), 415, "UNSUPPORTED_MEDIA_TYPE")


def test_the_type_may_have_parameters_and_capitals(client: AppClient) -> None:
    headers = {"content-type": "Application/JSON; charset=utf-8"}
    assert client.request("POST", "/graphql", [QUERY], headers).json == TITLE


def sized(size: int) -> bytes:
    return QUERY + b" " * (size - len(QUERY))


@pytest.mark.parametrize(
    ("chunks", "announced"),
    [
        ([sized(limits.MAX_BODY_BYTES + 1)], True),
        ([sized(limits.MAX_BODY_BYTES + 1)], False),
        ([sized(limits.MAX_BODY_BYTES), b" "], False),
        ([b" "] * 3 + [sized(limits.MAX_BODY_BYTES)], False),
    ],
    ids=["announced", "in one chunk", "in two chunks", "in four chunks"],
)
def test_a_body_over_the_limit_is_refused(
    client: AppClient, chunks: Iterable[bytes], announced: bool
) -> None:
    length = {"content-length": str(limits.MAX_BODY_BYTES + 1)} if announced else {}
    refused(client.request("POST", "/graphql", chunks, {**JSON, **length}), 413, "TOO_LARGE")


def test_a_body_at_the_limit_is_read(client: AppClient) -> None:
    body = sized(limits.MAX_BODY_BYTES)
    headers = {**JSON, "content-length": str(len(body))}
    assert client.request("POST", "/graphql", [body[:500], body[500:]], headers).json == TITLE


def test_a_client_that_goes_away_gets_no_answer(client: AppClient) -> None:
    assert client.request("POST", "/graphql", [], JSON).status == 0


def test_a_query_may_come_by_get(client: AppClient) -> None:
    query = quote("query A($id: Int!) { book(id: $id) { title } } query B { __typename }")
    variables = quote('{"id": 1}')
    path = f"/graphql?query={query}&variables={variables}&operationName=A"
    assert client.get(path).json == TITLE


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/graphql", 400, "MALFORMED_BODY"),
        ("/graphql?query=%ff", 400, "MALFORMED_BODY"),
        ("/graphql?query={__typename}&variables=x", 400, "VALIDATION"),
        ("/graphql?query={__typename}&extensions=true", 400, "VALIDATION"),
        ("/graphql?query={__typename}&variables=[]", 400, "VALIDATION"),
        ("/graphql?query=mutation{deleteOrder(id:1)}", 405, "METHOD_NOT_ALLOWED"),
        ("/nowhere", 404, "NOT_FOUND"),
        ("/graphql//", 404, "NOT_FOUND"),
        ("/docs", 404, "NOT_FOUND"),
        ("/openapi.json", 404, "NOT_FOUND"),
        ("/graphiql/..%2fapp.py", 404, "NOT_FOUND"),
    ],
)
def test_a_get_that_cannot_be(client: AppClient, path: str, status: int, code: str) -> None:
    refused(client.get(path), status, code)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/graphql", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("DELETE", "/graphql/unbatched", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("get", "/graphql", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("POST", "/ping", {"GET", "HEAD", "OPTIONS"}),
        ("POST", "/health", {"GET", "HEAD", "OPTIONS"}),
        ("DELETE", "/", {"GET", "HEAD", "OPTIONS"}),
        ("get", "/", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_a_method_that_is_not_there_names_those_that_are(
    client: AppClient, method: str, path: str, allowed: set[str]
) -> None:
    response = client.request(method, path)
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert set(response.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ books(ids: [2, 1], offset: 0, limit: null, sort: null, filter: null) { id } }", {}),
        ("query($n: Int! = 0) { books(ids: [2, 1], offset: $n) { id } }", {}),
        ("query($n: Int!) { books(ids: [2, 1], offset: $n) { id } }", {"n": 0}),
        ("query($n: Int! = 5) { books(ids: [2, 1], offset: $n) { id } }", {"n": 0}),
        ("query($s: BookSort, $n: Int) { books(ids: [2, 1], sort: $s, limit: $n) { id } }", {}),
        ("query($i: [Int!]! = [2, 1]) { books(ids: $i, offset: 0, filter: {}) { id } }", {}),
    ],
)
def test_a_declared_default_is_as_if_left_out(
    client: AppClient, query: str, variables: dict[str, Any], path: str
) -> None:
    assert client.data(query, path, **variables) == {"books": [{"id": 2}, {"id": 1}]}


@pytest.mark.parametrize("path", ENDPOINTS)
def test_declared_defaults_change_nothing_anywhere(client: AppClient, path: str) -> None:
    for plain, declared in (
        ("authors { books { id } }", "authors(offset: 0) { books(limit: 20, offset: 0) { id } }"),
        ("authors { books { id } }", "authors { books(sort: null) { id } }"),
        ('searchBooks(query: "python") { id }',
         'searchBooks(query: "python", limit: 20, offset: 0) { id }'),
        ("booksConnection { edges { cursor } }",
         "booksConnection(first: 20, after: null, sort: null, filter: null) { edges { cursor } }"),
        ("books(filter: {genre: \"Art\"}) { id }",
         "books(filter: {genre: \"Art\"}, offset: 0) { id }"),
    ):  # fmt: skip
        assert client.data(f"{{ {declared} }}", path) == client.data(f"{{ {plain} }}", path)


def test_what_a_request_may_have_besides_is_overlooked(client: AppClient) -> None:
    body = {"query": "{ book(id: 1) { title } }", "variables": None, "operationName": "", "id": 7}
    assert client.post(body).json == TITLE


def test_ping_is_a_constant_without_a_statement(client: AppClient) -> None:
    response = client.get("/ping")
    assert (response.json, response.statements) == ({"status": "ok"}, 0)


def test_health_asks_the_database(client: AppClient) -> None:
    response = client.get("/health")
    said = response.json
    assert (said["status"], said["database"], said["seed"]) == ("ok", "sqlite", 1)
    assert (type(said["books"]), said["db_latency_ms"]) == (int, 0.0)
    assert response.statements == 1


def test_the_start_page_is_for_people_and_for_programs(client: AppClient) -> None:
    page = client.get("/", accept="text/html,application/xhtml+xml")
    assert page.media_type == "text/html"
    assert "http://127.0.0.1:8001/graphql" in page.content.decode()
    links = client.get("/", accept="*/*")
    assert links.json["graphql"]["schema"] == "http://127.0.0.1:8001/schema.graphql"
    assert client.get("/schema.graphql").content.startswith(b'"""')


@pytest.mark.parametrize("name", ["query", "variables", "operationName", "extensions"])
def test_a_parameter_of_a_get_is_given_once(client: AppClient, name: str) -> None:
    given = {"query": "{__typename}", "variables": "{}", "operationName": "", "extensions": "{}"}
    once = "&".join(f"{key}={value}" for key, value in given.items())
    assert client.get(f"/graphql?{once}&other=1&other=2").status == 200
    response = client.get(f"/graphql?{once}&{name}={given[name]}")
    assert response.status == 400
    (error,) = response.json["errors"]
    assert error["message"] == f"{name} must be given once"


NULLS = ("variables", "operationName", "extensions")


@pytest.mark.parametrize("name", NULLS)
def test_null_is_absent_by_post(client: AppClient, name: str) -> None:
    body = {"query": "{ __typename }", name: None}
    assert client.post(body).json == {"data": {"__typename": "Query"}}
    events = client.post(body, accept="text/event-stream")
    assert b'"__typename":"Query"' in events.body


@pytest.mark.parametrize("extension", ["persistedQuery", "cost"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_null_is_an_absent_extension(client: AppClient, method: str, extension: str) -> None:
    if method == "GET":
        answer = client.get(f'/graphql?query={{__typename}}&extensions={{"{extension}":null}}')
    else:
        answer = client.post({"query": "{ __typename }", "extensions": {extension: None}})
    assert answer.json == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("name", ["variables", "extensions"])
@pytest.mark.parametrize("null", ["null", "%20null%0A", ""])
def test_null_is_absent_by_get(client: AppClient, name: str, null: str) -> None:
    path = f"/graphql?query={{__typename}}&{name}={null}"
    assert client.get(path).json == {"data": {"__typename": "Query"}}
    assert b'"__typename":"Query"' in client.get(path, accept="text/event-stream").body
