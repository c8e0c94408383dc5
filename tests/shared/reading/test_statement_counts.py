"""One statement for each level of relations, at two sizes."""

import pytest

from shared.database import Connection
from shared.reading.catalogue import ENTITIES
from shared.reading.fetching import fetch_one
from shared.reading.selection import parse_fields
from shared.storage.instrumentation import Timing
from tests.shared.listed import listed

TREES: list[tuple[str, str, int]] = [
    ("author", "name", 1),
    ("author", "name,books.title", 2),
    ("author", "books.author.books.id", 4),
    ("book", "title,author.name", 2),
    ("book", "author.books.author.name", 4),
    ("customer", "orders.items.book.title", 4),
    ("customer", "name,orders.items.quantity,orders.items.book.author.name", 5),
    ("order", "id,item_count", 1),
    ("order", "items.price,customer.name", 3),
    ("order", "items.book.author.name,customer.orders.items.book_id", 7),
]


@pytest.mark.parametrize(("name", "fields", "statements"), TREES)
def test_one_statement_for_each_level_however_many_rows(
    connection: Connection, name: str, fields: str, statements: int
) -> None:
    for limit in (3, 30):
        with Timing() as timing:
            assert len(listed(connection, name, fields, limit=limit).records) == limit
        assert timing.statements == statements


@pytest.mark.parametrize(("name", "fields", "statements"), TREES)
def test_one_object_takes_no_more(
    connection: Connection, name: str, fields: str, statements: int
) -> None:
    with Timing() as timing:
        assert fetch_one(connection, parse_fields(ENTITIES[name], fields), 1)
    assert timing.statements == statements


@pytest.mark.parametrize("fields", ["items.book.title,customer.orders.id", "customer.orders.items"])
def test_no_parents_take_no_statement(connection: Connection, fields: str) -> None:
    with Timing() as timing:
        found = listed(connection, "order", fields, customer_id=99_999)
    assert found.records == []
    assert timing.statements == 1


def test_full_orders_take_two_statements(connection: Connection) -> None:
    for limit in (3, 30):
        with Timing() as timing:
            listed(connection, "order", limit=limit)
        assert timing.statements == 2
