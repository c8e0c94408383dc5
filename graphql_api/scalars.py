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
        description="A day of the calendar, such as `2023-01-15`.",
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
