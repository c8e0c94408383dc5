"""Nested lists: a page for each parent, with each sort, against the plain model."""

from typing import Any

import pytest

from shared.database import Connection
from shared.models import AuthorCreate, BookCreate, CustomerCreate, OrderCreate
from shared.operations import authors, books, customers, orders
from shared.reading.catalogue import AUTHOR, CUSTOMER
from shared.reading.fetching import fetch_related
from shared.reading.selection import Page, parse_fields
from tests.model import Model, Record, summary
from tests.shared.listed import BOTH_WAYS


def nested(connection: Connection, name: str, parents: list[int], at: Page) -> dict[int, Any]:
    relation = {"book": AUTHOR.relations["books"], "order": CUSTOMER.relations["orders"]}[name]
    shown = [field for field in relation.entity.fields if field != "version"]  # the model has none
    selection = parse_fields(relation.entity, ",".join(shown))
    return dict(fetch_related(connection, relation, selection, parents, at))


def expected(model: Model, name: str, parent: int, at: Page) -> list[Record]:
    rows = model.related(name, parent, at.sort, at.limit, at.offset)
    if name == "order":
        return [summary(row) | {"customer_id": row["customer_id"]} for row in rows]
    return rows


PARENTS = [[1], [2], [2, 1], [3, 2, 1, 4, 99_999, 5], list(range(1, 31))]


@pytest.mark.parametrize("parents", PARENTS, ids=len)
@pytest.mark.parametrize(
    ("name", "sort"), [way for way in BOTH_WAYS if way[0] in ("book", "order")]
)
def test_nested_pages_are_per_parent(
    connection: Connection, model: Model, name: str, sort: str, parents: list[int]
) -> None:
    for limit, offset in ((20, 0), (3, 0), (1, 2), (100, 9), (2, 10_000)):
        at = Page(limit, offset, sort)
        found = nested(connection, name, parents, at)
        assert found == {parent: expected(model, name, parent, at) for parent in parents}


@pytest.mark.parametrize("sort", ["price", "-price", "title", "-title", "publication_date"])
def test_equal_ones_come_by_id_in_nested_pages_too(connection: Connection, sort: str) -> None:
    author = authors.create_author(connection, AuthorCreate(name="Twins", email="t@example.com"))
    ids = [
        books.create_book(
            connection,
            BookCreate(
                title="Twin",
                isbn=isbn,
                price=5,
                publication_date="2024-01-01",
                author_id=author["id"],
                genre="Art",
            ),
        )["id"]
        for isbn in ("080442957X", "0306406152", "9781234567880")
    ]
    for parents in ([author["id"]], [author["id"], 1]):
        found = nested(connection, "book", parents, Page(2, 1, sort))
        assert [book["id"] for book in found[author["id"]]] == ids[1:]


def test_an_orders_items_are_never_cut(connection: Connection) -> None:
    customer = customers.create_customer(
        connection, CustomerCreate(name="Many", email="many@example.com")
    )
    items = [{"book_id": row_id, "quantity": 1} for row_id in range(25, 5, -1)]
    placed = orders.place_order(connection, OrderCreate(customer_id=customer["id"], items=items))
    assert [item["book_id"] for item in placed["items"]] == list(range(6, 26))
    (again,) = customers.get_customer(
        connection, customer["id"], parse_fields(CUSTOMER, "orders.items.book.title")
    )["orders"]
    assert len(again["items"]) == 20
