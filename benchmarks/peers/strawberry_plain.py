"""Plain Strawberry on FastAPI: a statement per parent, no loaders, no caches.

It reads by the driver itself, where its documentation would have an object-relational mapper:
that is kinder to it than what people run.
"""

import sqlite3
from typing import Any

import strawberry
import uvicorn
from fastapi import FastAPI
from strawberry.fastapi import GraphQLRouter

from shared.config import Settings
from shared.seeding import open_bookstore
from shared.serving import run_server

_connection: sqlite3.Connection


def _rows(statement: str, *values: Any) -> list[Any]:
    return _connection.execute(statement, values).fetchall()


@strawberry.type
class Book:
    """A book."""

    id: int
    title: str
    price: float


@strawberry.type
class OrderItem:
    """An item of an order."""

    book_id: strawberry.Private[int]
    quantity: int

    @strawberry.field
    def book(self) -> Book:
        """Its book, by a statement of its own."""
        return _book(self.book_id)


@strawberry.type
class Order:
    """An order."""

    id: int
    order_date: str

    @strawberry.field
    def items(self) -> list[OrderItem]:
        """Its items, by a statement of their own."""
        rows = _rows("SELECT book_id, quantity FROM order_item WHERE order_id = ?", self.id)
        return [OrderItem(book_id=book_id, quantity=quantity) for book_id, quantity in rows]


@strawberry.type
class Customer:
    """A customer."""

    id: int
    name: str

    @strawberry.field
    def orders(self) -> list[Order]:
        """The first 20 orders."""
        rows = _rows(
            'SELECT id, order_date FROM "order" WHERE customer_id = ? ORDER BY id LIMIT 20', self.id
        )
        return [Order(id=row_id, order_date=date) for row_id, date in rows]


def _book(book_id: int) -> Book:
    [(row_id, title, cents)] = _rows(
        "SELECT id, title, price_cents FROM book WHERE id = ?", book_id
    )
    return Book(id=row_id, title=title, price=cents / 100)


@strawberry.type
class Query:
    """The roots that the workloads ask for."""

    @strawberry.field
    def book(self, id: int) -> Book:  # noqa: A002 - the argument's name in the schema
        """One book."""
        return _book(id)

    @strawberry.field
    def customer(self, id: int) -> Customer:  # noqa: A002 - likewise
        """One customer."""
        [(row_id, name)] = _rows("SELECT id, name FROM customer WHERE id = ?", id)
        return Customer(id=row_id, name=name)


def serve(settings: Settings) -> None:
    """Serve as the documentation of Strawberry's FastAPI integration shows."""
    global _connection  # noqa: PLW0603 - as a small program would
    bookstore = open_bookstore(settings)
    path = bookstore.database.engine.url.database
    assert path is not None
    _connection = sqlite3.connect(path, check_same_thread=False)
    app = FastAPI()
    app.include_router(GraphQLRouter(strawberry.Schema(query=Query)), prefix="/graphql")
    app.add_api_route("/health", lambda: {"status": "ok"})
    uvicorn.run(app, host=settings.host, port=settings.graphql_port, log_level="critical")
    bookstore.close()


if __name__ == "__main__":
    run_server("graphql", serve)
