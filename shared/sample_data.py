"""Sample data: the same rows for the same size and seed, at any size, in batches.

The first rows are written by hand and stay as they are, since documentation and tests quote
them: author 1 has books 1 to 5, author 2 books 6 to 15; customer 1 has orders 1 to 5 with
15 different books, customer 2 has orders 6 to 25; each of these orders has 3 items.
"""

import datetime
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from sqlalchemy import Table

from shared import tables
from shared.models import OrderStatus
from shared.sample_words import (
    ADJECTIVES,
    FIRST_AUTHORS,
    FIRST_CUSTOMERS,
    FIRST_NAMES,
    FIRST_TITLES,
    LAST_NAMES,
    STREETS,
    TITLES,
    TOPICS,
)

BATCH = 5_000  # rows; one transaction each
FIRST_ISBN = "9781234567897"
_FIRST_ORDER_DATE = datetime.datetime(2023, 1, 1, 9)
_FIRST_PUBLICATION = datetime.date(1990, 1, 1)
_PUBLICATION_DAYS = 12_400  # until late in 2023
_ORDER_COLUMNS = ("id", "customer_id", "order_date", "status", "total_cents")
_ITEM_COLUMNS = ("order_id", "book_id", "quantity", "unit_price_cents")
_STATUSES = [
    *[OrderStatus.DELIVERED] * 12,
    *[OrderStatus.SHIPPED] * 2,
    *[OrderStatus.PAID] * 3,
    *[OrderStatus.PENDING] * 2,
    OrderStatus.CANCELLED,
]


@dataclass(frozen=True)
class Size:
    """Rows of each resource; all follow from the number of books."""

    books: int

    @property
    def authors(self) -> int:
        return max(3, self.books // 10)

    @property
    def customers(self) -> int:
        return max(3, self.books // 5)

    @property
    def orders(self) -> int:
        return max(25, self.books)


Batch = tuple[Table, tuple[str, ...], list[tuple[Any, ...]]]


def generate(books: int, seed: int) -> Iterator[Batch]:
    """Batches of rows as (table, column names, rows), each table before those that refer to it."""
    size = Size(books)
    prices = array("i", [0])  # by book id, for the totals of the orders
    yield from _batches(tables.author, _authors(size, Random(f"{seed} authors")))
    yield from _batches(tables.book, _books(size, Random(f"{seed} books"), prices))
    yield from _batches(tables.customer, _customers(size, Random(f"{seed} customers")))
    yield from _order_batches(size, Random(f"{seed} orders"), prices)


def search_text(title: str, description: str | None) -> str:
    """What a search looks in: U+001F keeps a match from running from one into the other."""
    return f"{title}\x1f{description or ''}".casefold()


def isbn13(number: int) -> str:
    """The ISBN-13 with this number (up to nine digits) behind its prefix 978."""
    digits = f"978{number:09d}"
    weighted = sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(digits))
    return f"{digits}{-weighted % 10}"


def _skewed(random: Random, first: int, last: int) -> int:
    """An id from first to last; the square gives a few of them most of it."""
    return first + int((last - first + 1) * random.random() ** 2)


def _batches(table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[Batch]:
    batch: list[tuple[Any, ...]] = []
    columns: tuple[str, ...] = ()
    for row in rows:
        columns = columns or tuple(row)
        batch.append(tuple(row.values()))
        if len(batch) == BATCH:
            yield table, columns, batch
            batch = []
    if batch:
        yield table, columns, batch


def _person(random: Random, row: int) -> tuple[str, str]:
    name = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}"
    return name, f"{name.lower().replace(' ', '.')}.{row}@example.com"


def _authors(size: Size, random: Random) -> Iterator[dict[str, Any]]:
    for row in range(1, size.authors + 1):
        name, email = _person(random, row)
        genre = random.choice(list(TOPICS))
        bio: str | None = f"Writes about {genre.lower()} and what it has to do with everyday life."
        if row <= len(FIRST_AUTHORS):
            name, email, bio = FIRST_AUTHORS[row - 1]
        elif random.random() < 0.1:
            bio = None
        yield {"id": row, "name": name, "email": email, "bio": bio}


def _books(size: Size, random: Random, prices: "array[int]") -> Iterator[dict[str, Any]]:
    for row in range(1, size.books + 1):
        genre = random.choice(list(TOPICS))
        topic = random.choice(TOPICS[genre])
        adjective = random.choice(ADJECTIVES)
        title = random.choice(TITLES).format(topic=topic, adjective=adjective)
        day = _FIRST_PUBLICATION + datetime.timedelta(days=random.randrange(_PUBLICATION_DAYS))
        price, published, author = 499 + 100 * random.randrange(70), day.isoformat(), 0
        description: str | None = (
            f"{adjective} reading on {topic.lower()}: what to know first, what to leave out, "
            "and where to go from there."
        )
        if row <= len(FIRST_TITLES):
            author, title, genre, price, published, description = FIRST_TITLES[row - 1]
        else:
            author = _skewed(random, 3, size.authors)
            description = description if random.random() < 0.95 else None
        prices.append(price)
        yield {
            "id": row,
            "title": title,
            "isbn": FIRST_ISBN if row == 1 else isbn13(row),
            "price_cents": price,
            "publication_date": published,
            "author_id": author,
            "genre": genre,
            "description": description,
            "stock": random.randrange(20, 200),
            "search_text": search_text(title, description),
        }


def _customers(size: Size, random: Random) -> Iterator[dict[str, Any]]:
    for row in range(1, size.customers + 1):
        name, email = _person(random, row)
        phone: str | None = f"+1 555 {row % 10_000:04d}"
        address = f"{random.randrange(1, 200)} {random.choice(STREETS)}, Booktown"
        if row <= len(FIRST_CUSTOMERS):
            name, email, phone, address = FIRST_CUSTOMERS[row - 1]
        elif random.random() < 0.2:
            phone = None
        yield {"id": row, "name": name, "email": email, "phone": phone, "address": address}


def _order_batches(size: Size, random: Random, prices: "array[int]") -> Iterator[Batch]:
    orders: list[tuple[Any, ...]] = []
    items: list[tuple[Any, ...]] = []
    for row in range(1, size.orders + 1):
        customer, books = _order_of(row, size, random)
        status = random.choice(_STATUSES)
        quantities = [random.randrange(1, 4) for _ in books]
        total = sum(prices[b] * q for b, q in zip(books, quantities, strict=True))
        # 37 minutes apart: a later order has a later date, as in life
        date = _FIRST_ORDER_DATE + datetime.timedelta(minutes=37 * row)
        orders.append((row, customer, f"{date.isoformat()}Z", str(status), total))
        items += [(row, b, q, prices[b]) for b, q in zip(books, quantities, strict=True)]
        if len(orders) == BATCH or row == size.orders:
            yield tables.order, _ORDER_COLUMNS, orders
            yield tables.order_item, _ITEM_COLUMNS, items
            orders, items = [], []


def _order_of(row: int, size: Size, random: Random) -> tuple[int, list[int]]:
    """The customer and the books of an order."""
    if row <= 5:
        return 1, [3 * row - 2, 3 * row - 1, 3 * row]
    if row <= 25:
        return 2, sorted(random.sample(range(1, size.books + 1), 3))
    books = {random.randrange(1, size.books + 1) for _ in range(random.randrange(1, 6))}
    return _skewed(random, 3, size.customers), sorted(books)
