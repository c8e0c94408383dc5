"""Introspection and GraphiQL can be switched off."""

from typing import Any

import pytest
from graphql import get_introspection_query

from graphql_api.app import create_app
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.fixture(scope="module")
def silent(bookstore: Bookstore) -> AppClient:
    return AppClient(create_app(Settings(introspection=False), bookstore))


@pytest.fixture(scope="module")
def bare(bookstore: Bookstore) -> AppClient:
    return AppClient(create_app(Settings(graphiql=False), bookstore))


@EACH_PATH
@pytest.mark.parametrize(
    "query", [get_introspection_query(), "{ __schema { types { name } } }",
              '{ a: __type(name: "Book") { name } }'],
)  # fmt: skip
def test_introspection_can_be_off(
    client: AppClient, silent: AppClient, query: str, path: str
) -> None:
    assert client.data(query, path)
    response = silent.ask(query, path)
    assert list(response.json) == ["errors"]
    codes = {error["extensions"]["code"] for error in response.json["errors"]}
    assert codes - {"TOO_COMPLEX"} == {"GRAPHQL_VALIDATION_FAILED"}  # more errors than are told


def test_the_rest_goes_on_without_it(silent: AppClient) -> None:
    assert silent.data("{ __typename book(id: 1) { __typename title } }")


GUESSES: list[tuple[str, dict[str, Any], str]] = [
    ("{ boks { id } }", {}, "books"),
    ("{ book(id: 1) { titel } }", {}, "title"),
    ("{ books(limt: 1) { id } }", {}, "limit"),
    ("query($v: Bok) { books(filter: $v) { id } }", {}, "Book"),
    ("{ books(filter: {gnre: 1}) { id } }", {}, "genre"),
    ("query($v: BookFilter) { books(filter: $v) { id } }", {"v": {"gnre": 1}}, "genre"),
]


VARIABLE = "query($v: BookSort) { books(sort: $v) { id } }"
PLACED = "mutation($v: OrderCreate!) { placeOrder(input: $v) { id } }"


@pytest.mark.parametrize(
    ("query", "variables", "names"),
    [
        ("{ book(id: 1) { author } }", {}, ["Did you mean"]),
        ("{ books(sort: TITEL) { id } }", {}, ["title_desc", "price"]),
        ('{ books(sort: "TITEL") { id } }', {}, ["title", "price"]),
        (VARIABLE, {"v": "TITEL"}, ["title", "price"]),
        (PLACED, {"v": {"item": 1}}, ["items is required"]),
    ],
)
def test_errors_then_list_nothing(
    client: AppClient, silent: AppClient, query: str, variables: dict[str, Any], names: list[str]
) -> None:
    told, hidden = (str(c.error(query, **variables)).lower() for c in (client, silent))
    assert all(name.lower() in told for name in names)
    assert not any(name.lower() in hidden for name in names)


def test_the_first_member_that_is_missing_is_named_all_the_same(silent: AppClient) -> None:
    error = silent.error(PLACED, v={})
    assert [e["field"] for e in error["extensions"]["errors"]] == ["v.customerId"]


@pytest.mark.parametrize(("query", "variables", "name"), GUESSES)
def test_errors_then_suggest_no_names(
    client: AppClient, silent: AppClient, query: str, variables: dict[str, Any], name: str
) -> None:
    told = [error["message"] for error in client.ask(query, **variables).json["errors"]]
    assert any(name in message.split("gnre")[-1] for message in told)
    hidden = [error["message"] for error in silent.ask(query, **variables).json["errors"]]
    assert len(hidden) == len(told)
    assert not any("Did you mean" in m or "known are" in m for m in hidden)


def test_the_schemas_text_goes_with_it(client: AppClient, silent: AppClient) -> None:
    assert client.get("/schema.graphql").status == 200
    assert silent.get("/schema.graphql").status == 404
    assert "schema" not in silent.get("/").json["graphql"]


@EACH_PATH
def test_graphiql_can_be_off(client: AppClient, bare: AppClient, path: str) -> None:
    assert client.get(path, accept=BROWSER).media_type == "text/html"
    response = bare.get(path, accept=BROWSER)
    assert (response.status, response.media_type) == (400, "application/json")
    assert bare.data("{ book(id: 1) { title } }", path)


def test_its_files_go_with_it(client: AppClient, bare: AppClient) -> None:
    assert client.get("/graphiql/start.js").status == 200
    assert bare.get("/graphiql/start.js").status == 404
    assert "graphiql" not in bare.get("/").json["graphql"]
    assert "graphiql" not in bare.get("/", accept=BROWSER).content.decode().lower()
