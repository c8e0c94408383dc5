"""FastAPI with response models and no mapper: what response models cost by themselves.

Its endpoints are coroutines that read by the driver. FastAPI's documentation has them for what does
not block; an embedded database blocks for microseconds, and going to a thread costs more.
"""

from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query

from benchmarks.peers.fastapi_orm import BookPublic, HistoryPublic
from benchmarks.peers.rows import Row, Rows
from benchmarks.peers.serving import database, serve_asgi

BOOK = (
    "SELECT id, title, isbn, price_cents / 100.0 AS price, publication_date, author_id, genre, "
    "description, stock FROM book "
)
ONE_BOOK = BOOK + "WHERE id = ?"
BOOKS = BOOK + "ORDER BY id LIMIT ?"
CUSTOMER = "SELECT name FROM customer WHERE id = ?"
ORDERS = 'SELECT id, order_date FROM "order" WHERE customer_id = ? ORDER BY id'
ITEMS = (
    "SELECT order_id, quantity, title FROM order_item JOIN book ON book.id = book_id "
    "WHERE order_id IN ({}) ORDER BY order_id, book_id"
)

read: Rows
app = FastAPI()


@app.get("/books/{book_id}", response_model=BookPublic)
async def read_book(book_id: int) -> Row:
    """One book."""
    return _found(read.one(ONE_BOOK, book_id))


@app.get("/books", response_model=list[BookPublic])
async def read_books(limit: Annotated[int, Query(le=100)] = 20) -> list[Row]:
    """A page of books."""
    return read.all(BOOKS, limit)


@app.get("/customers/{customer_id}/history", response_model=HistoryPublic)
async def read_history(customer_id: int) -> dict[str, Any]:
    """A customer's orders, with the titles of what was ordered."""
    customer = _found(read.one(CUSTOMER, customer_id))
    orders = read.all(ORDERS, customer_id)
    items = read.by("order_id", ITEMS, [order["id"] for order in orders])
    for order, its in zip(orders, items, strict=True):
        order["items"] = [
            {"quantity": item["quantity"], "book": {"title": item["title"]}} for item in its
        ]
    return {"name": customer["name"], "orders": orders}


def _found(row: Row | None) -> Row:
    if row is None:
        raise HTTPException(status_code=404, detail="Not found")
    return row


def main() -> None:
    """Serve until a signal says stop."""
    global read  # noqa: PLW0603 - as a small program would
    read = Rows(database())
    serve_asgi(app)


if __name__ == "__main__":
    main()
