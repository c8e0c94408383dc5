"""The shapes of the REST API: resources, and what it takes to create and change them.

Money is a number with at most two decimals, an instant `2024-05-01T12:00:00Z`, a date
`2023-01-15`.
"""

from typing import Literal, NotRequired, TypedDict

OrderStatus = Literal["pending", "paid", "shipped", "delivered", "cancelled"]


class Author(TypedDict):
    id: int
    name: str
    email: str
    bio: str | None


class AuthorInput(TypedDict):
    name: str
    email: str
    bio: NotRequired[str | None]


class AuthorChanges(TypedDict, total=False):
    name: str
    email: str
    bio: str | None


class Book(TypedDict):
    id: int
    title: str
    isbn: str
    price: float
    publication_date: str
    author_id: int
    genre: str
    description: str | None
    stock: int


class BookInput(TypedDict):
    title: str
    isbn: str
    price: float
    publication_date: str
    author_id: int
    genre: str
    description: NotRequired[str | None]
    stock: NotRequired[int]


class BookChanges(TypedDict, total=False):
    title: str
    isbn: str
    price: float
    publication_date: str
    author_id: int
    genre: str
    description: str | None
    stock: int


class Customer(TypedDict):
    id: int
    name: str
    email: str | None
    phone: str | None
    address: str | None


class CustomerInput(TypedDict):
    name: str
    email: str
    phone: NotRequired[str | None]
    address: NotRequired[str | None]


class CustomerChanges(TypedDict, total=False):
    name: str
    email: str
    phone: str | None
    address: str | None


class OrderItem(TypedDict):
    book_id: int
    quantity: int
    price: float


class Order(TypedDict):
    id: int
    customer_id: int
    order_date: str
    status: OrderStatus
    total_amount: float
    items: list[OrderItem]


class OrderSummary(TypedDict):
    """A line of a customer's order history."""

    id: int
    order_date: str
    status: OrderStatus
    total_amount: float
    item_count: int


class OrderItemInput(TypedDict):
    book_id: int
    quantity: int


class Page(TypedDict, total=False):
    """How every list is cut and ordered: at most 100; `-` before a sort key descends."""

    limit: int
    offset: int
    sort: str


class BookQuery(Page, total=False):
    author_id: int
    genre: str
    min_price: float
    max_price: float
    search: str


class OrderQuery(Page, total=False):
    customer_id: int
    status: OrderStatus
