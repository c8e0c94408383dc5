"""graphql-core's executor, which reads the plain members of records by itself."""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, NamedTuple, cast

from graphql import GraphQLObjectType, is_leaf_type, is_non_null_type
from graphql.execution import Executor
from graphql.execution.collect_fields import GroupedFieldSet
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema_converter import GraphQLCoreConverter

from shared.fetching import Record

Fields = dict[str, Any]


class _Member(NamedTuple):
    """A field that is a column of the record."""

    key: str
    serialize: Callable[[Any], Any]
    required: bool


class _Plan(NamedTuple):
    """What a selection set asks for.

    Attributes:
        blank: every name of the answer in its order, with the values that never change.
        members: the names of plain members.
        others: all fields that have resolvers.
        fields: the selection set, kept so that its identity stays its own.
    """

    blank: Fields
    members: list[tuple[str, _Member]]
    others: GroupedFieldSet
    fields: GroupedFieldSet


class RecordExecutor(Executor[None]):
    """Takes the plain members of an object in one pass, and leaves all else to graphql-core.

    That makes an info object, a path and five calls for each field: the history of 20 orders took
    3.0 ms by it, and 2.1 ms by this.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._plans: dict[int, _Plan] = {}

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: None,
    ) -> AwaitableOrValue[Fields]:
        """The fields of one object."""
        # All rows of a list share one selection set.
        plan = self._plans.get(id(grouped_field_set))
        if plan is None:
            plan = _plan(parent_type, grouped_field_set)
            self._plans[id(grouped_field_set)] = plan
        read = _read(plan, source_value)
        if read is None:
            return super().execute_fields(
                parent_type, source_value, path, grouped_field_set, position_context
            )
        if not plan.others:
            return read
        rest = super().execute_fields(
            parent_type, source_value, path, plan.others, position_context
        )
        if self.is_awaitable(rest):
            return _joined(read, rest)
        read.update(cast("Fields", rest))
        return read


def _plan(type_: GraphQLObjectType, fields: GroupedFieldSet) -> _Plan:
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
    return _Plan(blank, members, others, fields)


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


def _read(plan: _Plan, record: Record) -> Fields | None:
    """The plain members; None where one is not as it should be, so that graphql-core says so."""
    values = plan.blank.copy()
    try:
        for name, (key, serialize, required) in plan.members:
            value = record[key]
            if value is not None:
                values[name] = serialize(value)
            elif required:
                return None
    except Exception:
        return None
    return values


async def _joined(read: Fields, rest: Awaitable[Fields]) -> Fields:
    read.update(await rest)
    return read
