"""Limits of an operation: its depth, its aliases, and the objects that it could return.

All of it is known before anything runs. The depth and the aliases are the document's, counted in
one pass over it, so that fragments within fragments cannot make that long. The cost is the most
objects that the operation can return, the same as for a REST request for the same tree, see
`shared.reading.selection.Selection.cost`; without variables it is a constant.
"""

from typing import Final, NamedTuple

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from graphql_api.validation.static_cost import (
    INTROSPECTION,
    WRAPPERS,
    Cost,
    Fragments,
    Variables,
    cost_of,
)
from shared import limits
from shared.errors import TooComplex
from shared.reading.cost import Load, require_affordable


class Complexity:
    """What one operation of a valid document asks for."""

    __slots__ = ("_cost", "_fragments", "_introspection", "_operation", "_schema", "_shape")

    def __init__(
        self, schema: GraphQLSchema, fragments: Fragments, operation: OperationDefinitionNode
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._operation = operation
        self._shape = shape_of(operation.selection_set, fragments)
        self._introspection = introspection_of(operation.selection_set, fragments)
        self._cost: Cost | None = None

    def require(self, variables: Variables, most: int) -> Load:
        """What it asks for with these variables, provided that all is within the limits.

        Args:
            variables: as they were sent.
            most: the objects that a request may ask for.

        Raises:
            TooComplex: something is over its limit.
        """
        if self._cost is None:
            self._require_shape()  # before the tree is walked, which it bounds
            self._cost = cost_of(self._schema, self._fragments, self._operation)
        load = self._cost(variables)
        require_affordable(load, most)
        return load

    @property
    def introspects(self) -> bool:
        """Whether it asks what the schema is."""
        return bool(self._introspection)

    def _require_shape(self) -> None:
        depth, aliases = self._shape
        if depth > limits.MAX_GRAPHQL_DEPTH:
            raise TooComplex(
                f"the query must be at most {limits.MAX_GRAPHQL_DEPTH} fields deep, got {depth}; "
                "ask for what is below by another query",
                limits.MAX_GRAPHQL_DEPTH,
            )
        if aliases > limits.MAX_ALIASES:
            raise TooComplex(
                f"the query must have at most {limits.MAX_ALIASES} aliases, fragments counted "
                f"wherever they are used, got {aliases}; lists take ids",
                limits.MAX_ALIASES,
            )
        for name, keys in self._introspection.items():
            if len(keys) > 1:
                raise TooComplex(
                    f"the query must ask for {name} once, got it by {len(keys)} names; __schema "
                    "has all types",
                    1,
                )


class Shape(NamedTuple):
    """The levels of fields, and the aliases, of a selection set with its fragments expanded."""

    depth: int
    aliases: int


_NOTHING: Final = Shape(0, 0)


def shape_of(selections: SelectionSetNode, fragments: Fragments) -> Shape:
    """The shape of a selection set; each fragment is looked at once."""
    known: dict[str, Shape] = {}

    def measured(node: SelectionSetNode) -> Shape:
        depth = aliases = 0
        for selection in node.selections:
            below, own = _NOTHING, 0
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name not in known:
                    known[name] = measured(fragments[name].selection_set)
                below = known[name]
            elif isinstance(selection, FieldNode):
                name = selection.name.value
                aliases += selection.alias is not None
                own = name not in WRAPPERS
                if selection.selection_set:
                    below = measured(selection.selection_set)
                if name in INTROSPECTION:
                    below = Shape(0, below.aliases)
            elif isinstance(selection, InlineFragmentNode):
                below = measured(selection.selection_set)
            depth = max(depth, own + below.depth)
            aliases += below.aliases
        return Shape(depth, aliases)

    return measured(selections)


def introspection_of(selections: SelectionSetNode, fragments: Fragments) -> dict[str, set[str]]:
    """The names in the answer by which an operation asks for `__schema`, and for `__type`."""
    found: dict[str, set[str]] = {}
    spread: set[str] = set()
    waiting = [selections]
    while waiting:
        for node in waiting.pop().selections:
            if isinstance(node, FieldNode):
                if node.name.value in INTROSPECTION:
                    key = (node.alias or node.name).value
                    found.setdefault(node.name.value, set()).add(key)
            elif isinstance(node, InlineFragmentNode):
                waiting.append(node.selection_set)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
                spread.add(node.name.value)
                waiting.append(fragments[node.name.value].selection_set)
    return found
