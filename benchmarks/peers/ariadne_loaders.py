"""Ariadne with aiodataloader, as its documentation's page on data loaders shows.

It reads by the driver itself, where people would have an object-relational mapper: that is kinder
to it than what they run.
"""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from aiodataloader import DataLoader
from ariadne import ObjectType, QueryType, load_schema_from_path, make_executable_schema
from ariadne.asgi import GraphQL
from graphql import GraphQLResolveInfo

from benchmarks.peers import rows
from benchmarks.peers.rows import Row, Rows
from benchmarks.peers.serving import database, serve_asgi

SCHEMA = Path(__file__).with_name("schema.graphql")

Info = GraphQLResolveInfo[dict[str, Any]]

read: Rows
query = QueryType()
author, customer = ObjectType("Author"), ObjectType("Customer")
order, item = ObjectType("Order"), ObjectType("OrderItem")


def loads(
    member: str, statement: str
) -> Callable[[list[int]], Coroutine[Any, Any, list[list[Row]]]]:
    """A batch function: for each key the rows that have it in this member."""

    async def load(keys: list[int]) -> list[list[Row]]:
        return read.by(member, statement, keys)

    return load


async def load_books(ids: list[int]) -> list[Row | None]:
    """For each id the book."""
    return [found[0] if found else None for found in read.by("id", rows.BOOKS_BY_ID, ids)]


def get_context_value(request: Any, data: Any) -> dict[str, Any]:
    """New loaders for each request."""
    return {
        "request": request,
        "book": DataLoader(load_books),
        "books_of_author": DataLoader(loads("authorId", rows.BOOKS_BY_AUTHOR)),
        "orders_of_customer": DataLoader(loads("customerId", rows.ORDERS_BY_CUSTOMER)),
        "items_of_order": DataLoader(loads("orderId", rows.ITEMS_BY_ORDER)),
    }


@query.field("book")
def resolve_book(_: Any, info: Info, id: int) -> Row | None:  # noqa: A002 - the schema's name
    """A book by its id."""
    return read.one(rows.BOOK, id)


@query.field("books")
def resolve_books(_: Any, info: Info, limit: int) -> list[Row]:
    """The first books."""
    return read.all(rows.BOOKS, limit)


@query.field("author")
def resolve_author(_: Any, info: Info, id: int) -> Row | None:  # noqa: A002 - the schema's name
    """An author by its id."""
    return read.one(rows.AUTHOR, id)


@query.field("customer")
def resolve_customer(_: Any, info: Info, id: int) -> Row | None:  # noqa: A002 - the schema's name
    """A customer by its id."""
    return read.one(rows.CUSTOMER, id)


@author.field("books")
async def resolve_author_books(parent: Row, info: Info, limit: int) -> list[Row]:
    """The first books of an author."""
    books: list[Row] = await info.context["books_of_author"].load(parent["id"])
    return books[:limit]


@customer.field("orders")
async def resolve_orders(parent: Row, info: Info, limit: int) -> list[Row]:
    """The first orders of a customer."""
    orders: list[Row] = await info.context["orders_of_customer"].load(parent["id"])
    return orders[:limit]


@order.field("items")
def resolve_items(parent: Row, info: Info) -> Any:
    """The items of an order; what a loader gives may be returned as it is."""
    return info.context["items_of_order"].load(parent["id"])


@item.field("book")
def resolve_item_book(parent: Row, info: Info) -> Any:
    """The book of an item."""
    return info.context["book"].load(parent["bookId"])


def main(**options: Any) -> None:
    """Serve until a signal says stop; with more options than the documentation begins with."""
    global read  # noqa: PLW0603 - as a small program would
    read = Rows(database())
    types = load_schema_from_path(str(SCHEMA))
    schema = make_executable_schema(types, query, author, customer, order, item)
    serve_asgi(GraphQL(schema, context_value=get_context_value, **options))


if __name__ == "__main__":
    main()
