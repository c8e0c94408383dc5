"""A copy of the GraphQL server with one of the changes, made to the schema that it executes.

For a process of its own: nothing is put back.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLEnumValue,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLString,
    Undefined,
)

from benchmarks.claims.contract_changes.changes import PAGE_SIZE
from client_examples.type_safety.contracts import NEW_GRAPHQL, OLD

FIRST_BOOK: Final = 1
MOVED: Final = "catalogue"


def _fields(schema: GraphQLSchema, name: str) -> dict[str, GraphQLField]:
    type_ = schema.type_map[name]
    assert isinstance(type_, GraphQLObjectType)
    fields: dict[str, GraphQLField] = type_.fields
    return fields


def _resolved(field: GraphQLField, change: Callable[[Any, Any], Any]) -> None:
    """Let the field show what `change` makes of its parent and of what it showed."""
    resolve = field.resolve
    assert resolve is not None

    def resolver(parent: Any, info: Any, **arguments: Any) -> Any:
        value = resolve(parent, info, **arguments)
        if isinstance(value, Awaitable):
            return asyncio.ensure_future(_changed(value, parent, change))
        return change(parent, value)

    field.resolve = resolver


async def _changed(value: Awaitable[Any], parent: Any, change: Callable[[Any, Any], Any]) -> Any:
    return change(parent, await value)


def _renamed(schema: GraphQLSchema) -> None:
    book = _fields(schema, "Book")
    book[NEW_GRAPHQL] = book.pop(OLD)


def _removed(schema: GraphQLSchema) -> None:
    del _fields(schema, "Book")["genre"]


def _retyped(schema: GraphQLSchema) -> None:
    total = _fields(schema, "Order")["totalAmount"]
    total.type = GraphQLNonNull(GraphQLString)
    _resolved(total, lambda _, amount: f"{amount:.2f}")


def _nullable(schema: GraphQLSchema) -> None:
    genre = _fields(schema, "Book")["genre"]
    genre.type = GraphQLString
    _resolved(genre, lambda book, known: None if book["id"] == FIRST_BOOK else known)


def _more_statuses(schema: GraphQLSchema) -> None:
    statuses = schema.type_map["OrderStatus"]
    assert isinstance(statuses, GraphQLEnumType)
    statuses.values["returned"] = GraphQLEnumValue("returned")
    statuses.serialize = _its_own_name  # type: ignore[method-assign]
    _resolved(_fields(schema, "Customer")["orders"], _first_returned)


def _its_own_name(output_value: object) -> str:
    """A status as it is shown, without a look at those that the application knows."""
    return str(output_value)


def _first_returned(_: Any, orders: list[Any]) -> list[Any]:
    return [{**orders[0], "status": "returned"}, *orders[1:]]


def _argument(schema: GraphQLSchema, type_: str, field: str, name: str) -> GraphQLArgument:
    return _fields(schema, type_)[field].args[name]


def _sort_required(schema: GraphQLSchema) -> None:
    sort = _argument(schema, "Query", "books", "sort")
    assert not isinstance(sort.type, GraphQLNonNull)
    sort.type = GraphQLNonNull(sort.type)
    sort.default_value = Undefined


def _another_default(schema: GraphQLSchema) -> None:
    _argument(schema, "Customer", "orders", "limit").default_value = PAGE_SIZE


def _shorter(schema: GraphQLSchema) -> None:
    _argument(schema, "Query", "books", "limit").description = f"At most {PAGE_SIZE} are given."
    _resolved(_fields(schema, "Query")["books"], lambda _, books: books[:PAGE_SIZE])


def _moved(schema: GraphQLSchema) -> None:
    query = _fields(schema, "Query")
    query[MOVED] = query.pop("books")


def _deprecated(schema: GraphQLSchema) -> None:
    _fields(schema, "Book")["genre"].deprecation_reason = "Genres will be lists."


GRAPHQL_CHANGES: Final[dict[str, Callable[[GraphQLSchema], None]]] = {
    "renamed": _renamed,
    "removed": _removed,
    "retyped": _retyped,
    "nullable": _nullable,
    "enum": _more_statuses,
    "required": _sort_required,
    "default": _another_default,
    "shorter": _shorter,
    "moved": _moved,
    "deprecated": _deprecated,
}
