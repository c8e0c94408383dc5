"""Idempotency keys: an order is placed once, however often the request comes.

After draft-ietf-httpapi-idempotency-key-header; keys live as long as the database.
"""

import hashlib
import re

from sqlalchemy import BigInteger, bindparam, func, insert, select

from shared import limits
from shared.database import Connection
from shared.errors import IdempotencyMismatch, NotFound, ValidationFailed, Violation
from shared.models import OrderCreate
from shared.operations.orders import get_order, place_order
from shared.reading.fetching import Record
from shared.reading.selection import FULL_ORDER, Selection
from shared.rules.order_status import OrderStatus
from shared.rules.values import shown
from shared.storage import tables
from shared.storage.statements import Statement

# Not in double quotes, which are a header's syntax: one key has one text in both APIs.
_KEY = re.compile(rf'(?!".*"\Z)[!-~]{{1,{limits.MAX_IDEMPOTENCY_KEY}}}')

_key = tables.idempotency_key.c
_FIND = Statement(select(_key.fingerprint, _key.order_id).where(_key.key == bindparam("key")))
_KEEP = Statement(
    insert(tables.idempotency_key).values(
        {name: bindparam(name) for name in ("key", "fingerprint", "order_id")}
    )
)
_LOCK = Statement(select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger))))


def idempotency_key(text: str, name: str) -> str:
    """The key that a client gives in the input `name`, checked.

    Raises:
        ValidationFailed: it is not a valid key.
    """
    if not _KEY.fullmatch(text):
        rule = (
            f"must be 1 to {limits.MAX_IDEMPOTENCY_KEY} visible ASCII characters, "
            f"without quotes around them, such as a UUID, got {shown(text)}"
        )
        raise ValidationFailed([Violation((name,), rule)])
    return text


def place_order_once(
    connection: Connection, key: str | None, order: OrderCreate, selection: Selection = FULL_ORDER
) -> Record:
    """Place the order; if this key has placed it before, give that order as it was placed.

    Members that the selection shows of other resources, such as all orders of the customer, are as
    they are now. Without a key, each call places an order.

    Raises:
        IdempotencyMismatch: the key was used for another order.
        NotFound: the order that the key has placed was deleted since; nothing is placed.
        UnknownReference, OutOfStock: as `place_order`; the key is then free again.
    """
    if key is None:
        return place_order(connection, order, selection)
    fingerprint = _fingerprint(order)
    _wait_for_others(connection, key)
    row = connection.first(_FIND, key=key)
    if row is None:
        placed = place_order(connection, order, FULL_ORDER)
        connection.change(_KEEP, key=key, fingerprint=fingerprint, order_id=placed["id"])
        return get_order(connection, placed["id"], selection)
    if row[0] != fingerprint:
        raise IdempotencyMismatch(
            f"the idempotency key {key!r} was used for another order; use a new key for a new order"
        )
    try:
        return _as_placed(get_order(connection, row[1], selection))
    except NotFound:
        raise NotFound(
            f"order {row[1]}, which this idempotency key has placed, is deleted"
        ) from None


def _fingerprint(order: OrderCreate) -> str:
    items = sorted(order.items, key=lambda item: item.book_id)  # the same in any order
    same = order.model_copy(update={"items": items})
    return hashlib.sha256(same.model_dump_json().encode()).hexdigest()


def _wait_for_others(connection: Connection, key: str) -> None:
    # SQLite lets one writer in at a time; on PostgreSQL two with the same key take turns.
    if connection.dialect == "postgresql":
        digest = hashlib.sha256(key.encode()).digest()
        connection.all(_LOCK, number=int.from_bytes(digest[:8], signed=True))


def _as_placed(order: Record) -> Record:
    """Of an order only status and version change after it was placed."""
    for name, value in (("status", str(OrderStatus.PENDING)), ("version", 1)):
        if name in order:
            order[name] = value
    return order
