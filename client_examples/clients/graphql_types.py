"""The shapes of the GraphQL API's types without their relations, and of its inputs."""

from typing import Literal, NotRequired, TypedDict

OrderStatus = Literal["pending", "paid", "shipped", "delivered", "cancelled"]


class Author(TypedDict):
    id: int
    name: str
    email: str
    bio: str | None
    version: int


class AuthorCreate(TypedDict):
    name: str
    email: str
    bio: NotRequired[str | None]


class AuthorUpdate(TypedDict, total=False):
    name: str
    email: str
    bio: str | None


class Book(TypedDict):
    id: int
    title: str
    isbn: str
    price: float
    publicationDate: str
    genre: str
    description: str | None
    stock: int
    authorId: int
    version: int


class BookCreate(TypedDict):
    title: str
    isbn: str
    price: float
    publicationDate: str
    genre: str
    authorId: int
    description: NotRequired[str | None]
    stock: NotRequired[int]


class BookUpdate(TypedDict, total=False):
    title: str
    isbn: str
    price: float
    publicationDate: str
    genre: str
    authorId: int
    description: str | None
    stock: int


class Customer(TypedDict):
    id: int
    name: str
    email: str | None
    phone: str | None
    address: str | None
    version: int


class CustomerCreate(TypedDict):
    name: str
    email: str
    phone: NotRequired[str | None]
    address: NotRequired[str | None]


class CustomerUpdate(TypedDict, total=False):
    name: str
    email: str
    phone: str | None
    address: str | None


class OrderItem(TypedDict):
    bookId: int
    quantity: int
    price: float


class Order(TypedDict):
    id: int
    customerId: int
    orderDate: str
    status: OrderStatus
    totalAmount: float
    items: list[OrderItem]
    version: int


class OrderItemInput(TypedDict):
    bookId: int
    quantity: int


class Page(TypedDict, total=False):
    """How every list is cut; `sort` (`TITLE`, `PRICE_DESC`, ...) orders it."""

    limit: int
    offset: int
    sort: str


class BookFilter(TypedDict, total=False):
    authorId: int
    genre: str
    minPrice: float
    maxPrice: float
    search: str


class OrderFilter(TypedDict, total=False):
    customerId: int
    status: OrderStatus
