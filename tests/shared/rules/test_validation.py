"""From pydantic's errors to the bookstore's: every wrong value, named, in one wording."""

from typing import Any

import pytest
from pydantic import BaseModel

from shared import limits, models
from shared.errors import ValidationFailed
from shared.rules.validation import validated

AUTHOR = {"name": "Ada", "email": "ada@example.com"}
BOOK = {
    "title": "T",
    "isbn": "9781234567897",
    "price": 1,
    "publication_date": "2023-01-15",
    "author_id": 1,
    "genre": "Art",
}
ITEM = {"book_id": 1, "quantity": 1}

REFUSED: list[tuple[type[BaseModel], Any, list[tuple[str, str]]]] = [
    (models.AuthorCreate, {}, [("name", "is required"), ("email", "is required")]),
    (
        models.AuthorCreate,
        {**AUTHOR, "nickname": "A"},
        [("nickname", "is not known here: known are name, email, bio")],
    ),
    (models.AuthorCreate, {**AUTHOR, "id": 1}, [("id", "is given by the server: leave it out")]),
    (models.AuthorUpdate, {"name": None}, [("name", "must be a string, got null")]),
    (models.BookUpdate, {"stock": None}, [("stock", "must be a whole number between 0 and")]),
    (models.BookCreate, {**BOOK, "stock": None}, [("stock", "must be a whole number")]),
    (
        models.BookCreate,
        {**BOOK, "price": -1, "title": ""},
        [("title", "must have 1 to 200"), ("price", "must be between 0 and 1000000, got -1")],
    ),
    (models.OrderCreate, {"customer_id": 1, "items": []}, [("items", "must have at least 1")]),
    (
        models.OrderCreate,
        {"customer_id": 1, "items": [{"book_id": i, "quantity": 1} for i in range(1, 22)]},
        [("items", "must have at most 20, got 21")],
    ),
    (
        models.OrderCreate,
        {"customer_id": 1, "items": [ITEM, {"book_id": 2, "quantity": 1}, ITEM]},
        [("items", "must each be another book, got book 1 more than once")],
    ),
    (
        models.OrderCreate,
        {"customer_id": 1, "items": [{**ITEM, "quantity": 0}]},
        [("items.0.quantity", "must be between 1 and 1000, got 0")],
    ),
    (
        models.OrderCreate,
        {"customer_id": 1, "items": [ITEM, {**ITEM, "price": 1}]},
        [("items.1.price", "is given by the server: leave it out")],
    ),
    (models.OrderCreate, {"customer_id": 1, "items": {}}, [("items", "must be a list, got")]),
    (models.OrderCreate, {"customer_id": 1, "items": [5]}, [("items.0", "must be an object, got")]),
    (models.OrderCreate, {"customer_id": 1, "items": "x"}, [("items", "must be a list, got 'x'")]),
    (
        models.OrderUpdate,
        {"status": "lost"},
        [
            (
                "status",
                "must be one of 'pending', 'paid', 'shipped', 'delivered' or 'cancelled', got",
            )
        ],
    ),
    (models.OrderUpdate, {"status": None}, [("status", "must be one of")]),
    (models.OrderUpdate, {}, [("status", "is required")]),
]


@pytest.mark.parametrize(("model", "values", "expected"), REFUSED)
def test_names_every_wrong_value(
    model: type[BaseModel], values: Any, expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(ValidationFailed) as raised:
        validated(model, values)
    found = raised.value.violations
    assert [violation.field for violation in found] == [field for field, _ in expected]
    for violation, (field, rule) in zip(found, expected, strict=True):
        assert violation.rule.startswith(rule)
        assert violation.message == f"{field} {violation.rule}"
    assert raised.value.field == expected[0][0]
    assert raised.value.message == "; ".join(violation.message for violation in found)


@pytest.mark.parametrize(
    "model",
    [models.AuthorUpdate, models.BookUpdate, models.CustomerUpdate],
    ids=lambda m: m.__name__,
)
def test_null_clears_exactly_what_may_be_empty(model: type[models.Update]) -> None:
    empty_allowed = {"bio", "description", "phone", "address"}
    for name in model.model_fields:
        if name in empty_allowed:
            assert validated(model, {name: None}).changes() == {name: None}
        else:
            with pytest.raises(ValidationFailed, match=f"^{name} must be"):
                validated(model, {name: None})


def test_what_is_left_out_of_an_update_is_no_change() -> None:
    assert validated(models.BookUpdate, {}).changes() == {}
    assert validated(models.BookUpdate, {"stock": 5}).changes() == {"stock": 5}


def test_values_are_kept_in_their_one_form() -> None:
    book = validated(models.BookCreate, {**BOOK, "isbn": "978-1-234-56789-7"})
    assert book.model_dump() == {
        **BOOK,
        "price": 1.0,
        "description": None,
        "stock": 0,
    }


def test_an_input_that_is_no_object_is_named_as_a_whole() -> None:
    with pytest.raises(ValidationFailed) as raised:
        validated(models.AuthorCreate, "text")
    assert raised.value.message == "the input must be an object, got 'text'"
    assert raised.value.field is None


def test_an_error_names_20_broken_rules_and_looks_for_no_more() -> None:
    unknown = {f"unknown{n}": [{"a": n}] for n in range(50_000)}
    items = [{**unknown, "book_id": "x", "quantity": 0}]
    with pytest.raises(ValidationFailed) as raised:
        validated(models.OrderCreate, {**unknown, "customer_id": 1, "items": items})
    named = [violation.field for violation in raised.value.violations]
    assert len(named) == limits.MAX_VIOLATIONS == 20
    assert {"items.0.book_id", "items.0.quantity", "items.0.unknown0"} <= set(named)


def test_a_long_list_of_long_items_is_too_long() -> None:
    items = [{"book_id": n, "quantity": 1} for n in range(1, 50_000)]
    with pytest.raises(ValidationFailed, match=r"at most 20, got 49999"):
        validated(models.OrderCreate, {"customer_id": 1, "items": items})
