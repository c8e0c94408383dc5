"""Rows of the bookstore by the driver itself, for the peers whose documentation has no mapper."""

import sqlite3
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]

# By the names of the schema, so that nobody has to rename a member.
_AUTHOR = "id, name, email, bio"
_BOOK = (
    "id, title, isbn, price_cents / 100.0 AS price, publication_date AS publicationDate, genre, "
    "description, stock, author_id AS authorId"
)
_CUSTOMER = "id, name, email"
_ORDER = (
    "id, customer_id AS customerId, order_date AS orderDate, status, "
    "total_cents / 100.0 AS totalAmount"
)
_ITEM = "order_id AS orderId, book_id AS bookId, quantity, unit_price_cents / 100.0 AS price"

AUTHOR = f"SELECT {_AUTHOR} FROM author WHERE id = ?"
BOOK = f"SELECT {_BOOK} FROM book WHERE id = ?"
CUSTOMER = f"SELECT {_CUSTOMER} FROM customer WHERE id = ?"
BOOKS = f"SELECT {_BOOK} FROM book ORDER BY id LIMIT ?"
BOOKS_OF_AUTHOR = f"SELECT {_BOOK} FROM book WHERE author_id = ? ORDER BY id LIMIT ?"
ORDERS_OF_CUSTOMER = f'SELECT {_ORDER} FROM "order" WHERE customer_id = ? ORDER BY id LIMIT ?'
ITEMS_OF_ORDER = f"SELECT {_ITEM} FROM order_item WHERE order_id = ? ORDER BY book_id"

ALL_AUTHORS = f"SELECT {_AUTHOR} FROM author ORDER BY id"
ALL_BOOKS = f"SELECT {_BOOK} FROM book ORDER BY id"
ALL_CUSTOMERS = f"SELECT {_CUSTOMER} FROM customer ORDER BY id"
ALL_ORDERS = f'SELECT {_ORDER} FROM "order" ORDER BY id'

# `{}` is a mark for each key.
BOOKS_BY_ID = f"SELECT {_BOOK} FROM book WHERE id IN ({{}})"
BOOKS_BY_AUTHOR = f"SELECT {_BOOK} FROM book WHERE author_id IN ({{}}) ORDER BY id"
ORDERS_BY_CUSTOMER = f'SELECT {_ORDER} FROM "order" WHERE customer_id IN ({{}}) ORDER BY id'
ITEMS_BY_ORDER = (
    f"SELECT {_ITEM} FROM order_item WHERE order_id IN ({{}}) ORDER BY order_id, book_id"
)


class Rows:
    """Asks the database."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)

    def all(self, statement: str, *values: Any) -> list[Row]:
        """All rows, as dicts."""
        cursor = self._connection.execute(statement, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor]

    def one(self, statement: str, *values: Any) -> Row | None:
        """The first row, or None."""
        rows = self.all(statement, *values)
        return rows[0] if rows else None

    def by(self, member: str, statement: str, keys: Sequence[int]) -> list[list[Row]]:
        """For each key its rows, by one statement."""
        grouped: defaultdict[int, list[Row]] = defaultdict(list)
        for row in self.all(statement.format(", ".join("?" * len(keys))), *keys):
            grouped[row[member]].append(row)
        return [grouped[key] for key in keys]
