"""Days and instants: the text that is stored is the text that is sent, with no conversion."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, NewType

import strawberry
from graphql import (
    FloatValueNode,
    GraphQLError,
    GraphQLScalarType,
    GraphQLSchema,
    IntValueNode,
    ValueNode,
    value_from_ast_untyped,
)
from strawberry.types.scalar import ScalarDefinition

from shared.rules.sent_numbers import SentNumber, is_lost, sent_number

Date = NewType("Date", str)
DateTime = NewType("DateTime", str)


def keep_sent_numbers(schema: GraphQLSchema) -> None:
    """Have numbers that a double cannot hold reach the rules of the values, as they were sent."""
    for scalar in (schema.type_map["Float"], schema.type_map["Int"]):
        assert isinstance(scalar, GraphQLScalarType)
        scalar.coerce_input_value = partial(_require_kept, scalar.coerce_input_value)
    floats = schema.type_map["Float"]
    assert isinstance(floats, GraphQLScalarType)
    assert floats.coerce_input_literal is not None
    floats.coerce_input_literal = partial(_float_literal, floats.coerce_input_literal)


def _require_kept(coerce: Callable[[Any], Any], value: Any) -> Any:
    if isinstance(value, float) and is_lost(value):
        raise GraphQLError(f"cannot represent {value!r}")
    return coerce(value)


def _float_literal(coerce: Callable[..., float], node: Any, *others: Any) -> float:
    number = coerce(node, *others)
    return number if repr(number) == node.value else sent_number(node.value)


def _as_given(value: Any) -> Any:
    # The rule of the input it belongs to checks it, with the wording that REST has too.
    return value


def _as_written(node: ValueNode, variables: dict[str, Any] | None = None) -> Any:
    if isinstance(node, IntValueNode | FloatValueNode):
        return SentNumber(node.value)
    return value_from_ast_untyped(node, variables)


SCALARS: Final[dict[object, ScalarDefinition]] = {
    Date: strawberry.scalar(
        name="Date",
        description="A day of the calendar, such as `2023-01-15` (RFC 3339, full-date). An input "
        "may also be the day's midnight in UTC as a date-time, such as `2023-01-15T00:00:00Z` or "
        "`2023-01-15T00:00:00.000+00:00`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        parse_value=_as_given,
        parse_literal=_as_written,
    ),
    DateTime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC, such as `2024-05-01T12:00:00Z`.",
        specified_by_url="https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
        parse_value=_as_given,
        parse_literal=_as_written,
    ),
}
