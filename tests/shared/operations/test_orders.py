"""Orders: stock, totals, lists, and nothing half done."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest

from shared.database import Connection, Database
from shared.errors import NotFound, OutOfStock, UnknownReference
from shared.models import BookUpdate, OrderCreate
from shared.operations import books, orders
from shared.reading.listing import OrderQuery
from shared.serving.bookstore import Bookstore
from tests.model import Model, summary
from tests.shared.shelf import Shelf, kept_shelf

Refused = Callable[..., Any]


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


# -- lists -----------------------------------------------------------------------------------


def test_the_orders_of_a_customer_are_summaries(connection: Connection, model: Model) -> None:
    query = OrderQuery(customer_id=2, sort="-total_amount", limit=100)
    found = orders.list_orders_of_customer(connection, 2, query).records
    assert found == [summary(order) for order in model.related("order", 2, "-total_amount", 100)]


def test_the_orders_of_nobody(connection: Connection, shelf: Shelf) -> None:
    query = OrderQuery(customer_id=shelf.customer)
    assert orders.list_orders_of_customer(connection, shelf.customer, query) == ([], False, ())
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
