"""Plans: a query as selections of the bookstore, made before anything is read.

A document becomes a plan once; the plan becomes selections once for each set of values that its
directives and nested arguments take from variables. Resolvers execute what is not planned
(mutations, introspection, anything that a rule refuses), and give its errors.
"""

from collections.abc import Mapping
from itertools import count
from typing import Any, Final

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    Undefined,
)
from graphql.execution.values import VariableValues

from graphql_api.planning.field_collection import Collector, Unplannable
from graphql_api.planning.plan_cache import PlanCache
from graphql_api.planning.reads import Prepared, Reading
from graphql_api.planning.root_fields import Root
from graphql_api.planning.selections import Selecting
from graphql_api.planning.variables import Variables
from shared.errors import BookstoreError
from shared.reading.selection import Selection

_CHARACTERS: Final = 10  # of a document take as much memory as one member of a selection
_NUMBERS: Final = count()
_REFUSALS: Final = (BookstoreError, GraphQLError)  # the ordinary way tells of them


class Variation:
    """A plan's reads for particular values of the variables that its selections depend on."""

    __slots__ = ("_reading", "weight")

    def __init__(self, roots: list[Root] | None, characters: int) -> None:
        """Without `roots` it cannot be planned; `characters` is the length of its document."""
        members = 1 if roots is None else sum(_members(root.selection) for root in roots)
        self.weight = members + characters // _CHARACTERS
        self._reading = None if roots is None else Reading(roots)

    def prepared(self, values: VariableValues, *, shows_private: bool) -> Prepared:
        """The reads, with the values of all variables.

        Raises:
            Unplannable: a value is refused, or this is not planned at all.
        """
        if self._reading is None:
            raise Unplannable
        known = self._reading.known(shows_private=shows_private)
        if known is not None:
            return known
        try:
            return self._reading.prepared(values, shows_private=shows_private)
        except _REFUSALS as error:
            raise Unplannable from error


class Plan:
    """How to answer one operation of a document that is valid."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        plan_cache: PlanCache[Variation],
    ) -> None:
        """Raises:
        Unplannable: the operation is not a query.
        """
        if operation.operation is not OperationType.QUERY or operation.directives:
            raise Unplannable
        self._variables = Variables(schema, operation.variable_definitions or ())
        self._characters = len(document.loc.source.body) if document.loc else 0
        collector = Collector(document)
        self._structural = collector.structural_variables(operation)
        self._selecting = Selecting(schema, collector, operation)
        self._plan_cache = plan_cache
        self._number = next(_NUMBERS)  # in the key, as the plan itself would be kept by it

    def prepared(self, variables: Mapping[str, Any], *, shows_private: bool) -> Prepared:
        """The plan with the values of one request.

        Raises:
            Unplannable: a value is refused, or something is selected that is not planned.
        """
        values = self._variables.values(variables)
        return self._variation(values).prepared(values, shows_private=shows_private)

    def _variation(self, values: VariableValues) -> Variation:
        key: object = self._number
        if self._structural:
            # A variable that is left out may have a default where it is used: null is another.
            varying = [values.coerced.get(name, Undefined) for name in self._structural]
            key = (self._number, repr(varying))
        found = self._plan_cache.get(key)
        if found is None:
            found = Variation(self._roots(values), self._characters)
            self._plan_cache.keep(key, found)
        return found

    def _roots(self, values: VariableValues) -> list[Root] | None:
        try:
            return self._selecting.roots(values)
        except (Unplannable, *_REFUSALS):
            return None  # it stays so, and is not tried again


def _members(selection: Selection | None) -> int:
    if selection is None:
        return 1
    below = sum(_members(nested.selection) for nested in selection.nested)
    return len(selection.members) + below
