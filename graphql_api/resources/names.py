"""The bookstore's names as GraphQL spells them."""

import re
from functools import cache

from strawberry.schema.name_converter import NameConverter
from strawberry.types.enum import EnumValue, StrawberryEnumDefinition
from strawberry.utils.str_converters import to_camel_case

from shared.rules.order_status import OrderStatus

_SNAKE_CASE = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


@cache
def camel(name: str) -> str:
    """`author_id` as `authorId`."""
    return str(to_camel_case(name))


def in_camel(rule: str) -> str:
    """A rule's text with its names in camelCase; what it repeats of the input stays as it is."""
    text, got, value = rule.partition(", got ")
    return _SNAKE_CASE.sub(lambda match: camel(match[0]), text) + got + value


class Names(NameConverter):
    """camelCase, and the words of an order's status as REST has them, in lower case."""

    def from_enum_value(self, enum: StrawberryEnumDefinition, enum_value: EnumValue) -> str:
        if enum.wrapped_cls is OrderStatus:
            return str(enum_value.value)
        return super().from_enum_value(enum, enum_value)
