"""Turns what a query selects into the bookstore's selections."""

from typing import Any, Final, cast

from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    TypeNameMetaFieldDef,
    get_argument_values,
    get_named_type,
)
from graphql.execution.values import VariableValues

from graphql_api.planning.connection_shapes import shape_of
from graphql_api.planning.field_collection import Collector, Group, Unplannable
from graphql_api.planning.root_fields import CONNECTIONS, LISTS, OBJECTS, Root, RootArguments
from graphql_api.resources.argument_rules import page_of
from graphql_api.resources.names import camel
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER, ORDER_ITEM
from shared.reading.listing import BooksOfAuthorQuery, OrdersOfCustomerQuery, PageQuery
from shared.reading.selection import Constant, Field, Member, Nested, Page, Selection

_ENTITIES: Final = {
    "Author": AUTHOR,
    "Book": BOOK,
    "Customer": CUSTOMER,
    "Order": ORDER,
    "OrderItem": ORDER_ITEM,
}
# Without introspection, and fields that have no plan.
_PLANNED: Final = OBJECTS | LISTS.keys() | CONNECTIONS.keys()
_PAGED: Final[dict[tuple[str, str], type[PageQuery]]] = {
    ("Author", "books"): BooksOfAuthorQuery,
    ("Customer", "orders"): OrdersOfCustomerQuery,
}
_MEMBERS: Final = {
    (type_name, camel(name)): name
    for type_name, entity in _ENTITIES.items()
    for name in (*entity.fields, *entity.relations)
}


class Selecting:
    """Makes selections of what one operation selects."""

    def __init__(
        self, schema: GraphQLSchema, collector: Collector, operation: OperationDefinitionNode
    ) -> None:
        self._query_type = cast("GraphQLObjectType", schema.query_type)
        self._collector = collector
        self._selection_sets = [operation.selection_set]

    def roots(self, values: VariableValues) -> list[Root]:
        """The fields of the query, with these values in directives and nested arguments.

        Raises:
            Unplannable: something is selected that is not planned.
            BookstoreError: the page of a nested list breaks a rule.
            GraphQLError: an argument is null that must not be.
        """
        groups = self._collector.groups(self._selection_sets, values.coerced)
        return [self._root(group, values) for group in groups]

    def _root(self, group: Group, values: VariableValues) -> Root:
        name = group.name
        if name == "__typename":
            return Root(group.key, None, RootArguments(TypeNameMetaFieldDef, group.node))
        if name not in _PLANNED:
            raise Unplannable
        definition = self._query_type.fields[name]
        arguments = RootArguments(definition, group.node)
        target = cast("GraphQLObjectType", get_named_type(definition.type))
        if name in CONNECTIONS:
            shape, node, target = shape_of(self._collector, target, group, values.coerced)
            if node is None:  # nothing of the objects themselves
                selection = Selection(_ENTITIES[target.name], [Field("id", "id")])
            else:
                selection = self._selection(target, node, values)
            return Root(group.key, selection, arguments, CONNECTIONS[name], shape)
        selection = self._selection(target, group, values)
        return Root(group.key, selection, arguments, LISTS.get(name))

    def _selection(
        self, type_: GraphQLObjectType, group: Group, values: VariableValues
    ) -> Selection:
        members = [
            self._member(type_, below, values)
            for below in self._collector.groups(group.selection_sets, values.coerced)
        ]
        if not members:
            raise Unplannable  # all of them are left out by directives
        return Selection(_ENTITIES[type_.name], members)

    def _member(self, type_: GraphQLObjectType, group: Group, values: VariableValues) -> Member:
        entity, name = _ENTITIES[type_.name], group.name
        if name == "__typename":
            return Constant(group.key, type_.name)
        member = _MEMBERS.get((type_.name, name))
        if member is None:
            raise Unplannable
        if member in entity.fields:
            return Field(group.key, member)
        target = cast("GraphQLObjectType", get_named_type(type_.fields[name].type))
        below = self._selection(target, group, values)
        page = None
        if entity.relations[member].paged:
            arguments = get_argument_values(type_.fields[name], group.node, values)
            page = _page(_PAGED[type_.name, name], arguments)
        return Nested(group.key, entity.relations[member], below, page)


def _page(model: type[PageQuery], arguments: dict[str, Any]) -> Page:
    return page_of(model, arguments["limit"], arguments["offset"], arguments.get("sort"))
