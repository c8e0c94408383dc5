"""Has every statement sent that the two APIs can send, by the operations that they call.

Each way a list can be asked for is asked for: every sort, in both directions, with every set of
filters, from the start and behind a position; nested lists of one parent and of several; rows by
id, one and many; and everything that writes.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, combinations
from typing import Any

from shared.database import Connection
from shared.models import (
    AuthorCreate,
    AuthorUpdate,
    BookCreate,
    BookUpdate,
    CustomerCreate,
    CustomerUpdate,
    OrderCreate,
)
from shared.operations import (
    authors,
    books,
    customers,
    idempotency,
    order_events,
    order_watch,
    orders,
)
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ENTITIES, ORDER, Entity, Relation
from shared.reading.cursors import Position, encode_cursor
from shared.reading.fetching import fetch_by_ids, fetch_related, fetch_version
from shared.reading.listing import PageQuery
from shared.reading.selection import Page, own_fields
from shared.rules.order_status import OrderStatus
from tests.shared.listed import BOTH_WAYS, QUERIES, listed

# A value that many rows have and one that few or none have, for each filter.
FILTERS: dict[str, tuple[Any, Any]] = {
    "author_id": (3, 99_999),
    "genre": ("Databases", "Nothing"),
    "min_price": (5, 990),
    "max_price": (70, 5),
    "search": ("reading on", "transactions without"),
    "customer_id": (3, 99_999),
    "status": ("paid", "pending"),
}
KEYS: dict[str, tuple[Any, Any]] = {
    "id": (1, 200),
    "name": ("", "Nadia Novak"),
    "title": ("", "Notes on SQL"),
    "price": (0, 2999),
    "publication_date": ("", "2015-01-01"),
    "order_date": ("", "2023-02-01T00:00:00Z"),
    "total_amount": (0, 9_000),
}

Send = Callable[[Connection], object]


def lists() -> Iterator[tuple[str, Send]]:
    """What sends each kind of page, with a name for it."""
    for name, sort in BOTH_WAYS:
        query: type[PageQuery] = QUERIES[name][1]
        for filters in _subsets(list(query.conditions)):
            for which in (0, 1) if filters else (0,):
                values = {one: FILTERS[one][which] for one in filters}
                for place in _places(sort):
                    given = {"sort": sort, **values, **place}
                    yield f"{name} {given}", partial(_list, name, given)


def _list(name: str, given: dict[str, Any], connection: Connection) -> object:
    return listed(connection, name, None, **given)


def _subsets(names: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(names, size) for size in range(len(names) + 1))


def _places(sort: str) -> Iterator[dict[str, Any]]:
    yield {}
    key = KEYS[sort.removeprefix("-")][1]
    yield {"after": encode_cursor(sort, Position(key, 200))}


def relations() -> Iterator[tuple[str, Send]]:
    """What sends each kind of relation, for one parent and for several."""
    for entity in ENTITIES.values():
        for relation in entity.relations.values():
            ways = [sort for name, sort in BOTH_WAYS if name == relation.target]
            pages = [Page(sort=sort) for sort in ways] if relation.paged else [None]
            for page in pages:
                for parents in ([3], list(range(1, 31))):
                    label = f"{entity.name}.{relation.name} {page} of {len(parents)}"
                    yield label, partial(_relate, relation, page, parents)


def _relate(
    relation: Relation, page: Page | None, parents: list[int], connection: Connection
) -> object:
    return fetch_related(connection, relation, own_fields(relation.entity), parents, page)


def points() -> Iterator[tuple[str, Send]]:
    """What sends each read of rows by their ids."""
    for entity in (AUTHOR, BOOK, CUSTOMER, ORDER):
        yield f"{entity.name} version", partial(_version, entity)
        yield f"{entity.name} ids", partial(_by_ids, entity)
    yield "author", lambda c: authors.get_author(c, 7)
    yield "book", lambda c: books.get_book(c, 7)
    yield "customer", lambda c: customers.get_customer(c, 7)
    yield "order", lambda c: orders.get_order(c, 7)
    yield "events", lambda c: order_events.read_more_news(c, 7, 0)
    yield "last event", lambda c: c.first(order_watch._LAST_ID)
    yield "newer events", lambda c: c.all(order_watch._NEWER, after=0)


def _version(entity: Entity, connection: Connection) -> object:
    return fetch_version(connection, entity, 7)


def _by_ids(entity: Entity, connection: Connection) -> object:
    return fetch_by_ids(connection, own_fields(entity), range(100, 0, -1))


def write(connection: Connection) -> None:
    """Every operation that changes something."""
    new_author = AuthorCreate(name="Plan", email="plan@example.com")
    author = authors.create_author(connection, new_author)["id"]
    authors.replace_author(connection, author, new_author, expected=[1])
    authors.update_author(connection, author, AuthorUpdate(bio="Plans"), expected=[2])
    new_book = BookCreate(
        title="Plans",
        isbn="080442957X",
        price=1,
        publication_date="2024-01-01",
        author_id=author,
        genre="Art",
        stock=50,
    )
    book = books.create_book(connection, new_book)["id"]
    books.replace_book(connection, book, new_book, expected=[1])
    books.update_book(connection, book, BookUpdate(title="More plans", price=2))
    books.update_book(connection, book, BookUpdate(stock=60), expected=[3])
    new_customer = CustomerCreate(name="Planner", email="planner@example.com")
    customer = customers.create_customer(connection, new_customer)["id"]
    customers.replace_customer(connection, customer, new_customer, expected=[1])
    customers.update_customer(connection, customer, CustomerUpdate(phone="1"), expected=[2])
    items = [{"book_id": row_id, "quantity": 1} for row_id in (book, 1, 2)]
    new_order = OrderCreate(customer_id=customer, items=items)
    for _ in range(2):
        order = idempotency.place_order_once(connection, "plan", new_order)["id"]
    for status in (OrderStatus.PAID, OrderStatus.CANCELLED):
        orders.set_order_status(connection, order, status)
    orders.delete_order(connection, order)
    customers.delete_customer(connection, customer)
    books.delete_book(connection, book)
    authors.delete_author(connection, author)
