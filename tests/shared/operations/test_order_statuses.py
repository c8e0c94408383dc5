"""Orders: the way of the statuses, what it does to the stock, and deleting."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import Table, select

from shared.database import Connection, Database
from shared.errors import InUse, InvalidTransition, NotFound
from shared.operations import books, orders
from shared.rules.order_status import NEXT
from shared.rules.order_status import OrderStatus as Status
from shared.storage import tables
from shared.storage.statements import Statement
from tests.contract.catalogue.orders import ALLOWED
from tests.shared.shelf import Shelf, kept_shelf

Refused = Callable[..., Any]


def move(connection: Connection, order_id: int, statuses: Sequence[Status]) -> None:
    for status in statuses:
        assert orders.set_order_status(connection, order_id, status)["status"] == status


# -- statuses --------------------------------------------------------------------------------

WAYS: dict[Status, list[Status]] = {
    Status.PENDING: [],
    Status.PAID: [Status.PAID],
    Status.SHIPPED: [Status.PAID, Status.SHIPPED],
    Status.DELIVERED: [Status.PAID, Status.SHIPPED, Status.DELIVERED],
    Status.CANCELLED: [Status.CANCELLED],
}


def test_the_table_of_transitions_is_that_of_the_contract() -> None:
    assert {(str(now), str(then)) for now, all_then in NEXT.items() for then in all_then} == ALLOWED
    assert set(NEXT) == set(Status)


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("then", Status)
def test_each_step(connection: Connection, shelf: Shelf, now: Status, then: Status) -> None:
    placed = orders.place_order(connection, shelf.order(3))
    move(connection, placed["id"], WAYS[now])
    if (now, then) in ALLOWED:
        moved = orders.set_order_status(connection, placed["id"], then)
        assert moved == {**placed, "status": then}
        assert type(moved["status"]) is str
        return
    with pytest.raises(InvalidTransition) as raised:
        orders.set_order_status(connection, placed["id"], then)
    assert raised.value.field == "status"
    assert raised.value.message.startswith(
        f"order {placed['id']} is {now} and cannot become {then}:"
    )
    assert orders.get_order(connection, placed["id"])["status"] == now


@pytest.mark.parametrize("now", [Status.PENDING, Status.PAID])
def test_cancelling_returns_the_stock(connection: Connection, shelf: Shelf, now: Status) -> None:
    other = orders.place_order(connection, shelf.order(1, 1, 1))
    placed = orders.place_order(connection, shelf.order(4, 0, 5))
    move(connection, placed["id"], WAYS[now])
    assert shelf.stock(connection) == [5, 9, 4]
    orders.set_order_status(connection, placed["id"], Status.CANCELLED)
    assert shelf.stock(connection) == [9, 9, 9]
    assert orders.get_order(connection, other["id"]) == other


def test_each_change_counts_the_versions_up(connection: Connection, shelf: Shelf) -> None:
    def version(table: Table, row_id: int) -> int:
        row = connection.first(Statement(select(table.c.version).where(table.c.id == row_id)))
        assert row
        return int(row[0])

    placed = orders.place_order(connection, shelf.order(1))
    move(connection, placed["id"], [Status.PAID, Status.CANCELLED])
    assert version(tables.order, placed["id"]) == 3
    assert [version(tables.book, book) for book in shelf.books] == [3, 1, 1]


def test_a_refused_step_moves_no_stock(connection: Connection, shelf: Shelf) -> None:
    placed = orders.place_order(connection, shelf.order(4))
    move(connection, placed["id"], WAYS[Status.SHIPPED])
    with pytest.raises(InvalidTransition):
        orders.set_order_status(connection, placed["id"], Status.CANCELLED)
    assert shelf.stock(connection) == [6, 10, 10]


def test_an_order_that_is_not_there(refused: Refused) -> None:
    for ask in (
        lambda c: orders.get_order(c, 99_999),
        lambda c: orders.set_order_status(c, 99_999, Status.PAID),
        lambda c: orders.delete_order(c, 99_999),
    ):
        with refused(NotFound, "^there is no order with id 99999$") as connection:
            ask(connection)


# -- deleting --------------------------------------------------------------------------------


def test_only_a_cancelled_order_can_be_deleted(connection: Connection, shelf: Shelf) -> None:
    for status, way in WAYS.items():
        placed = orders.place_order(connection, shelf.order(1))
        move(connection, placed["id"], way)
        if status is Status.CANCELLED:
            orders.delete_order(connection, placed["id"])
            with pytest.raises(NotFound):
                orders.get_order(connection, placed["id"])
        else:
            with pytest.raises(InvalidTransition, match="only a cancelled one can"):
                orders.delete_order(connection, placed["id"])


def test_its_items_go_with_it(database: Database) -> None:
    with kept_shelf(database) as shelf:
        with database.writing() as connection:
            placed = orders.place_order(connection, shelf.order(1))
            orders.set_order_status(connection, placed["id"], Status.CANCELLED)
        with pytest.raises(InUse, match="orders refer to it"), database.writing() as connection:
            books.delete_book(connection, shelf.books[0])
        with database.writing() as connection:
            orders.delete_order(connection, placed["id"])
            books.delete_book(connection, shelf.books[0])
            shelf.books.pop(0)
