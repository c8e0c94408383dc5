"""Statements: one for each level, however many rows it has; on the textbook endpoint they grow."""

import pytest

from shared.serving.bookstore import Bookstore
from tests.fixtures import ENDPOINTS
from tests.graphql.client import AppClient

PLANNED, DATALOADER, UNBATCHED = ENDPOINTS

# Levels of relations, with the root: a query for `{size}` parents, and its statements.
QUERIES = {
    "authors with books": ("{{ authors(limit: {size}) {{ id books(limit: 3) {{ title }} }} }}", 2),
    "books with authors": ("{{ books(limit: {size}) {{ title author {{ name }} }} }}", 2),
    "orders with items": ("{{ orders(limit: {size}) {{ id items {{ quantity }} }} }}", 2),
    "orders with items and books": (
        "{{ orders(limit: {size}) {{ id items {{ book {{ title }} }} }} }}",
        3,
    ),
    "orders with each book's author": (
        "{{ orders(limit: {size}) {{ items {{ book {{ author {{ name }} }} }} }} }}",
        4,
    ),
    "orders with customers and all their orders": (
        "{{ orders(limit: {size}) {{ customer {{ orders(limit: 5) {{ items {{ price }} }} }} }} }}",
        4,
    ),
    "books by cursors with authors": (
        "{{ booksConnection(first: {size}) {{ edges {{ node {{ author {{ name }} }} }} }} }}",
        2,
    ),
    "orders by cursors with items and books": (
        """{{ ordersConnection(first: {size}) {{
            edges {{ node {{ items {{ book {{ title }} }} }} }} pageInfo {{ endCursor }}
        }} }}""",
        3,
    ),
}
EACH = pytest.mark.parametrize("name", QUERIES)
GOOD_PATHS = pytest.mark.parametrize("path", [PLANNED, DATALOADER])


@EACH
@GOOD_PATHS
@pytest.mark.parametrize("size", [3, 30])
def test_a_level_takes_one_statement(client: AppClient, name: str, path: str, size: int) -> None:
    query, statements = QUERIES[name]
    assert client.ask(query.format(size=size), path).statements == statements


@EACH
def test_on_the_textbook_endpoint_they_grow_with_the_rows(client: AppClient, name: str) -> None:
    query, statements = QUERIES[name]
    few = client.ask(query.format(size=3), UNBATCHED).statements
    many = client.ask(query.format(size=30), UNBATCHED).statements
    assert few >= 3 * (statements - 1) + 1
    assert many > 5 * few


@GOOD_PATHS
@pytest.mark.parametrize("customer", [1, 2])  # with 5 and with 20 orders
@pytest.mark.parametrize(
    ("items", "statements"), [("{ quantity book { title } }", 4),
                              ("{ quantity book { title author { name } } }", 5)],
)  # fmt: skip
def test_an_order_history(
    client: AppClient, path: str, customer: int, items: str, statements: int
) -> None:
    query = f"query($id: Int!) {{ customer(id: $id) {{ name orders {{ id items {items} }} }} }}"
    response = client.ask(query, path, id=customer)
    assert len(response.json["data"]["customer"]["orders"]) == {1: 5, 2: 20}[customer]
    assert response.statements == statements


@GOOD_PATHS
@pytest.mark.parametrize("author", [1, 2])  # with 5 and with 10 books
def test_an_author_with_books(client: AppClient, path: str, author: int) -> None:
    query = "query($id: Int!) { author(id: $id) { name books { title } } }"
    assert client.ask(query, path, id=author).statements == 2


@GOOD_PATHS
def test_objects_of_which_the_same_is_asked_are_read_together(client: AppClient, path: str) -> None:
    ids = [9, 1, 2_000_000_000, 5, 1]
    fields = " ".join(f"b{n}: book(id: {i}) {{ id author {{ id }} }}" for n, i in enumerate(ids))
    response = client.ask(f"{{ {fields} }}", path)
    data = response.json["data"]
    assert [*data] == [f"b{n}" for n in range(5)]
    assert [book and book["id"] for book in data.values()] == [9, 1, None, 5, 1]
    assert response.statements == 2


def test_objects_of_which_something_else_is_asked_are_read_by_themselves(
    client: AppClient,
) -> None:
    query = """{
        a: author(id: 1) { books(limit: 1) { id } } b: author(id: 2) { books(limit: 2) { id } }
        c: author(id: 3) { id } d: author(id: 4) { name } e: book(id: 1) { id }
    }"""
    data = client.data(query, PLANNED)
    assert [len(data[key]["books"]) for key in "ab"] == [1, 2]
    assert [*data["c"], *data["d"], *data["e"]] == ["id", "name", "id"]
    assert client.ask(query, PLANNED).statements == 7


def test_a_part_of_a_level_that_is_asked_for_later_comes_with_it(client: AppClient) -> None:
    # A list of one object is waited for by other tasks than one of many.
    query = """{ customers(ids: [1, 2, 200, 199]) {
        id orders(limit: 3) { id items { bookId book { id } } customer { id } }
    } }"""
    assert client.ask(query, DATALOADER).statements == 5


def test_the_order_history_on_the_textbook_endpoint(client: AppClient) -> None:
    query = "{ customer(id: 1) { orders { items { book { title author { name } } } } } }"
    # the customer, the orders; items of 5 orders, 15 books, 15 authors
    assert client.ask(query, UNBATCHED).statements == 2 + 5 + 15 + 15


def test_a_page_of_its_own_is_a_statement_of_its_own(client: AppClient) -> None:
    query = """{ authors(limit: 10) {
        cheap: books(limit: 2, sort: PRICE) { id }
        dear: books(limit: 2, sort: PRICE_DESC) { id }
        same: books(sort: PRICE, limit: 2) { price }
    } }"""
    assert client.ask(query, DATALOADER).statements == 3


def test_what_is_known_is_not_asked_again(client: AppClient) -> None:
    query = """{
        a: book(id: 1) { author { books { author { books { title } } } } }
        b: book(id: 1) { id }
    }"""
    assert client.ask(query, DATALOADER).statements == 3


def test_a_level_stays_together_where_a_part_of_it_is_known(client: AppClient) -> None:
    # Book 1 is known when books 1 and 6 are asked for: their authors still come at once.
    query = (
        """{ book(id: 1) { title } orders(ids: [1, 3]) { items { book { author { name } } } } }"""
    )
    assert client.ask(query, DATALOADER).statements == 5


def test_a_request_remembers_nothing_of_another(
    own_client: AppClient, own_bookstore: Bookstore
) -> None:
    query = "{ book(id: 1) { title } }"
    assert own_client.ask(query, DATALOADER).statements == 1
    with own_bookstore.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE book SET title = 'Changed' WHERE id = 1")
    assert own_client.data(query, DATALOADER) == {"book": {"title": "Changed"}}
