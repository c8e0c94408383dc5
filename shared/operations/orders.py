"""Operations on orders: placing one takes stock, cancelling one gives it back."""

import datetime as dt
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from shared.database import Connection
from shared.errors import InvalidTransition, OutOfStock, Violation
from shared.models import OrderCreate
from shared.operations.order_events import record_status
from shared.operations.rows import (
    Versions,
    change_row,
    delete_row,
    found,
    insert_row,
    not_found,
    require_expected,
    require_own,
    require_row,
    unknown_reference,
)
from shared.reading.catalogue import CUSTOMER, ORDER
from shared.reading.fetching import Record, Records, fetch_one
from shared.reading.listing import OrderQuery, OrdersOfCustomerQuery, fetch_filtered, fetch_list
from shared.reading.selection import FULL_ORDER, ORDER_SUMMARY, Selection
from shared.rules.order_status import NEXT, OrderStatus
from shared.storage import tables
from shared.storage.statements import AnyOf, Statement

_book, _item = tables.book.c, tables.order_item.c

# Rows are locked in the order of their ids, so that two orders never wait for each other.
_BOOKS = Statement(
    select(_book.id, _book.price_cents, _book.stock, _book.title)
    .where(AnyOf(_book.id, "ids"))
    .order_by(_book.id)
    .with_for_update()
)
_STATUS = Statement(
    select(tables.order.c.status, tables.order.c.version)
    .where(tables.order.c.id == bindparam("order_id"))
    .with_for_update()
)
_LOCK_ITS_BOOKS = Statement(
    select(_book.id)
    .where(_book.id.in_(select(_item.book_id).where(_item.order_id == bindparam("order_id"))))
    .order_by(_book.id)
    .with_for_update()
)


@cache
def _move_stock(sign: int) -> Statement:
    """Take (-1) or give back (+1) the copies of an order's items."""
    quantity = (
        select(_item.quantity)
        .where(_item.order_id == bindparam("order_id"), _item.book_id == _book.id)
        .scalar_subquery()
    )
    its_books = select(_item.book_id).where(_item.order_id == bindparam("order_id"))
    return Statement(
        update(tables.book)
        .where(_book.id.in_(its_books))
        .values(
            stock=_book.stock + quantity if sign > 0 else _book.stock - quantity,
            version=_book.version + 1,
        )
    )


@cache
def _insert_items(count: int) -> Statement:
    names = ("book_id", "quantity", "unit_price_cents")
    rows: list[dict[str, Any]] = [
        {"order_id": bindparam("order_id"), **{n: bindparam(f"{n}_{i}") for n in names}}
        for i in range(count)
    ]
    return Statement(insert(tables.order_item).values(rows))


def list_orders(
    connection: Connection, query: OrderQuery, selection: Selection = FULL_ORDER
) -> Records:
    """A page of the orders that pass the filters, or those with the ids that are given."""
    return fetch_list(connection, query, selection)


def list_orders_of_customer(
    connection: Connection,
    customer_id: int,
    query: OrdersOfCustomerQuery,
    selection: Selection = ORDER_SUMMARY,
) -> Records:
    """A page of the orders of one customer that pass the filters.

    Raises:
        NotFound: there is no such customer.
    """
    orders = fetch_filtered(connection, query, selection, customer_id=customer_id)
    if not orders.records:
        require_row(connection, CUSTOMER, customer_id)
    return orders


def get_order(connection: Connection, order_id: int, selection: Selection = FULL_ORDER) -> Record:
    """One order.

    Raises:
        NotFound: there is none with this id.
    """
    return found(ORDER, order_id, fetch_one(connection, selection, order_id))


def place_order(
    connection: Connection, order: OrderCreate, selection: Selection = FULL_ORDER
) -> Record:
    """Take the stock and record the order at today's prices; all of it, or nothing.

    Raises:
        UnknownReference: the customer or a book does not exist.
        OutOfStock: a book has fewer copies than asked for; names every such book.
    """
    prices = _prices(connection, order)
    row = {
        "customer_id": order.customer_id,
        "order_date": _now(),
        "status": str(OrderStatus.PENDING),
        "total_cents": sum(prices[item.book_id] * item.quantity for item in order.items),
    }
    order_id = insert_row(connection, ORDER, row)
    items = {}
    for i, item in enumerate(order.items):
        items[f"book_id_{i}"] = item.book_id
        items[f"quantity_{i}"] = item.quantity
        items[f"unit_price_cents_{i}"] = prices[item.book_id]
    connection.change(_insert_items(len(order.items)), order_id=order_id, **items)
    connection.change(_move_stock(-1), order_id=order_id)
    return get_order(connection, order_id, selection)


def set_order_status(
    connection: Connection,
    order_id: int,
    status: OrderStatus,
    selection: Selection = FULL_ORDER,
    *,
    expected: Versions = None,
    own: Mapping[str, Any] = MappingProxyType({}),
) -> Record:
    """Move an order on, and record that; cancelling it returns the stock.

    Args:
        own: members that are read only, which must be as they are.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: they are not.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InvalidTransition: not that status from the one it has.
    """
    now = _status(connection, order_id, expected)
    require_own(connection, ORDER, order_id, own)
    if status not in NEXT[now]:
        allowed = " or ".join(NEXT[now])
        hint = f"it can become {allowed}" if allowed else "that is its last status"
        raise InvalidTransition(
            f"order {order_id} is {now} and cannot become {status}: {hint}", field="status"
        )
    if status is OrderStatus.CANCELLED:
        connection.all(_LOCK_ITS_BOOKS, order_id=order_id)
        connection.change(_move_stock(+1), order_id=order_id)
    record_status(connection, order_id, status, _now())
    return change_row(connection, ORDER, order_id, {"status": str(status)}, selection)


def delete_order(connection: Connection, order_id: int, *, expected: Versions = None) -> None:
    """Remove an order that is cancelled, with its items.

    Raises:
        NotFound: there is none with this id.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InvalidTransition: it is not cancelled.
    """
    status = _status(connection, order_id, expected)
    if status is not OrderStatus.CANCELLED:
        raise InvalidTransition(
            f"order {order_id} is {status} and cannot be deleted: only a cancelled one can"
        )
    delete_row(connection, ORDER, order_id, "items")


def _now() -> str:
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    return f"{now.isoformat()}Z"


def _status(connection: Connection, order_id: int, expected: Versions) -> OrderStatus:
    """The status, which stays until the transaction ends."""
    row = connection.first(_STATUS, order_id=order_id)
    if row is None:
        raise not_found(ORDER, order_id)
    require_expected(ORDER, order_id, row[1], expected)
    return OrderStatus(row[0])


def _prices(connection: Connection, order: OrderCreate) -> dict[int, int]:
    """Cents by book id, of books that have enough copies, locked until the end."""
    rows = connection.all(_BOOKS, ids=[item.book_id for item in order.items])
    books = {book_id: (cents, stock, title) for book_id, cents, stock, title in rows}
    short: list[Violation] = []
    for position, item in enumerate(order.items):
        field = ("items", position, "book_id")
        if item.book_id not in books:
            raise unknown_reference(Violation(field, "").field, item.book_id)
        _, stock, title = books[item.book_id]
        if stock < item.quantity:
            rule = f"book {item.book_id} ({title!r}) has {stock}, asked for {item.quantity}"
            short.append(Violation(("items", position, "quantity"), rule))
    if short:
        raise OutOfStock(
            f"not enough copies: {'; '.join(violation.rule for violation in short)}",
            field=short[0].field,
        )
    return {book_id: cents for book_id, (cents, _, _) in books.items()}
