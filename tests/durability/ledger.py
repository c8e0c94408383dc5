"""What the database must have when the servers have died: all that was told, nothing by half."""

from collections import Counter, defaultdict
from typing import Any

from sqlalchemy import Engine, text

from shared.rules.order_status import NEXT, OrderStatus
from tests.durability.writers import Told, Writer

_ORDERS = 'SELECT id, status, total_cents FROM "order" WHERE customer_id = :customer'
_ITEMS = """SELECT order_id, book_id, quantity, unit_price_cents FROM order_item
WHERE order_id IN (SELECT id FROM "order" WHERE customer_id = :customer)"""
_EVENTS = """SELECT order_id, status FROM order_event
WHERE order_id IN (SELECT id FROM "order" WHERE customer_id = :customer) ORDER BY id"""
_KEYS = "SELECT key, order_id FROM idempotency_key"
_BOOKS = "SELECT id, stock, title, isbn, price_cents, author_id, genre FROM book"


class Ledger:
    """Looks into the database itself, at a customer whose orders all have keys."""

    def __init__(self, engine: Engine, customer: int, stock: dict[int, int]) -> None:
        """`stock` is what there was, by book, before anything was sold."""
        self._engine, self._customer, self._stock = engine, customer, stock

    def check(self, writers: list[Writer]) -> None:
        """Compare; writers then know what has become of that which they were not told of.

        Raises:
            AssertionError: something is lost, doubled or half done.
        """
        orders = {id_: (status, cents) for id_, status, cents in self._rows(_ORDERS)}
        items: dict[int, dict[int, int]] = defaultdict(dict)
        cents: Counter[int] = Counter()
        for order, book, quantity, price in self._rows(_ITEMS):
            items[order][book] = quantity
            cents[order] += quantity * price
        assert {order: total for order, (_, total) in orders.items()} == dict(cents)
        statuses = {order: status for order, (status, _) in orders.items()}
        self._check_events(statuses)
        self._check_keys({id_: dict(items[id_]) for id_ in orders}, writers)
        for writer in writers:
            _check_statuses(statuses, writer.told)
        self._check_books(items, statuses, writers)

    def _check_events(self, statuses: dict[int, str]) -> None:
        """Each order has come to its status step by step, each of which was written down."""
        reached = dict.fromkeys(statuses, "pending")
        for order, status in self._rows(_EVENTS):
            assert status in NEXT[OrderStatus(reached[order])], (order, reached[order], status)
            reached[order] = status
        assert reached == statuses

    def _check_keys(self, items: dict[int, dict[int, int]], writers: list[Writer]) -> None:
        """Each order is what was asked for by its key, and those that were told of are there."""
        asked = {key: one for writer in writers for key, one in writer.told.orders.items()}
        # Those of others are theirs.
        kept = {key: id_ for key, id_ in self._rows(_KEYS) if key in asked or id_ in items}
        assert {key: items[order] for key, order in kept.items()}.items() <= asked.items()
        assert sorted(kept.values()) == sorted(items), "an order without its key, or a key without"
        told = {key: one["id"] for writer in writers for key, one in writer.told.placed.items()}
        assert told.items() <= kept.items()

    def _check_books(
        self, items: dict[int, dict[int, int]], statuses: dict[int, str], writers: list[Writer]
    ) -> None:
        sold: Counter[int] = Counter()
        for order, status in statuses.items():
            if status != "cancelled":
                sold.update(items[order])
        rows = list(self._rows(_BOOKS))
        stock = {book: left + sold[book] for book, left, *_ in rows if book in self._stock}
        assert stock == self._stock
        titles = {book: title for book, _, title, *_ in rows}
        by_isbn = {isbn: row for row in rows if (isbn := row[3])}
        for writer in writers:
            assert titles[writer.own_book] in writer.told.title
            writer.told.title = (titles[writer.own_book],) * 2
            assert writer.told.made.keys() <= by_isbn.keys()
            for isbn, asked in writer.told.books.items():
                if isbn in by_isbn:
                    _, left, title, _, price, author, genre = by_isbn[isbn]
                    whole = {"title": title, "stock": left, "author_id": author, "genre": genre}
                    assert asked.items() >= whole.items()
                    assert round(asked["price"] * 100) == price

    def _rows(self, query: str) -> list[Any]:
        with self._engine.connect() as connection:
            named = {"customer": self._customer} if ":customer" in query else {}
            return list(connection.execute(text(query), named))


def _check_statuses(statuses: dict[int, str], told: Told) -> None:
    for order, status in told.statuses.items():
        assert statuses[order] in (status, told.moves.get(order, status))
        told.statuses[order] = told.moves[order] = statuses[order]
