"""The rows of the bookstore as a file of JSON, for the peers that hold them in plain arrays."""

from pathlib import Path
from typing import Any

import orjson

from benchmarks.peers import rows
from benchmarks.peers.rows import Rows


def write(database: Path, file: Path) -> None:
    """Write authors, books, customers, and orders with their items, each by id."""
    file.write_bytes(orjson.dumps(exported(Rows(database))))


def exported(read: Rows) -> dict[str, Any]:
    """What the file holds."""
    orders = read.all(rows.ALL_ORDERS)
    items = read.by("orderId", rows.ITEMS_BY_ORDER, [order["id"] for order in orders])
    for order, its in zip(orders, items, strict=True):
        order["items"] = its
    return {
        "authors": read.all(rows.ALL_AUTHORS),
        "books": read.all(rows.ALL_BOOKS),
        "customers": read.all(rows.ALL_CUSTOMERS),
        "orders": orders,
    }
