"""Books of a test's own, with a customer to order them."""

from collections.abc import Iterator
from contextlib import contextmanager

from shared.database import Connection, Database
from shared.models import AuthorCreate, BookCreate, CustomerCreate, OrderCreate
from shared.operations import authors, books, customers, orders
from shared.reading.listing import OrderQuery
from shared.rules.order_status import OrderStatus as Status

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
