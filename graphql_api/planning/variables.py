"""The values of an operation's variables, coerced as graphql-core coerces them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from graphql import (
    GraphQLInt,
    GraphQLSchema,
    Undefined,
    VariableDefinitionNode,
    coerce_input_value,
    get_named_type,
    get_nullable_type,
    get_variable_values,
    is_input_object_type,
)
from graphql.execution.get_variable_signature import (
    GraphQLVariableSignature,
    get_variable_signature,
)
from graphql.execution.values import VariableValues, VariableValueSource

from graphql_api.planning.field_collection import Unplannable
from shared import limits

_NONE: Final = VariableValues({}, {})


class _Variable(NamedTuple):
    """What is known of a variable before it has a value.

    Attributes:
        missing: the value where it is left out; None if it must be given.
        is_deep: its type is an input object, which graphql-core checks by itself.
        is_int: its type is `Int`, perhaps one that must not be null.
    """

    name: str
    signature: GraphQLVariableSignature
    missing: VariableValues | None
    is_deep: bool
    is_int: bool


class Variables:
    """The variables of one operation, whose types are looked up once.

    graphql-core does so for each request, which takes as long as reading a book.
    """

    def __init__(
        self, schema: GraphQLSchema, definitions: Iterable[VariableDefinitionNode]
    ) -> None:
        self._schema = schema
        self._definitions = tuple(definitions)
        self._known = [_known(schema, definition) for definition in self._definitions]

    def values(self, given: Mapping[str, Any]) -> VariableValues:
        """The coerced values.

        Args:
            given: as they were sent.

        Raises:
            Unplannable: one does not fit its type, or is missing.
        """
        if not self._known:
            return _NONE
        sources: dict[str, VariableValueSource] = {}
        coerced: dict[str, Any] = {}
        for name, signature, missing, is_deep, is_int in self._known:
            value = given.get(name, Undefined)
            if is_int and type(value) is int and 0 <= value <= limits.MAX_INT:
                # Ids, limits and offsets: graphql-core takes 2 µs to find that they fit.
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = value
            elif value is Undefined:
                if missing is None:
                    raise Unplannable
                sources.update(missing.sources)
                coerced.update(missing.coerced)
            elif is_deep:
                return self._all(given)
            else:
                fitting = coerce_input_value(value, signature.type)
                if fitting is Undefined:
                    raise Unplannable
                sources[name] = VariableValueSource(signature, value)
                coerced[name] = fitting
        return VariableValues(sources, coerced)

    def _all(self, given: Mapping[str, Any]) -> VariableValues:
        values = get_variable_values(self._schema, self._definitions, dict(given))
        if isinstance(values, list):
            raise Unplannable
        return values


def _known(schema: GraphQLSchema, definition: VariableDefinitionNode) -> _Variable:
    """Raises:
    Unplannable: the type of the variable is none of an input.
    """
    signature = get_variable_signature(schema, definition)
    if not isinstance(signature, GraphQLVariableSignature):
        raise Unplannable
    missing = get_variable_values(schema, [definition], {})
    return _Variable(
        signature.name,
        signature,
        None if isinstance(missing, list) else missing,
        is_input_object_type(get_named_type(signature.type)),
        get_nullable_type(signature.type) is GraphQLInt,
    )
