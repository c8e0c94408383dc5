"""Days and instants: the text that is stored is the text that is sent, with no conversion."""

from typing import Any, Final, NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)


def _as_given(value: Any) -> Any:
    # The rule of the input it belongs to checks it, with the wording that REST has too.
    return value


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, such as `2023-01-15` (RFC 3339, full-date). An input "
        "may also be the day's midnight in UTC as a date-time, such as `2023-01-15T00:00:00Z` or "
        "`2023-01-15T00:00:00.000+00:00`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        parse_value=_as_given,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, such as `2024-05-01T12:00:00Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        parse_value=_as_given,
    ),
}
