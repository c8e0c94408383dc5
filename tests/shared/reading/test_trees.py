"""Trees of fields and relations, as `fields` paths name them."""

from typing import Any

import pytest
from pydantic import TypeAdapter

from shared.database import Connection
from shared.models import AuthorCreate
from shared.operations import authors, books, customers
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER
from shared.reading.fetching import fetch_by_ids, fetch_one
from shared.reading.listing import AuthorQuery
from shared.reading.selection import Selection, own_fields, parse_fields
from tests.model import Model
from tests.shared.listed import listed


def test_members_come_in_the_order_of_the_paths(connection: Connection) -> None:
    selection = parse_fields(BOOK, "price,author.email,title,author.name,id")
    record = books.get_book(connection, 1, selection)
    assert record == {
        "price": 29.99,
        "author": {"email": "ada.marlowe@example.com", "name": "Ada Marlowe"},
        "title": "Python Programming",
        "id": 1,
    }
    assert list(record) == ["price", "author", "title", "id"]
    assert list(record["author"]) == ["email", "name"]


def test_a_tree_down_to_the_authors(connection: Connection, model: Model) -> None:
    selection = parse_fields(CUSTOMER, "name,orders.order_date,orders.items.book.author.name")
    found = customers.get_customer(connection, 1, selection)
    assert found == {
        "name": "Grace Holm",
        "orders": [
            {
                "order_date": order["order_date"],
                "items": [
                    {"book": {"author": {"name": author_of(model, item["book_id"])}}}
                    for item in order["items"]
                ],
            }
            for order in model.related("order", 1)
        ],
    }


def author_of(model: Model, book_id: int) -> str:
    return str(model.author[model.book[book_id]["author_id"]]["name"])


@pytest.mark.parametrize("limit", [3, 30])
def test_a_list_of_nothing_but_a_count(connection: Connection, model: Model, limit: int) -> None:
    counted = [{"item_count": len(o["items"])} for o in model.listed("order", limit=limit)]
    assert listed(connection, "order", "item_count", limit=limit).records == counted
    history = customers.get_customer(connection, 1, parse_fields(CUSTOMER, "orders.item_count"))
    assert history == {"orders": [{"item_count": 3}] * 5}


def test_what_has_no_children_has_an_empty_list(connection: Connection) -> None:
    made = authors.create_author(
        connection,
        AuthorCreate(name="New", email="new@example.com"),
        parse_fields(AUTHOR, "books.author.name,name"),
    )
    assert made == {"books": [], "name": "New"}


def test_an_id_that_is_unknown_is_none(connection: Connection) -> None:
    assert fetch_one(connection, own_fields(BOOK), 99_999) is None
    assert fetch_by_ids(connection, own_fields(BOOK), []) == []


def test_selections_are_checked_against_every_relation(connection: Connection) -> None:
    def walk(entity: Any, depth: int) -> list[str]:
        paths = list(entity.fields)
        if depth:
            for name, relation in entity.relations.items():
                paths += [f"{name}.{path}" for path in walk(relation.entity, depth - 1)]
        return paths

    for entity in (AUTHOR, BOOK, CUSTOMER, ORDER):
        for path in walk(entity, 3):
            record: Any = fetch_one(connection, parse_fields(entity, path), 1)
            for name in path.split("."):
                record = record[0] if isinstance(record, list) else record
                assert list(record) == [name]
                record = record[name]


def test_a_selection_may_be_shared_by_threads_and_sizes(connection: Connection) -> None:
    selection: Selection = parse_fields(AUTHOR, "books.id")
    one = authors.list_authors(connection, AuthorQuery(ids=[1]), selection)
    several = authors.list_authors(connection, AuthorQuery(limit=3), selection)
    assert one.records[0] == several.records[0]


def test_type_of_amounts_is_a_number(connection: Connection) -> None:
    check = TypeAdapter(float)
    record = fetch_one(connection, own_fields(ORDER), 1)
    assert record
    assert type(record["total_amount"]) is float
    assert check.validate_python(record["total_amount"], strict=True)
