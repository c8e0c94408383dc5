"""Sample data: the same rows for the same size and seed, at any size, in batches.

The first rows are written by hand and stay as they are, since documentation and tests quote
them: author 1 has books 1 to 5, author 2 books 6 to 15; customer 1 has orders 1 to 5 with
15 different books, customer 2 has orders 6 to 25; each of these orders has 3 items.
"""

import datetime
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from random import Random
from typing import Any, Final

from sqlalchemy import Table

from shared.rules.order_status import OrderStatus
from shared.sample_data.words import (
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
from shared.storage import tables
from shared.storage.search_index import search_text

BATCH = 5_000  # rows; one transaction each
FIRST_ISBN = "9781234567897"
_FIRST_ORDER = datetime.date(2023, 1, 1)
_FIRST_PUBLICATION = datetime.date(1990, 1, 1)
_PUBLICATION_DAYS = 12_400  # until late in 2023
_GENRES = list(TOPICS)
_AUTHOR_COLUMNS = ("id", "name", "email", "bio")
_BOOK_COLUMNS = (
    *("id", "title", "isbn", "price_cents", "publication_date"),
    *("author_id", "genre", "description", "stock", "search_text"),
)
_CUSTOMER_COLUMNS = ("id", "name", "email", "phone", "address")
_ORDER_COLUMNS = ("id", "customer_id", "order_date", "status", "total_cents")
_ITEM_COLUMNS = ("order_id", "book_id", "quantity", "unit_price_cents")
_STATUSES = [
    *[str(OrderStatus.DELIVERED)] * 12,
    *[str(OrderStatus.SHIPPED)] * 2,
    *[str(OrderStatus.PAID)] * 3,
    *[str(OrderStatus.PENDING)] * 2,
    str(OrderStatus.CANCELLED),
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

    @property
    def rows(self) -> dict[str, int]:
        """By table, about: an order has three items."""
        return {
            tables.author.name: self.authors,
            tables.book.name: self.books,
            tables.customer.name: self.customers,
            tables.order.name: self.orders,
            tables.order_item.name: 3 * self.orders,
        }


Batch = tuple[Table, tuple[str, ...], list[tuple[Any, ...]]]


def generate(books: int, seed: int) -> Iterator[Batch]:
    """Batches of rows as (table, column names, rows), each table before those that refer to it."""
    size = Size(books)
    prices = array("i", [0])  # by book id, for the totals of the orders
    authors = _authors(size, Random(f"{seed} authors"))
    yield from _batches(tables.author, _AUTHOR_COLUMNS, authors)
    yield from _batches(tables.book, _BOOK_COLUMNS, _books(size, Random(f"{seed} books"), prices))
    customers = _customers(size, Random(f"{seed} customers"))
    yield from _batches(tables.customer, _CUSTOMER_COLUMNS, customers)
    yield from _order_batches(size, Random(f"{seed} orders"), prices)


def isbn13(number: int) -> str:
    """The ISBN-13 with this number (up to nine digits) behind its prefix 978."""
    high, low = divmod(number, 1_000)
    top, middle = divmod(high, 1_000)
    # The weights 3 and 1 take turns over the digits: 38 is what the prefix has.
    weighted = 38 + _WEIGHTED[0][top] + _WEIGHTED[1][middle] + _WEIGHTED[0][low]
    return f"978{number:09d}{-weighted % 10}"


# By three digits: their weighted sum where they begin at an odd place, and at an even one.
_WEIGHTED: Final = tuple(
    tuple(a * (n // 100) + b * (n // 10 % 10) + a * (n % 10) for n in range(1_000))
    for a, b in ((3, 1), (1, 3))
)


def _below(random: Random) -> Callable[[int], int]:
    """A number from 0 to n - 1: what `randrange` and `choice` draw, without their checks.

    It draws the same bits as they do, in half of their time, so that the rows are the same.
    """
    bits = random.getrandbits

    def below(n: int) -> int:
        length = n.bit_length()
        drawn = bits(length)
        while drawn >= n:
            drawn = bits(length)
        return drawn

    return below


def _skewed(random: Random, first: int, last: int) -> int:
    """An id from first to last; the square gives a few of them most of it."""
    return first + int((last - first + 1) * random.random() ** 2)


def _batches(
    table: Table, columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]
) -> Iterator[Batch]:
    while batch := list(islice(rows, BATCH)):
        yield table, columns, batch


def _person(below: Callable[[int], int], row: int) -> tuple[str, str]:
    name, mailbox = _named(below(len(FIRST_NAMES)), below(len(LAST_NAMES)))
    return name, f"{mailbox}.{row}@example.com"


@cache
def _named(first: int, last: int) -> tuple[str, str]:
    name = f"{FIRST_NAMES[first]} {LAST_NAMES[last]}"
    return name, name.lower().replace(" ", ".")


def _authors(size: Size, random: Random) -> Iterator[tuple[Any, ...]]:
    below = _below(random)
    for row in range(1, size.authors + 1):
        name, email = _person(below, row)
        genre = _GENRES[below(len(_GENRES))]
        bio: str | None = f"Writes about {genre.lower()} and what it has to do with everyday life."
        if row <= len(FIRST_AUTHORS):
            name, email, bio = FIRST_AUTHORS[row - 1]
        elif random.random() < 0.1:
            bio = None
        yield row, name, email, bio


def _books(size: Size, random: Random, prices: "array[int]") -> Iterator[tuple[Any, ...]]:
    below, authors, folded = _below(random), size.authors, cache(search_text)
    for row in range(1, size.books + 1):
        genre = _GENRES[below(len(_GENRES))]
        topics = TOPICS[genre]
        topic = topics[below(len(topics))]
        adjective = ADJECTIVES[below(len(ADJECTIVES))]
        title = _title(below(len(TITLES)), topic, adjective)
        published = _published(below(_PUBLICATION_DAYS))
        price, author = 499 + 100 * below(70), 0
        description: str | None = _description(topic, adjective)
        if row <= len(FIRST_TITLES):
            author, title, genre, price, published, description = FIRST_TITLES[row - 1]
        else:
            author = _skewed(random, 3, authors)
            description = description if random.random() < 0.95 else None
        prices.append(price)
        isbn, stock = FIRST_ISBN if row == 1 else isbn13(row), 20 + below(180)
        text = folded(title, description)
        yield row, title, isbn, price, published, author, genre, description, stock, text


@cache
def _title(form: int, topic: str, adjective: str) -> str:
    return TITLES[form].format(topic=topic, adjective=adjective)


@cache
def _description(topic: str, adjective: str) -> str:
    return (
        f"{adjective} reading on {topic.lower()}: what to know first, what to leave out, "
        "and where to go from there."
    )


@cache
def _published(day: int) -> str:
    return (_FIRST_PUBLICATION + datetime.timedelta(days=day)).isoformat()


def _customers(size: Size, random: Random) -> Iterator[tuple[Any, ...]]:
    below = _below(random)
    for row in range(1, size.customers + 1):
        name, email = _person(below, row)
        phone: str | None = f"+1 555 {row % 10_000:04d}"
        address = f"{1 + below(199)} {STREETS[below(len(STREETS))]}, Booktown"
        if row <= len(FIRST_CUSTOMERS):
            name, email, phone, address = FIRST_CUSTOMERS[row - 1]
        elif random.random() < 0.2:
            phone = None
        yield row, name, email, phone, address


def _order_batches(size: Size, random: Random, prices: "array[int]") -> Iterator[Batch]:
    below = _below(random)
    for first in range(1, size.orders + 1, BATCH):
        orders: list[tuple[Any, ...]] = []
        items: list[tuple[Any, ...]] = []
        for row in range(first, min(first + BATCH, size.orders + 1)):
            customer, books = _order_of(row, size, random, below)
            status, total = _STATUSES[below(len(_STATUSES))], 0
            for book in books:
                quantity, price = 1 + below(3), prices[book]
                total += price * quantity
                items.append((row, book, quantity, price))
            orders.append((row, customer, _order_date(row), status, total))
        yield tables.order, _ORDER_COLUMNS, orders
        yield tables.order_item, _ITEM_COLUMNS, items


def _order_of(
    row: int, size: Size, random: Random, below: Callable[[int], int]
) -> tuple[int, list[int]]:
    """The customer and the books of an order."""
    if row <= 5:
        return 1, [3 * row - 2, 3 * row - 1, 3 * row]
    if row <= 25:
        return 2, sorted(random.sample(range(1, size.books + 1), 3))
    books = {1 + below(size.books) for _ in range(1 + below(5))}
    return _skewed(random, 3, size.customers), sorted(books)


def _order_date(row: int) -> str:
    """37 minutes after the one before: a later order has a later date, as in life."""
    day, minute = divmod(9 * 60 + 37 * row, 24 * 60)
    return f"{_day_of_orders(day)}T{minute // 60:02d}:{minute % 60:02d}:00Z"


@lru_cache(maxsize=1)
def _day_of_orders(day: int) -> str:
    return (_FIRST_ORDER + datetime.timedelta(days=day)).isoformat()
