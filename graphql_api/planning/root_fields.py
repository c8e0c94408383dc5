"""The root fields of a query: what each reads, and with which arguments."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from graphql import FieldNode, GraphQLField, VariableNode, get_argument_values
from graphql.execution.values import VariableValues

from graphql_api.planning.connection_shapes import Shape
from graphql_api.planning.field_collection import variables_in
from shared.reading.listing import AuthorQuery, BookQuery, CustomerQuery, ListQuery, OrderQuery
from shared.reading.selection import Selection

Arguments = dict[str, Any]

OBJECTS: Final = frozenset({"author", "book", "customer", "order"})  # each by its id
LISTS: Final[Mapping[str, type[ListQuery]]] = {
    "authors": AuthorQuery,
    "books": BookQuery,
    "searchBooks": BookQuery,
    "customers": CustomerQuery,
    "orders": OrderQuery,
}
CONNECTIONS: Final[Mapping[str, type[ListQuery]]] = {
    "authorsConnection": AuthorQuery,
    "booksConnection": BookQuery,
    "customersConnection": CustomerQuery,
    "ordersConnection": OrderQuery,
}


class RootArguments:
    """The arguments of a root field.

    Attributes:
        varies: whether they depend on a variable.
    """

    __slots__ = ("_are_whole", "_constants", "_definition", "_node", "_variables", "varies")

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        places = [*variables_in(node.arguments or ())]
        self.varies = bool(places)
        self._variables = {
            definition.args[argument.name.value].out_name or argument.name.value: value.name.value
            for argument in node.arguments or ()
            if isinstance(value := argument.value, VariableNode)
        }
        # Whether none is within a list or an object, also one that is an argument besides.
        self._are_whole = len(places) == len(self._variables)
        self._constants: Arguments | None = None  # what stays when the variables change

    def __call__(self, values: VariableValues) -> Arguments:
        """The arguments with these values, by their names in Python.

        Raises:
            GraphQLError: one is null that must not be.
        """
        given = {name: values.coerced.get(of) for name, of in self._variables.items()}
        if self._constants is not None and None not in given.values():
            return {**self._constants, **given}
        # One that is left out or null may have a default, or be refused.
        found = get_argument_values(self._definition, self._node, values)
        if self._are_whole:
            self._constants = {n: v for n, v in found.items() if n not in self._variables}
        return found


class Root(NamedTuple):
    """A field of the query, and how to answer it.

    Attributes:
        selection: what is selected; None for `__typename`.
        query: the model of a list's parameters; None for one object by its id.
        shape: the shape of a page by cursors; None for other fields.
    """

    key: str
    selection: Selection | None
    arguments: RootArguments
    query: type[ListQuery] | None = None
    shape: Shape | None = None
