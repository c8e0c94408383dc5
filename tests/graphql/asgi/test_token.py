"""Writes need the token where one is set; reads are open."""

import pytest

from graphql_api.app import create_app
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

TOKEN = "0123456789abcdef"
BEARER = f"Bearer {TOKEN}"
RENAME = "mutation { updateAuthor(id: 1, input: {name: \"X\"}) { name } }"  # fmt: skip
EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)


@pytest.fixture
def guarded(own_bookstore: Bookstore) -> AppClient:
    return AppClient(create_app(Settings(token=TOKEN), own_bookstore))


@EACH_PATH
@pytest.mark.parametrize("given", [None, "", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_a_mutation_without_the_token_is_refused_before_it_runs(
    guarded: AppClient, given: str | None, path: str
) -> None:
    headers = {} if given is None else {"authorization": given}
    response = guarded.post({"query": RENAME}, path, **headers)
    assert response.status == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert list(response.json) == ["errors"]
    assert response.json["errors"][0]["extensions"]["code"] == "UNAUTHORIZED"
    assert response.statements == 0
    assert guarded.data("{ author(id: 1) { name } }")["author"]["name"] != "X"


@EACH_PATH
@pytest.mark.parametrize("given", [BEARER, f"bearer {TOKEN}"])
def test_with_the_token_it_runs(guarded: AppClient, given: str, path: str) -> None:
    response = guarded.post({"query": RENAME}, path, authorization=given)
    assert response.json == {"data": {"updateAuthor": {"name": "X"}}}


@pytest.mark.parametrize("given", ["", "Bearer wrong", BEARER])
def test_reads_are_open_and_a_wrong_token_counts_as_none(guarded: AppClient, given: str) -> None:
    query = {"query": "{ customer(id: 1) { name email } }"}
    response = guarded.post(query, authorization=given)
    assert response.status == 200
    shown = response.json["data"]["customer"]
    assert shown["name"]
    assert (shown["email"] is not None) == (given == BEARER)


def test_an_operation_that_reads_beside_one_that_writes_is_open(guarded: AppClient) -> None:
    query = "query A { __typename } mutation B { deleteBook(id: 999999) }"
    assert guarded.post({"query": query, "operationName": "A"}).status == 200
    assert guarded.post({"query": query, "operationName": "B"}).status == 401


def test_without_a_token_in_the_settings_everybody_may_write(own_client: AppClient) -> None:
    assert own_client.data(RENAME) == {"updateAuthor": {"name": "X"}}
