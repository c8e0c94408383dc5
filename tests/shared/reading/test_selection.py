"""`fields` paths and the selections that they name."""

from typing import Any

import pytest

from shared.errors import UnknownField, ValidationFailed
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ENTITIES, ORDER, ORDER_ITEM, Entity
from shared.reading.selection import FULL_ORDER, ORDER_SUMMARY, Page, Selection, full, parse_fields


def shape(selection: Selection) -> Any:
    """The selection as nested lists of names."""
    nested = {one.key: one for one in selection.nested}
    return [{key: shape(nested[key].selection)} if key in nested else key for key in selection.keys]


AUTHOR_FULL = ["id", "name", "email", "bio"]
ITEM_FULL = ["book_id", "quantity", "price"]


@pytest.mark.parametrize(
    ("entity", "text", "expected"),
    [
        (BOOK, "title", ["title"]),
        (BOOK, "price,title", ["price", "title"]),
        (BOOK, " price , title ", ["price", "title"]),
        (BOOK, "title,title", ["title"]),
        (BOOK, "author", [{"author": AUTHOR_FULL}]),
        (BOOK, "author.name", [{"author": ["name"]}]),
        (BOOK, "author.name,title,author.id", [{"author": ["name", "id"]}, "title"]),
        (BOOK, "author.name,author", [{"author": ["name", "id", "email", "bio"]}]),
        (BOOK, "author,author.name", [{"author": AUTHOR_FULL}]),
        (BOOK, "author_id,author.id", ["author_id", {"author": ["id"]}]),
        (AUTHOR, "books.author.books.id", [{"books": [{"author": [{"books": ["id"]}]}]}]),
        (ORDER, "item_count", ["item_count"]),
        (ORDER, "items", [{"items": ITEM_FULL}]),
        (ORDER, "items.book.author.name", [{"items": [{"book": [{"author": ["name"]}]}]}]),
        (
            CUSTOMER,
            "name,orders",
            [
                "name",
                {
                    "orders": [
                        "id",
                        "customer_id",
                        "order_date",
                        "status",
                        "total_amount",
                        {"items": ITEM_FULL},
                    ]
                },
            ],
        ),
    ],
)
def test_paths_name_members_in_their_order(entity: Entity, text: str, expected: Any) -> None:
    assert shape(parse_fields(entity, text)) == expected


@pytest.mark.parametrize(
    ("entity", "text", "says"),
    [
        (BOOK, "colour", "got 'colour': in book, there is no 'colour'; known are id, title,"),
        (BOOK, "title.length", "got 'title.length': in book, 'title' has no members"),
        (BOOK, "author.colour", "got 'author.colour': in author, there is no 'colour'"),
        (BOOK, "", "got '': in book, there is no ''"),
        (BOOK, "title,", "got '': in book, there is no ''"),
        (BOOK, "author.", "got 'author.': in author, there is no ''"),
        (BOOK, ".title", "got '.title': in book, there is no ''"),
        (BOOK, "Title", "there is no 'Title'"),
        (BOOK, "price_cents", "there is no 'price_cents'"),
        (BOOK, "search_text", "there is no 'search_text'"),
        (BOOK, "title;drop", "there is no 'title;drop'"),
        (BOOK, "orders", "there is no 'orders'"),
        (AUTHOR, "books.title.x", "'title' has no members"),
        (ORDER, "items.id", "in order item, there is no 'id'"),
        (ORDER, "items.book", None),
        (CUSTOMER, "orders.items.book.author.books.title", None),
        (CUSTOMER, "\0", "there is no '\\x00'"),
    ],
)
def test_a_path_that_does_not_exist_is_named(entity: Entity, text: str, says: str | None) -> None:
    if says is None:
        assert parse_fields(entity, text)
        return
    with pytest.raises(UnknownField) as raised:
        parse_fields(entity, text)
    assert raised.value.field == "fields"
    assert says in raised.value.message
    assert raised.value.message.startswith("fields must name what exists, got ")


def test_an_unknown_path_says_what_is_known() -> None:
    with pytest.raises(
        UnknownField, match=r"known are id, name, email, bio, version; its relations"
    ):
        parse_fields(AUTHOR, "x")
    with pytest.raises(UnknownField, match=r"known are book_id, quantity, price; its relations"):
        parse_fields(ORDER, "items.x")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("x" * 2_001, "must have at most 2000 characters, got 2001"),
        (".".join(["author", "books"] * 4 + ["id"]), "must have paths of at most 8 names, got"),
    ],
)
def test_too_much_is_refused(text: str, rule: str) -> None:
    with pytest.raises(ValidationFailed, match=rule) as raised:
        parse_fields(BOOK, text)
    assert raised.value.field == "fields"


def test_eight_names_are_not_too_deep() -> None:
    assert parse_fields(BOOK, ".".join(["author", "books"] * 3 + ["author", "id"]))


def test_the_same_text_gives_the_same_selection() -> None:
    assert parse_fields(BOOK, "id,title") is parse_fields(BOOK, "id,title")


def test_full_representations_are_those_of_the_contract() -> None:
    assert shape(full(AUTHOR)) == AUTHOR_FULL
    book = "id title isbn price publication_date author_id genre description stock"
    assert shape(full(BOOK)) == book.split()
    assert shape(full(CUSTOMER)) == ["id", "name", "email", "phone", "address"]
    assert shape(full(ORDER_ITEM)) == ITEM_FULL
    order = ["id", "customer_id", "order_date", "status", "total_amount"]
    assert shape(FULL_ORDER) == [*order, {"items": ITEM_FULL}]
    assert shape(ORDER_SUMMARY) == ["id", "order_date", "status", "total_amount", "item_count"]


def test_lists_have_a_limit_for_each_parent_and_items_are_never_cut() -> None:
    (books,) = parse_fields(AUTHOR, "books.id").nested
    assert books.page == Page(limit=20, offset=0, sort="id")
    (items,) = parse_fields(ORDER, "items.quantity").nested
    assert items.page is None
    (author,) = parse_fields(BOOK, "author.id").nested
    assert author.page is None


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=lambda entity: entity.name)
def test_relations_lead_back_to_entities_that_are_known(entity: Entity) -> None:
    for name, relation in entity.relations.items():
        assert relation.name == name
        assert relation.entity is ENTITIES[relation.target]
        assert relation.local.table is entity.table
        assert relation.remote.table is relation.entity.table
    assert set(entity.default) <= {*entity.fields, *entity.relations}
    assert all(column.table is entity.table for column in entity.sorts.values())
