"""Mutations: in their order, each in a transaction and off the event loop."""

import threading
from typing import Any

import pytest

from shared.operations import authors, orders
from shared.serving.bookstore import Bookstore
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

EACH_PATH = pytest.mark.parametrize("path", ENDPOINTS)


@EACH_PATH
def test_what_is_below_a_mutation_is_as_it_left_it(own_client: AppClient, path: str) -> None:
    query = """mutation {
        a: updateBook(id: 1, input: {title: "First"}) { ...below }
        b: updateBook(id: 1, input: {title: "Second"}) { ...below }
    } fragment below on Book { title author { books(limit: 1) { title } } }"""
    data = own_client.data(query, path)
    for alias, title in (("a", "First"), ("b", "Second")):
        assert data[alias] == {"title": title, "author": {"books": [{"title": title}]}}


@EACH_PATH
def test_one_that_fails_leaves_the_others(own_client: AppClient, path: str) -> None:
    query = """mutation {
        a: createAuthor(input: {name: "A", email: "a@example.com"}) { name }
        b: createAuthor(input: {name: "B", email: "a@example.com"}) { name }
    }"""
    assert own_client.error(query, path)["path"] == ["b"]
    assert own_client.data("{ authors(sort: ID_DESC, limit: 1) { name } }") == {
        "authors": [{"name": "A"}]
    }


def test_one_that_fails_writes_nothing(
    own_client: AppClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError

    monkeypatch.setattr(orders, "get_order", broken)  # the last step of placing one
    place = (
        "mutation { placeOrder(input: {customerId: 1, items: [{bookId: 1, quantity: 2}]}) { id } }"
    )
    state = "{ book(id: 1) { stock } orders(sort: ID_DESC, limit: 1) { id } }"
    before = own_client.data(state)
    assert own_client.error(place)["extensions"]["code"] == "INTERNAL"
    assert own_client.data(state) == before
    monkeypatch.undo()
    own_client.data(place)
    after = own_client.data(state)
    assert after["book"]["stock"] == before["book"]["stock"] - 2
    assert after["orders"][0]["id"] > before["orders"][0]["id"]


def test_a_member_that_is_left_out_stays_and_null_empties(own_client: AppClient) -> None:
    query = "mutation($input: AuthorUpdate!) { updateAuthor(id: 1, input: $input) { name bio } }"
    kept = own_client.data(query, input={})["updateAuthor"]
    assert kept["bio"]
    assert own_client.data(query, input={"name": "New"})["updateAuthor"] == {**kept, "name": "New"}
    assert own_client.data(query, input={"bio": None})["updateAuthor"]["bio"] is None


def test_writes_never_run_on_the_event_loop(
    own_client: AppClient, own_bookstore: Bookstore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[threading.Thread] = []
    create = authors.create_author

    def watched(*arguments: Any) -> Any:
        seen.append(threading.current_thread())
        return create(*arguments)

    monkeypatch.setattr(authors, "create_author", watched)
    query = 'mutation { createAuthor(input: {name: "A", email: "a@example.com"}) { id } }'
    response = own_client.ask(query)
    assert response.statements == 2  # counted over there too
    assert seen != []
    assert threading.main_thread() not in seen
