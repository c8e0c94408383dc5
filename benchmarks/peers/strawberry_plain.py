"""Strawberry on FastAPI as its documentation begins: a statement per parent, no loaders.

It reads by the driver itself, where people would have an object-relational mapper: that is kinder
to it than what they run.
"""

from collections.abc import Callable
from typing import Any

import strawberry
from fastapi import FastAPI
from strawberry.extensions import SchemaExtension
from strawberry.fastapi import GraphQLRouter

from benchmarks.peers import rows
from benchmarks.peers.rows import Row, Rows
from benchmarks.peers.serving import database, serve_asgi

read: Rows


@strawberry.type
class Book:
    """A book."""

    id: int
    title: str
    isbn: str
    price: float
    publicationDate: str  # noqa: N815 - the schema's names, here and below
    genre: str
    description: str | None
    stock: int
    authorId: int  # noqa: N815


@strawberry.type
class OrderItem:
    """An item of an order."""

    bookId: int  # noqa: N815
    quantity: int
    price: float

    @strawberry.field
    def book(self) -> Book:
        """Its book, by a statement of its own."""
        book = one_book(self.bookId)
        assert book is not None
        return book


@strawberry.type
class Order:
    """An order."""

    id: int
    orderDate: str  # noqa: N815
    status: str
    totalAmount: float  # noqa: N815

    @strawberry.field
    def items(self) -> list[OrderItem]:
        """Its items, by a statement of their own."""
        found = read.all(rows.ITEMS_OF_ORDER, self.id)
        return [OrderItem(**without(row, "orderId")) for row in found]


@strawberry.type
class Customer:
    """A customer."""

    id: int
    name: str
    email: str

    @strawberry.field
    def orders(self, limit: int = 20) -> list[Order]:
        """The first orders."""
        found = read.all(rows.ORDERS_OF_CUSTOMER, self.id, limit)
        return [Order(**without(row, "customerId")) for row in found]


@strawberry.type
class Author:
    """An author."""

    id: int
    name: str
    email: str
    bio: str | None

    @strawberry.field
    def books(self, limit: int = 20) -> list[Book]:
        """The first books."""
        return [Book(**row) for row in read.all(rows.BOOKS_OF_AUTHOR, self.id, limit)]


def one_book(id: int) -> Book | None:  # noqa: A002 - the argument's name in the schema
    """A book by its id."""
    row = read.one(rows.BOOK, id)
    return Book(**row) if row else None


def without(row: Row, member: str) -> dict[str, Any]:
    """The row without the member that only says whose it is."""
    del row[member]
    return row


@strawberry.type
class Query:
    """The roots that the workloads ask for."""

    book: Book | None = strawberry.field(resolver=one_book)

    @strawberry.field
    def books(self, limit: int = 20) -> list[Book]:
        """The first books."""
        return [Book(**row) for row in read.all(rows.BOOKS, limit)]

    @strawberry.field
    def author(self, id: int) -> Author | None:  # noqa: A002 - as above
        """An author by its id."""
        row = read.one(rows.AUTHOR, id)
        return Author(**row) if row else None

    @strawberry.field
    def customer(self, id: int) -> Customer | None:  # noqa: A002 - as above
        """A customer by its id."""
        row = read.one(rows.CUSTOMER, id)
        return Customer(**row) if row else None


def main(*extensions: Callable[[], SchemaExtension]) -> None:
    """Serve until a signal says stop."""
    global read  # noqa: PLW0603 - as a small program would
    read = Rows(database())
    schema = strawberry.Schema(query=Query, extensions=extensions)
    app = FastAPI()
    app.include_router(GraphQLRouter(schema), prefix="/graphql")
    serve_asgi(app)


if __name__ == "__main__":
    main()
