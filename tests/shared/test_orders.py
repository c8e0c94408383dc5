"""Orders: stock, totals, the way of the statuses, and nothing half done."""

import datetime
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Table, select

from shared import authors, books, customers, orders, tables
from shared.database import Connection, Database
from shared.errors import InUse, InvalidTransition, NotFound, OutOfStock, UnknownReference
from shared.listing import OrderQuery
from shared.models import AuthorCreate, BookCreate, BookUpdate, CustomerCreate, OrderCreate
from shared.models import OrderStatus as Status
from shared.orders import NEXT
from shared.seeding import Bookstore
from shared.statements import Statement
from tests.model import Model, summary

Refused = Callable[..., Any]
ISBNS = ("080442957X", "0306406152", "9781234567880")


class Shelf:
    """A customer and three books of ten copies each, at 10.00, 20.00 and 30.00."""

    def __init__(self, connection: Connection) -> None:
        new_author = AuthorCreate(name="A", email="shelf.author@example.com")
        self.author = authors.create_author(connection, new_author)["id"]
        new_customer = CustomerCreate(name="C", email="shelf.customer@example.com")
        self.customer = customers.create_customer(connection, new_customer)["id"]
        self.books = [self._book(connection, i, isbn) for i, isbn in enumerate(ISBNS)]

    def _book(self, connection: Connection, position: int, isbn: str) -> int:
        book = BookCreate(
            title=f"Book {position}",
            isbn=isbn,
            price=10 * (position + 1),
            publication_date="2024-01-01",
            author_id=self.author,
            genre="Art",
            stock=10,
        )
        return int(books.create_book(connection, book)["id"])

    def order(self, *quantities: int) -> OrderCreate:
        """So many copies of the first, the second and the third book."""
        items = [{"book_id": b, "quantity": q} for b, q in zip(self.books, quantities, strict=False)
                 if q]  # fmt: skip
        return OrderCreate(customer_id=self.customer, items=items)

    def stock(self, connection: Connection) -> list[int]:
        return [books.get_book(connection, row_id)["stock"] for row_id in self.books]


@pytest.fixture
def shelf(connection: Connection) -> Shelf:
    return Shelf(connection)


@contextmanager
def kept_shelf(database: Database) -> Iterator[Shelf]:
    """A shelf that other transactions see; removed at the end with its orders."""
    with database.writing() as connection:
        shelf = Shelf(connection)
    yield shelf
    with database.writing() as connection:
        query = OrderQuery(customer_id=shelf.customer, limit=100)
        for order in orders.list_orders(connection, query).records:
            if order["status"] != Status.CANCELLED:
                orders.set_order_status(connection, order["id"], Status.CANCELLED)
            orders.delete_order(connection, order["id"])
        for book in shelf.books:
            books.delete_book(connection, book)
        authors.delete_author(connection, shelf.author)
        customers.delete_customer(connection, shelf.customer)


def move(connection: Connection, order_id: int, statuses: Sequence[Status]) -> None:
    for status in statuses:
        assert orders.set_order_status(connection, order_id, status)["status"] == status


# -- placing ---------------------------------------------------------------------------------


def test_placing_takes_the_stock_and_todays_prices(connection: Connection, shelf: Shelf) -> None:
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    placed = orders.place_order(connection, shelf.order(1, 2, 3))
    after = datetime.datetime.now(datetime.UTC)
    date = datetime.datetime.strptime(placed["order_date"], "%Y-%m-%dT%H:%M:%S%z")
    assert before <= date <= after
    assert placed == {
        "id": placed["id"],
        "customer_id": shelf.customer,
        "order_date": placed["order_date"],
        "status": "pending",
        "total_amount": 140.0,
        "items": [
            {"book_id": book, "quantity": i + 1, "price": 10.0 * (i + 1)}
            for i, book in enumerate(shelf.books)
        ],
    }
    assert shelf.stock(connection) == [9, 8, 7]
    assert orders.get_order(connection, placed["id"]) == placed


def test_a_later_price_does_not_change_an_order(connection: Connection, shelf: Shelf) -> None:
    placed = orders.place_order(connection, shelf.order(2))
    books.update_book(connection, shelf.books[0], BookUpdate(price=99))
    assert orders.get_order(connection, placed["id"]) == placed
    assert orders.place_order(connection, shelf.order(1))["total_amount"] == 99.0


def test_the_last_copy_can_be_ordered(connection: Connection, shelf: Shelf) -> None:
    orders.place_order(connection, shelf.order(10))
    assert shelf.stock(connection) == [0, 10, 10]


def test_a_total_past_32_bits(connection: Connection, shelf: Shelf) -> None:
    for book in shelf.books:
        books.update_book(connection, book, BookUpdate(price=1_000_000, stock=1_000))
    placed = orders.place_order(connection, shelf.order(1_000, 1_000, 1_000))
    assert placed["total_amount"] == 3e9


@pytest.mark.parametrize(
    ("quantities", "says", "field"),
    [
        ((11,), "book {0} ('Book 0') has 10, asked for 11", "items.0.quantity"),
        (
            (1, 11, 12),
            "book {1} ('Book 1') has 10, asked for 11; book {2} ('Book 2') has 10, asked for 12",
            "items.1.quantity",
        ),
    ],
)
def test_too_few_copies_takes_nothing_and_names_every_such_book(
    database: Database, quantities: tuple[int, ...], says: str, field: str
) -> None:
    with kept_shelf(database) as shelf:
        with pytest.raises(OutOfStock) as raised, database.writing() as connection:
            orders.place_order(connection, shelf.order(*quantities))
        assert raised.value.message == f"not enough copies: {says.format(*shelf.books)}"
        assert raised.value.field == field
        with database.reading() as connection:
            assert shelf.stock(connection) == [10, 10, 10]
            query = OrderQuery(customer_id=shelf.customer)
            assert orders.list_orders(connection, query).records == []


def test_a_book_that_does_not_exist_is_named_by_its_place(database: Database) -> None:
    with kept_shelf(database) as shelf:
        items = [{"book_id": shelf.books[0], "quantity": 1}, {"book_id": 99_999, "quantity": 1}]
        order = OrderCreate(customer_id=shelf.customer, items=items)
        with pytest.raises(UnknownReference) as raised, database.writing() as connection:
            orders.place_order(connection, order)
        assert raised.value.field == "items.1.book_id"
        assert raised.value.message == (
            "items.1.book_id must be the id of an existing book, got 99999"
        )
        with database.reading() as connection:
            assert shelf.stock(connection) == [10, 10, 10]


def test_a_customer_that_does_not_exist_is_named(database: Database, refused: Refused) -> None:
    says = "^customer_id must be the id of an existing customer, got 99999$"
    with kept_shelf(database) as shelf:
        order = shelf.order(1).model_copy(update={"customer_id": 99_999})
        with refused(UnknownReference, says) as connection:
            orders.place_order(connection, order)
        with database.reading() as connection:
            assert shelf.stock(connection) == [10, 10, 10]


# -- statuses --------------------------------------------------------------------------------

WAYS: dict[Status, list[Status]] = {
    Status.PENDING: [],
    Status.PAID: [Status.PAID],
    Status.SHIPPED: [Status.PAID, Status.SHIPPED],
    Status.DELIVERED: [Status.PAID, Status.SHIPPED, Status.DELIVERED],
    Status.CANCELLED: [Status.CANCELLED],
}
ALLOWED = {
    ("pending", "paid"),
    ("pending", "cancelled"),
    ("paid", "shipped"),
    ("paid", "cancelled"),
    ("shipped", "delivered"),
}


def test_the_table_of_transitions_is_that_of_the_contract() -> None:
    assert {(str(now), str(then)) for now, all_then in NEXT.items() for then in all_then} == ALLOWED
    assert set(NEXT) == set(Status)


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("then", Status)
def test_each_step(connection: Connection, shelf: Shelf, now: Status, then: Status) -> None:
    placed = orders.place_order(connection, shelf.order(3))
    move(connection, placed["id"], WAYS[now])
    if (now, then) in ALLOWED:
        moved = orders.set_order_status(connection, placed["id"], then)
        assert moved == {**placed, "status": then}
        assert type(moved["status"]) is str
        return
    with pytest.raises(InvalidTransition) as raised:
        orders.set_order_status(connection, placed["id"], then)
    assert raised.value.field == "status"
    assert raised.value.message.startswith(
        f"order {placed['id']} is {now} and cannot become {then}:"
    )
    assert orders.get_order(connection, placed["id"])["status"] == now


@pytest.mark.parametrize("now", [Status.PENDING, Status.PAID])
def test_cancelling_returns_the_stock(connection: Connection, shelf: Shelf, now: Status) -> None:
    other = orders.place_order(connection, shelf.order(1, 1, 1))
    placed = orders.place_order(connection, shelf.order(4, 0, 5))
    move(connection, placed["id"], WAYS[now])
    assert shelf.stock(connection) == [5, 9, 4]
    orders.set_order_status(connection, placed["id"], Status.CANCELLED)
    assert shelf.stock(connection) == [9, 9, 9]
    assert orders.get_order(connection, other["id"]) == other


def test_each_change_counts_the_versions_up(connection: Connection, shelf: Shelf) -> None:
    def version(table: Table, row_id: int) -> int:
        row = connection.first(Statement(select(table.c.version).where(table.c.id == row_id)))
        assert row
        return int(row[0])

    placed = orders.place_order(connection, shelf.order(1))
    move(connection, placed["id"], [Status.PAID, Status.CANCELLED])
    assert version(tables.order, placed["id"]) == 3
    assert [version(tables.book, book) for book in shelf.books] == [3, 1, 1]


def test_a_refused_step_moves_no_stock(connection: Connection, shelf: Shelf) -> None:
    placed = orders.place_order(connection, shelf.order(4))
    move(connection, placed["id"], WAYS[Status.SHIPPED])
    with pytest.raises(InvalidTransition):
        orders.set_order_status(connection, placed["id"], Status.CANCELLED)
    assert shelf.stock(connection) == [6, 10, 10]


def test_an_order_that_is_not_there(refused: Refused) -> None:
    for ask in (
        lambda c: orders.get_order(c, 99_999),
        lambda c: orders.set_order_status(c, 99_999, Status.PAID),
        lambda c: orders.delete_order(c, 99_999),
    ):
        with refused(NotFound, "^there is no order with id 99999$") as connection:
            ask(connection)


# -- deleting --------------------------------------------------------------------------------


def test_only_a_cancelled_order_can_be_deleted(connection: Connection, shelf: Shelf) -> None:
    for status, way in WAYS.items():
        placed = orders.place_order(connection, shelf.order(1))
        move(connection, placed["id"], way)
        if status is Status.CANCELLED:
            orders.delete_order(connection, placed["id"])
            with pytest.raises(NotFound):
                orders.get_order(connection, placed["id"])
        else:
            with pytest.raises(InvalidTransition, match="only a cancelled one can"):
                orders.delete_order(connection, placed["id"])


def test_its_items_go_with_it(database: Database) -> None:
    with kept_shelf(database) as shelf:
        with database.writing() as connection:
            placed = orders.place_order(connection, shelf.order(1))
            orders.set_order_status(connection, placed["id"], Status.CANCELLED)
        with pytest.raises(InUse, match="orders refer to it"), database.writing() as connection:
            books.delete_book(connection, shelf.books[0])
        with database.writing() as connection:
            orders.delete_order(connection, placed["id"])
            books.delete_book(connection, shelf.books[0])
            shelf.books.pop(0)


# -- lists -----------------------------------------------------------------------------------


def test_the_orders_of_a_customer_are_summaries(connection: Connection, model: Model) -> None:
    query = OrderQuery(customer_id=2, sort="-total_amount", limit=100)
    found = orders.list_orders_of_customer(connection, 2, query).records
    assert found == [summary(order) for order in model.related("order", 2, "-total_amount", 100)]


def test_the_orders_of_nobody(connection: Connection, shelf: Shelf) -> None:
    query = OrderQuery(customer_id=shelf.customer)
    assert orders.list_orders_of_customer(connection, shelf.customer, query) == ([], False)
    with pytest.raises(NotFound, match="there is no customer with id 99999"):
        orders.list_orders_of_customer(connection, 99_999, OrderQuery(customer_id=99_999))


# -- several at once -------------------------------------------------------------------------


def test_the_last_copies_are_sold_once(bookstore: Bookstore) -> None:
    database = bookstore.database
    with kept_shelf(database) as shelf:
        outcomes: list[str] = []

        def buy() -> None:
            for _ in range(5):
                try:
                    with database.writing() as connection:
                        orders.place_order(connection, shelf.order(1, 1))
                    outcomes.append("sold")
                except OutOfStock:
                    outcomes.append("none left")

        threads = [threading.Thread(target=buy) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert outcomes.count("sold") == 10
        assert outcomes.count("none left") == 10
        with database.reading() as connection:
            assert shelf.stock(connection) == [0, 0, 10]
