"""Cursors: the place in a sorted list where a page ended and the next one begins.

Unlike an offset, a cursor costs the same however deep it lies, and is not moved by rows that come
or go before it. Both APIs take and give the same ones.
"""

import base64
import binascii
from typing import Any, NamedTuple

import orjson

from shared import limits
from shared.errors import ValidationFailed, Violation
from shared.reading.catalogue import Entity


class Position(NamedTuple):
    """The sort key and the id of a row."""

    key: int | str
    row_id: int


def encode_cursor(sort: str, position: Position) -> str:
    """The position as text that a URL can carry; it means something to `decode_cursor` only."""
    packed = orjson.dumps([sort, *position])
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def decode_cursor(entity: Entity, sort: str, text: str) -> Position:
    """The position.

    Raises:
        ValidationFailed: it is no cursor, or one of a list that was sorted in another way.
    """
    try:
        packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        made_for, key, row_id = orjson.loads(packed)
    except (binascii.Error, ValueError, TypeError):
        made_for, key, row_id = None, None, None
    kind = entity.sorts[sort.removeprefix("-")].type.python_type
    if made_for != sort or not _is(key, kind) or not _is_id(row_id):
        rule = "must be a cursor that the same list, in the same order, has given"
        raise ValidationFailed([Violation(("after",), rule)])
    return Position(key, row_id)


def _is(value: Any, kind: type) -> bool:
    if kind is int:
        return type(value) is int and -(2**63) <= value < 2**63
    return isinstance(value, str) and "\0" not in value


def _is_id(value: Any) -> bool:
    return type(value) is int and 1 <= value <= limits.MAX_ID
