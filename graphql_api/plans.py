"""What a selection set asks of a record: worked out once, and read in one pass."""

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from graphql import GraphQLObjectType, is_leaf_type, is_non_null_type
from graphql.execution.collect_fields import GroupedFieldSet
from strawberry.schema.schema_converter import GraphQLCoreConverter

Fields = dict[str, Any]


class _Member(NamedTuple):
    """A field that is a column of the record."""

    key: str
    serialize: Callable[[Any], Any]
    required: bool


class Plan(NamedTuple):
    """What a selection set asks for.

    Attributes:
        blank: every name of the answer in its order, with the values that never change.
        members: the names of plain members.
        others: the fields that have resolvers.
        fields: the selection set, kept so that its identity stays its own.
    """

    blank: Fields
    members: list[tuple[str, _Member]]
    others: GroupedFieldSet
    fields: GroupedFieldSet

    def read(self, record: Any) -> Fields:
        """A new answer with the plain members in it.

        Raises:
            Exception: the record is not as the schema says.
        """
        answer = self.blank.copy()
        for name, (key, serialize, required) in self.members:
            value = record[key]
            if value is not None:
                answer[name] = serialize(value)
            elif required:
                raise TypeError(f"{key} is null")
        return answer


def make_plan(type_: GraphQLObjectType, fields: GroupedFieldSet) -> Plan:
    """The plan of a selection set on a type."""
    known = _members(type_)
    blank: Fields = dict.fromkeys(fields)
    members: list[tuple[str, _Member]] = []
    others: GroupedFieldSet = {}
    for name, details in fields.items():
        field = details[0].node.name.value
        if field in known:
            members.append((name, known[field]))
        elif field == "__typename":
            blank[name] = type_.name
        else:
            others[name] = details
    return Plan(blank, members, others, fields)


@cache
def _members(type_: GraphQLObjectType) -> dict[str, _Member]:
    """The plain members of a type by the name of the field."""
    members = {}
    for name, field in type_.fields.items():
        definition = field.extensions.get(GraphQLCoreConverter.DEFINITION_BACKREF)
        required = is_non_null_type(field.type)
        inner = field.type.of_type if required else field.type
        if definition is not None and definition.is_basic_field and is_leaf_type(inner):
            members[name] = _Member(definition.python_name, inner.coerce_output_value, required)
    return members
