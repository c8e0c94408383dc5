"""One page by generated clients: a customer's orders, and books with their prices.

These are texts, as what they import is generated from a contract, and then from its changed copy.
Each takes all that the changes touch, and nothing that another one would hide: the orders of a
customer with more than 20 by the default, 20 books by an argument.
"""

CUSTOMER, BOOKS = 2, 20

_LABELS = """\
def label(status: OrderStatus) -> str:
    match status:
        case OrderStatus.{pending}:
            return "is not paid yet"
        case OrderStatus.{paid} | OrderStatus.{shipped}:
            return "is on its way"
        case OrderStatus.{delivered} | OrderStatus.{cancelled}:
            return "is closed"
        case _:
            assert_never(status)
"""

QUERY = """\
query Account($customer: Int!, $books: Int!) {
  customer(id: $customer) { name orders { id status totalAmount } }
  books(limit: $books) { title genre price }
}
"""

_STATUSES = ("pending", "paid", "shipped", "delivered", "cancelled")
_LABEL = _LABELS.format(**{name: name for name in _STATUSES})

REST = f"""\
from typing import assert_never

from rest_client import Client
from rest_types import Book, Customer, OrderStatus, OrderSummary


{_LABEL}

def page(url: str) -> dict[str, object]:
    with Client(base_url=url) as client:
        customer = client.customers.get_customer(id={CUSTOMER}).root
        orders = client.customers.list_orders_of_customer(id={CUSTOMER}).root
        books = client.books.list_books(limit={BOOKS}).root
    assert isinstance(customer, Customer)
    spent, lines = 0.0, []
    for order in orders:
        assert isinstance(order, OrderSummary)
        spent += order.total_amount
        lines.append(f"{{order.id}} {{label(order.status)}}")
    shelf = []
    for book in books:
        assert isinstance(book, Book)
        shelf.append(f"{{book.title}} ({{book.genre.upper()}}) {{book.price + 0:.2f}}")
    return {{"name": customer.name, "spent": round(spent, 2), "orders": lines, "books": shelf}}
"""

# A selection may leave out every member, so that the types say of each that it may be missing.
REST_FIELDS = f"""\
from typing import TypeVar, assert_never

from rest_client import Client
from rest_types import BookSelection, CustomerSelection, OrderStatus

Value = TypeVar("Value")


def given(value: Value | None) -> Value:
    assert value is not None, "it was asked for"
    return value


{_LABEL}

def page(url: str) -> dict[str, object]:
    with Client(base_url=url) as client:
        customer = client.customers.get_customer(
            id={CUSTOMER}, fields="name,orders.id,orders.status,orders.total_amount"
        ).root
        books = client.books.list_books(limit={BOOKS}, fields="title,genre,price").root
    assert isinstance(customer, CustomerSelection)
    spent, lines = 0.0, []
    for order in given(customer.orders):
        spent += given(order.total_amount)
        lines.append(f"{{given(order.id)}} {{label(given(order.status))}}")
    shelf = []
    for book in books:
        assert isinstance(book, BookSelection)
        genre, price = given(book.genre), given(book.price)
        shelf.append(f"{{given(book.title)}} ({{genre.upper()}}) {{price + 0:.2f}}")
    name = given(customer.name)
    return {{"name": name, "spent": round(spent, 2), "orders": lines, "books": shelf}}
"""

GRAPHQL = f"""\
from typing import assert_never

from graphql_types import Client
from graphql_types.enums import OrderStatus


{_LABEL}

def page(url: str) -> dict[str, object]:
    account = Client(url=f"{{url}}/graphql/dataloader").account(customer={CUSTOMER}, books={BOOKS})
    assert account.customer is not None
    spent, lines = 0.0, []
    for order in account.customer.orders:
        spent += order.total_amount
        lines.append(f"{{order.id}} {{label(order.status)}}")
    shelf = [
        f"{{book.title}} ({{book.genre.upper()}}) {{book.price + 0:.2f}}" for book in account.books
    ]
    name = account.customer.name
    return {{"name": name, "spent": round(spent, 2), "orders": lines, "books": shelf}}
"""
