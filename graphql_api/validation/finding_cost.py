"""How many rows the lists of a query look at, as a function of its variables."""

from collections.abc import Mapping
from typing import Any, Final

from graphql import FieldNode, Undefined, value_from_ast_untyped

from graphql_api.planning.field_collection import variables_in
from graphql_api.planning.root_fields import CONNECTIONS, LISTS
from graphql_api.resources.names import camel
from shared.reading.catalogue import Entity
from shared.reading.cost import Finding, finding

Variables = Mapping[str, Any]

_QUERIES: Final = {**LISTS, **CONNECTIONS}
_FALLING: Final = "_DESC"
_ASKED: Final = ("filter", "query", "ids", "sort", "offset", "after")


class RootFinding:
    """The rows that one field of the query looks at, as a function of the variables' values.

    Values may still be invalid; they are validated later.

    Attributes:
        varies: whether it depends on a variable.
    """

    __slots__ = ("_arguments", "_constant", "_name", "varies")

    def __init__(self, node: FieldNode) -> None:
        self._name = node.name.value
        self._arguments = {
            argument.name.value: argument.value
            for argument in node.arguments or ()
            if argument.name.value in _ASKED
        }
        self.varies = any(True for _ in variables_in(self._arguments.values()))
        self._constant = None if self.varies else self._found({})

    def __call__(self, variables: Variables) -> Finding | None:
        """None where objects are asked for by their ids."""
        return self._found(variables) if self.varies else self._constant

    def _found(self, variables: Variables) -> Finding | None:
        query = _QUERIES[self._name]
        given = {n: value_from_ast_untyped(v, dict(variables)) for n, v in self._arguments.items()}
        if given.get("ids") is not None:
            return None
        filters = _names(given.get("filter"))
        if self._name == "searchBooks":
            filters.add("search")
        return finding(
            query.entity,
            [name for name in query.conditions if camel(name) in filters],
            _sort(query.entity, given.get("sort")),
            whole(given.get("offset")),
            is_behind=bool(given.get("after")),
        )


def finding_of(node: FieldNode) -> RootFinding | None:
    """The rows that a field of the query looks at; None where it is no list."""
    return RootFinding(node) if node.name.value in _QUERIES else None


def whole(value: object) -> int:
    """A value as GraphQL's Int reads it, 5.0 as 5; 0 for a value that it refuses."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) else 0


def _sort(entity: Entity, given: object) -> str:
    if not isinstance(given, str):
        return "id"
    key = given.removesuffix(_FALLING).lower()
    if key not in entity.sorts:
        return "id"
    return f"-{key}" if given.endswith(_FALLING) else key


def _names(given: object) -> set[str]:
    """The filters that are given, and not null."""
    if not isinstance(given, dict):
        return set()
    return {name for name, value in given.items() if value is not None and value is not Undefined}
