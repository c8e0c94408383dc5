"""The rules of days and instants, which RFC 3339 says how to write."""

import datetime as dt
import re
from typing import Annotated, Any, Final

from pydantic import Field
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from shared.rules.values import Rule, fail, shown

# RFC 3339, 5.6: a full-date, or midnight as a date-time in UTC, as JavaScript's toISOString and
# Python's isoformat write it. `t` and `z` are as good as `T` and `Z`; -00:00 says of no time zone.
_DAY: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[Tt]00:00:00(?:\.0+)?(?:[Zz]|\+00:00))?", re.ASCII)
_INSTANT: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)


class DateRule(Rule):
    """A day of the calendar (RFC 3339, full-date); that day's midnight in UTC is accepted too."""

    def check(self, value: Any) -> str:
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        try:
            return dt.date.fromisoformat(match.group(1) if match else "").isoformat()
        except ValueError:
            fail(
                "must be a date of the calendar such as 2023-01-15, or its midnight in UTC such as "
                f"2023-01-15T00:00:00Z, got {shown(value)}"
            )

    def schema(self) -> CoreSchema:
        return core_schema.str_schema()

    def details(self) -> JsonSchemaValue:
        return {"format": "date"}


class InstantRule(Rule):
    """An instant (RFC 3339, date-time), as the bookstore writes it: in UTC, to the second.

    Clients that make a type of their own of what they read write it in another way, such as
    `2024-05-01T12:00:00.000Z` or `2024-05-01T12:00:00+00:00`. One between two seconds stays as it
    is sent: none of the bookstore's is equal to it.
    """

    def check(self, value: Any) -> str:
        match = _INSTANT.fullmatch(value) if isinstance(value, str) else None
        try:
            second, fraction, offset = match.groups() if match else ("", "", "")
            there = dt.datetime.fromisoformat(f"{second}{offset}".upper())
            instant = there.astimezone(dt.UTC).replace(tzinfo=None).isoformat()
        except (ValueError, OverflowError):
            fail(f"must be an instant such as 2024-05-01T12:00:00Z, got {shown(value)}")
        return value if fraction and fraction.strip(".0") else f"{instant}Z"

    def schema(self) -> CoreSchema:
        return core_schema.str_schema()

    def details(self) -> JsonSchemaValue:
        return {"format": "date-time"}


PublicationDate = Annotated[
    str,
    DateRule(),
    Field(
        description="As an input also the day's midnight in UTC as an RFC 3339 date-time, such as "
        "`2023-01-15T00:00:00Z` or `2023-01-15T00:00:00.000+00:00`.",
        examples=["2023-01-15"],
    ),
]
Instant = Annotated[str, InstantRule()]
