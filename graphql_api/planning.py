"""Plans: what a query selects, as the bookstore's selections, known before anything runs.

A document becomes a plan once; the plan becomes selections once for each set of values that its
directives and nested arguments take from variables. What is not planned (mutations, introspection,
connections, anything that a rule refuses) is left to the ordinary way, which gives its own errors.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from graphql_api.collecting import Collector, Unplannable
from graphql_api.inputs import checked_id, listing
from graphql_api.names import camel
from graphql_api.selecting import Arguments, Root, Selecting
from shared.database import Connection
from shared.errors import BookstoreError
from shared.fetching import fetch_one
from shared.listing import ListQuery, fetch_list
from shared.selection import Selection

# A member of a selection takes up to 2 kB, with its part of statements: 60 MB at most.
MAX_MEMBERS: Final = 30_000
_CHARACTERS: Final = 10  # of a document take as much as one member

_SEARCHED: Final = {"query": "search"}  # searchBooks names the filter so
_NUMBERS: Final = count()

Data = dict[str, Any]


class Variations:
    """The selections of all plans, by the values that vary them; those used last are kept."""

    def __init__(self, most: int = MAX_MEMBERS) -> None:
        """Args:
        most: members, of selections, that are kept.
        """
        self._most = most
        self._known: OrderedDict[object, tuple[list[Root], int]] = OrderedDict()
        self._members = 0

    def get(self, key: object) -> list[Root] | None:
        """What was kept by this key."""
        found = self._known.get(key)
        if found is None:
            return None
        self._known.move_to_end(key)
        return found[0]

    def keep(self, key: object, roots: list[Root], characters: int) -> None:
        """Keep what a document of so many characters has become."""
        weight = sum(_members(root.selection) for root in roots) + characters // _CHARACTERS
        self._known[key] = roots, weight
        self._members += weight
        while self._members > self._most:
            _, (_, weight) = self._known.popitem(last=False)
            self._members -= weight


class Plan:
    """How to answer one operation of a document that is valid."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variations: Variations,
    ) -> None:
        """Raises:
        Unplannable: the operation is not a query.
        """
        if operation.operation is not OperationType.QUERY or operation.directives:
            raise Unplannable
        self._schema = schema
        self._operation = operation
        self._characters = len(document.loc.source.body) if document.loc else 0
        collector = Collector(document)
        self._structural = collector.structural_variables(operation)
        self._selecting = Selecting(schema, collector, operation)
        self._variations = variations
        self._number = next(_NUMBERS)  # in the key, as the plan itself would be kept by it

    def prepared(self, variables: Mapping[str, Any], *, shows_private: bool) -> "Prepared":
        """The plan with the values of one request.

        Raises:
            Unplannable: a value is refused, or something is selected that is not planned.
        """
        definitions = self._operation.variable_definitions or ()
        values = get_variable_values(self._schema, definitions, dict(variables))
        if isinstance(values, list):
            raise Unplannable
        with _refusals():
            return Prepared([_Fetch(root, values, shows_private) for root in self._roots(values)])

    def _roots(self, values: VariableValues) -> list[Root]:
        # A variable that is left out may have a default where it is used: null is another value.
        varying = [values.coerced.get(name, Undefined) for name in self._structural]
        key = (self._number, repr(varying))
        found = self._variations.get(key)
        if found is None:
            found = self._selecting.roots(values)
            self._variations.keep(key, found, self._characters)
        return found


class _Fetch:
    """Reads one field of the query."""

    def __init__(self, root: Root, values: VariableValues, shows_private: bool) -> None:
        """Raises:
        BookstoreError: an argument breaks a rule.
        """
        self.key = root.key
        selection = root.selection
        self.selection = selection if selection is None or shows_private else selection.public
        arguments = root.arguments(values)
        self._query = None if root.query is None else _listing(root.query, arguments)
        if selection is not None and self._query is None:
            (row_id,) = arguments.values()
            self._row_id = checked_id(row_id)

    def read(self, connection: Connection) -> Any:
        """The value of the field."""
        if self.selection is None:
            return "Query"
        if self._query is None:
            return fetch_one(connection, self.selection, self._row_id)
        return fetch_list(connection, self._query, self.selection).records


class Prepared:
    """A plan with the values of one request: what is left is to read."""

    def __init__(self, fetches: list[_Fetch]) -> None:
        self._fetches = fetches

    @property
    def is_one_statement(self) -> bool:
        """Whether it takes no more than one, so that no others can come between."""
        selections = [fetch.selection for fetch in self._fetches if fetch.selection is not None]
        return len(selections) <= 1 and not any(selection.nested for selection in selections)

    def read(self, connection: Connection) -> Data:
        """The data of the answer."""
        return {fetch.key: fetch.read(connection) for fetch in self._fetches}


def _listing(model: type[ListQuery], arguments: Arguments) -> ListQuery:
    given = dict(arguments)
    filters = given.pop("filter", None) or {}
    names = {camel(name): name for name in model.conditions}
    return listing(
        model,
        filters={names[name]: value for name, value in filters.items()},
        **{_SEARCHED.get(name, name): value for name, value in given.items()},
    )


def _members(selection: Selection | None) -> int:
    if selection is None:
        return 1
    below = sum(_members(nested.selection) for nested in selection.nested)
    return len(selection.members) + below


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (BookstoreError, GraphQLError) as error:  # the ordinary way tells of it
        raise Unplannable from error
