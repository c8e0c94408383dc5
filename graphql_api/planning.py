"""Plans: what a query selects, as the bookstore's selections, known before anything runs.

A document becomes a plan once; the plan becomes selections once for each set of values that its
directives and nested arguments take from variables. What is not planned (mutations, introspection,
connections, anything that a rule refuses) is left to the ordinary way, which gives its own errors.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, Final, NamedTuple, cast

from graphql import (
    DocumentNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_argument_values,
    get_named_type,
    get_variable_values,
)
from graphql.execution.values import VariableValues

from graphql_api.collecting import Collector, Group, Unplannable
from graphql_api.inputs import checked_id, listing, page_of
from graphql_api.names import camel
from shared.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, ORDER_ITEM
from shared.database import Connection
from shared.errors import BookstoreError
from shared.fetching import fetch_one
from shared.listing import (
    AuthorQuery,
    BookQuery,
    BooksOfAuthorQuery,
    CustomerQuery,
    ListQuery,
    OrderQuery,
    OrdersOfCustomerQuery,
    PageQuery,
    fetch_list,
)
from shared.selection import Constant, Field, Member, Nested, Page, Selection
from shared.statements import Statement

_ENTITIES: Final = {
    "Author": AUTHOR,
    "Book": BOOK,
    "Customer": CUSTOMER,
    "Order": ORDER,
    "OrderItem": ORDER_ITEM,
}
_ONE: Final = frozenset({"author", "book", "customer", "order"})
_LISTS: Final[dict[str, type[ListQuery]]] = {
    "authors": AuthorQuery,
    "books": BookQuery,
    "searchBooks": BookQuery,
    "customers": CustomerQuery,
    "orders": OrderQuery,
}
_PAGED: Final[dict[tuple[str, str], type[PageQuery]]] = {
    ("Author", "books"): BooksOfAuthorQuery,
    ("Customer", "orders"): OrdersOfCustomerQuery,
}
_MEMBERS: Final = {
    (type_name, camel(name)): name
    for type_name, entity in _ENTITIES.items()
    for name in (*entity.fields, *entity.relations)
}
_SEARCHED: Final = {"query": "search"}  # searchBooks names the filter so
_VARIATIONS: Final = 64  # of one document, by what variables change in its selections

Arguments = dict[str, Any]
Data = dict[str, Any]


class _Root(NamedTuple):
    """A field of the query, and how to answer it."""

    key: str
    selection: Selection | None  # None: `__typename`
    arguments: Callable[[VariableValues], Arguments]
    query: type[ListQuery] | None  # None: one object by its id


class Plan:
    """How to answer one operation of a document that is valid."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        """Raises:
        Unplannable: the operation is not a query.
        """
        if operation.operation is not OperationType.QUERY or operation.directives:
            raise Unplannable
        self._schema = schema
        self._operation = operation
        self._collector = Collector(document)
        self._structural = self._collector.structural_variables(operation)
        self._statements: dict[object, dict[object, Statement]] = {}
        self._variations: OrderedDict[str, list[_Root]] = OrderedDict()

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

    def _roots(self, values: VariableValues) -> list[_Root]:
        variation = repr([values.coerced.get(name) for name in self._structural])
        found = self._variations.get(variation)
        if found is None:
            sets = [self._operation.selection_set]
            found = [self._root(g, values) for g in self._collector.groups(sets, values.coerced)]
            self._variations[variation] = found
            if len(self._variations) > _VARIATIONS:
                self._variations.popitem(last=False)
        return found

    def _root(self, group: Group, values: VariableValues) -> _Root:
        if group.name == "__typename":
            return _Root(group.key, None, lambda _: {}, None)
        if group.name not in _ONE and group.name not in _LISTS:
            raise Unplannable
        definition = cast("GraphQLObjectType", self._schema.query_type).fields[group.name]
        target = cast("GraphQLObjectType", get_named_type(definition.type))
        selection = self._selection(target, group, values, (group.key,))
        arguments = partial(get_argument_values, definition, group.node)
        return _Root(group.key, selection, arguments, _LISTS.get(group.name))

    def _selection(
        self, type_: GraphQLObjectType, group: Group, values: VariableValues, path: tuple[str, ...]
    ) -> Selection:
        members = [
            self._member(type_, below, values, (*path, below.key))
            for below in self._collector.groups(group.selection_sets, values.coerced)
        ]
        if not members:
            raise Unplannable  # all of them are left out by directives
        shape = (path, tuple((m.key, type(m), getattr(m, "name", "")) for m in members))
        statements = self._statements.setdefault(shape, {})
        return Selection(_ENTITIES[type_.name], members, statements)

    def _member(
        self, type_: GraphQLObjectType, group: Group, values: VariableValues, path: tuple[str, ...]
    ) -> Member:
        entity, name = _ENTITIES[type_.name], group.name
        if name == "__typename":
            return Constant(group.key, type_.name)
        member = _MEMBERS.get((type_.name, name))
        if member is None:
            raise Unplannable
        if member in entity.fields:
            return Field(group.key, member)
        target = cast("GraphQLObjectType", get_named_type(type_.fields[name].type))
        below = self._selection(target, group, values, path)
        page = None
        if entity.relations[member].paged:
            arguments = get_argument_values(type_.fields[name], group.node, values)
            page = _page(_PAGED[type_.name, name], arguments)
        return Nested(group.key, entity.relations[member], below, page)


class _Fetch:
    """Reads one field of the query."""

    def __init__(self, root: _Root, values: VariableValues, shows_private: bool) -> None:
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


def _page(model: type[PageQuery], arguments: Arguments) -> Page:
    return page_of(model, arguments["limit"], arguments["offset"], arguments.get("sort"))


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except BookstoreError as error:  # the ordinary way tells of it
        raise Unplannable from error
