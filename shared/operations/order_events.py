"""The outbox of order events: subscribers read on from the last event that they have seen.

An event is written in the transaction that changes the status, while the order's row is locked. So
the ids of one order's events grow in the order in which they become visible.
"""

from typing import Final, NamedTuple

from sqlalchemy import Text, bindparam, cast, func, insert, literal_column, select

from shared.database import Connection
from shared.errors import NotFound
from shared.operations.rows import not_found
from shared.reading.catalogue import ORDER
from shared.reading.fetching import Record
from shared.rules.order_status import LAST, OrderStatus
from shared.storage import tables
from shared.storage.statements import Statement

_event, _order = tables.order_event.c, tables.order.c
_NAMES: Final = ("id", "order_id", "status", "occurred_at")
_EVENTS = Statement(
    select(*(_event[name] for name in _NAMES))
    .where(_event.order_id == bindparam("order_id"), _event.id > bindparam("after"))
    .order_by(_event.id)
)
_insert = insert(tables.order_event).values({name: bindparam(name) for name in _NAMES[1:]})
_RECORD = Statement(_insert)

CHANNEL: Final = "order_event"  # on which PostgreSQL notifies whoever listens of orders' ids
_recorded = _insert.returning(_event.order_id).cte("recorded")
_RECORD_AND_NOTIFY = Statement(
    select(func.pg_notify(literal_column(f"'{CHANNEL}'"), cast(_recorded.c.order_id, Text)))
)
_STATUS = Statement(select(_order.status).where(_order.id == bindparam("order_id")))


def record_status(
    connection: Connection, order_id: int, status: OrderStatus, occurred_at: str
) -> None:
    """Record that the order has this status from now on, and notify whoever listens."""
    # PostgreSQL delivers what is notified when the transaction commits; SQLite cannot notify.
    record = _RECORD if connection.dialect == "sqlite" else _RECORD_AND_NOTIFY
    connection.change(record, order_id=order_id, status=str(status), occurred_at=occurred_at)


def list_order_events(connection: Connection, order_id: int, after: int = 0) -> list[Record]:
    """The changes of an order's status with an id above `after`, the oldest first.

    An order has four at most; one that does not exist has none.
    """
    rows = connection.all(_EVENTS, order_id=order_id, after=after)
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]


def is_over(connection: Connection, order_id: int) -> bool:
    """Whether nothing can happen to the order any more.

    Raises:
        NotFound: there is no such order.
    """
    row = connection.first(_STATUS, order_id=order_id)
    if row is None:
        raise not_found(ORDER, order_id)
    return row[0] in LAST


class News(NamedTuple):
    """What has happened to an order since its reader looked last.

    Attributes:
        events: the changes, the oldest first.
        is_over: nothing can follow them.
    """

    events: list[Record]
    is_over: bool


def read_news(connection: Connection, order_id: int, after: int) -> News:
    """The changes with an id above `after`, and whether others can follow.

    Raises:
        NotFound: there is no such order.
    """
    # In this order, so that an order that is over has all of its events.
    over = is_over(connection, order_id)
    events = list_order_events(connection, order_id, after)
    return News(events, over or _ends(events))


def read_more_news(connection: Connection, order_id: int, after: int) -> News:
    """The same as `read_news`, for an order that existed before: if deleted by now, it is over."""
    try:
        return read_news(connection, order_id, after)
    except NotFound:
        return News(list_order_events(connection, order_id, after), True)


def _ends(events: list[Record]) -> bool:
    return bool(events) and events[-1]["status"] in LAST
