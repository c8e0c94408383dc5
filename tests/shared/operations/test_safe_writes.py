"""Versions that a writer expects, keys that place an order once, and the outbox of statuses."""

from collections.abc import Callable
from typing import Any

import pytest

from shared.database import Connection
from shared.errors import (
    IdempotencyMismatch,
    NotFound,
    OutOfStock,
    PreconditionFailed,
    ValidationFailed,
)
from shared.models import AuthorUpdate, BookUpdate, CustomerUpdate
from shared.operations import authors, books, customers, orders
from shared.operations.idempotency import idempotency_key, place_order_once
from shared.operations.order_events import is_over, list_order_events
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER
from shared.reading.selection import own_fields, parse_fields
from shared.rules.order_status import OrderStatus
from tests.shared.shelf import Shelf


def change_author(connection: Connection, **given: Any) -> Any:
    return authors.update_author(connection, 1, AuthorUpdate(name="N"), own_fields(AUTHOR), **given)


def change_book(connection: Connection, **given: Any) -> Any:
    return books.update_book(connection, 1, BookUpdate(title="T"), own_fields(BOOK), **given)


def change_customer(connection: Connection, **given: Any) -> Any:
    changes = CustomerUpdate(name="N")
    return customers.update_customer(connection, 1, changes, own_fields(CUSTOMER), **given)


def change_order(connection: Connection, **given: Any) -> Any:
    return orders.set_order_status(connection, 1, OrderStatus.PAID, own_fields(ORDER), **given)


CHANGES = [change_author, change_book, change_customer, change_order]
DELETIONS: list[Callable[..., None]] = [authors.delete_author, books.delete_book,
                                        customers.delete_customer, orders.delete_order]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_makes_the_next_version(
    connection: Connection, change: Callable[..., Any]
) -> None:
    assert change(connection, expected=(1,))["version"] == 2


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("expected", [(2,), (0, 3)])
def test_another_version_than_expected_is_left_alone(
    connection: Connection, change: Callable[..., Any], expected: tuple[int, ...]
) -> None:
    with pytest.raises(PreconditionFailed, match="has been changed since you read it"):
        change(connection, expected=expected)
    assert change(connection, expected=(7, 1))["version"] == 2


@pytest.mark.parametrize("change", CHANGES)
def test_a_condition_that_names_no_version_is_told_apart(
    connection: Connection, change: Callable[..., Any]
) -> None:
    with pytest.raises(PreconditionFailed, match="the condition names no version of"):
        change(connection, expected=())


@pytest.mark.parametrize("delete", DELETIONS)
def test_a_deletion_expects_a_version_too(
    connection: Connection, delete: Callable[..., None]
) -> None:
    with pytest.raises(PreconditionFailed):
        delete(connection, 1, expected=(2,))
    with pytest.raises(NotFound):
        delete(connection, 99_999, expected=(1,))


def test_taking_stock_makes_a_new_version_of_the_book(connection: Connection, shelf: Shelf) -> None:
    orders.place_order(connection, shelf.order(1))
    with pytest.raises(PreconditionFailed):
        books.update_book(connection, shelf.books[0], BookUpdate(stock=10), expected=(1,))


def test_a_key_places_one_order(connection: Connection, shelf: Shelf) -> None:
    first = place_order_once(connection, "k", shelf.order(2, 1))
    assert place_order_once(connection, "k", shelf.order(2, 1)) == first
    assert books.get_book(connection, shelf.books[0])["stock"] == 8
    assert place_order_once(connection, "l", shelf.order(2, 1))["id"] != first["id"]


def test_the_order_is_given_again_as_it_was_placed(connection: Connection, shelf: Shelf) -> None:
    shown = parse_fields(ORDER, "id,status,version,items")
    first = place_order_once(connection, "k", shelf.order(1), shown)
    orders.set_order_status(connection, first["id"], OrderStatus.PAID)
    assert place_order_once(connection, "k", shelf.order(1), shown) == first
    assert orders.get_order(connection, first["id"])["status"] == "paid"


def test_a_key_is_for_one_input(connection: Connection, shelf: Shelf) -> None:
    place_order_once(connection, "k", shelf.order(1))
    with pytest.raises(IdempotencyMismatch, match="'k' was used for another order"):
        place_order_once(connection, "k", shelf.order(2))
    assert books.get_book(connection, shelf.books[0])["stock"] == 9


def test_the_items_of_an_order_have_no_order(connection: Connection, shelf: Shelf) -> None:
    order = shelf.order(2, 1)
    turned = order.model_copy(update={"items": order.items[::-1]})
    assert turned != order
    first = place_order_once(connection, "k", order)
    assert place_order_once(connection, "k", turned) == first


def test_a_key_whose_order_was_refused_is_free(connection: Connection, shelf: Shelf) -> None:
    with pytest.raises(OutOfStock):
        place_order_once(connection, "k", shelf.order(11))
    assert place_order_once(connection, "k", shelf.order(10))["status"] == "pending"


def test_a_key_whose_order_is_deleted_places_no_other(connection: Connection, shelf: Shelf) -> None:
    placed = place_order_once(connection, "k", shelf.order(1))["id"]
    orders.set_order_status(connection, placed, OrderStatus.CANCELLED)
    orders.delete_order(connection, placed)
    with pytest.raises(NotFound, match=f"order {placed}, which this idempotency key has placed"):
        place_order_once(connection, "k", shelf.order(1))


@pytest.mark.parametrize("text", ["a", 'a"b', '"', '"a', "x" * 255])
def test_keys(text: str) -> None:
    assert idempotency_key(text, "key") == text


@pytest.mark.parametrize("text", ["", '""', '"a"', "a b", "é", "x" * 256, "a\n"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValidationFailed, match="key must be 1 to 255 visible ASCII characters"):
        idempotency_key(text, "key")


def test_each_change_of_status_is_recorded(connection: Connection, shelf: Shelf) -> None:
    order_id = orders.place_order(connection, shelf.order(1))["id"]
    assert list_order_events(connection, order_id) == []
    for status in (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED):
        assert not is_over(connection, order_id)
        orders.set_order_status(connection, order_id, status)
    events = list_order_events(connection, order_id)
    assert [event["status"] for event in events] == ["paid", "shipped", "delivered"]
    assert {event["order_id"] for event in events} == {order_id}
    ids = [event["id"] for event in events]
    assert ids == sorted(set(ids))
    assert list_order_events(connection, order_id, after=ids[1]) == events[2:]
    assert is_over(connection, order_id)


def test_what_has_happened_outlives_the_order(connection: Connection, shelf: Shelf) -> None:
    order_id = orders.place_order(connection, shelf.order(1))["id"]
    orders.set_order_status(connection, order_id, OrderStatus.CANCELLED)
    orders.delete_order(connection, order_id)
    assert [event["status"] for event in list_order_events(connection, order_id)] == ["cancelled"]
    with pytest.raises(NotFound):
        is_over(connection, order_id)
