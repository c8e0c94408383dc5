"""The shapes of the bookstore: what is shown, and what is taken in.

What is read from the database is a plain dict in these shapes (see `fetching`): building a
model for each row would cost more than reading it. Tests hold that the dicts fit the models.
"""

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from shared import limits
from shared.rules.order_status import OrderStatus
from shared.rules.times import Instant, PublicationDate
from shared.rules.values import (
    Address,
    Email,
    Genre,
    Id,
    Isbn,
    LongText,
    Name,
    Phone,
    Price,
    Quantity,
    Stock,
    TotalPrice,
    Version,
    WholeNumber,
    fail,
)

_READ_ONLY: Any = {"readOnly": True}  # in JSON Schema: the server alone changes it

OrderDate = Annotated[
    str,
    Field(
        description="An instant in UTC.",
        examples=["2023-01-01T09:37:00Z"],
        json_schema_extra={"format": "date-time", **_READ_ONLY},
    ),
]
TotalAmount = Annotated[float, Field(ge=0, examples=[144.47], json_schema_extra=_READ_ONLY)]
ItemCount = Annotated[
    int,
    Field(ge=1, le=limits.MAX_ORDER_ITEMS, examples=[3], json_schema_extra=_READ_ONLY),
]


class Author(BaseModel):
    """An author as shown."""

    id: Id = Field(examples=[1], json_schema_extra=_READ_ONLY)
    name: Name = Field(examples=["Ada Marlowe"])
    email: Email = Field(examples=["ada.marlowe@example.com"])
    bio: LongText | None = Field(examples=["Teaches programming by small, complete programs."])


class Book(BaseModel):
    """A book as shown."""

    id: Id = Field(examples=[1], json_schema_extra=_READ_ONLY)
    title: Name = Field(examples=["Python Programming"])
    isbn: Isbn = Field(description="Its digits, without hyphens.", examples=["9781234567897"])
    price: Price = Field(examples=[29.99])
    publication_date: PublicationDate
    author_id: Id = Field(examples=[1])
    genre: Genre = Field(examples=["Programming"])
    description: LongText | None = Field(examples=["From the first line to a finished program."])
    stock: Stock = Field(description="Copies that can be ordered.", examples=[165])


class Customer(BaseModel):
    """A customer as shown."""

    id: Id = Field(examples=[1], json_schema_extra=_READ_ONLY)
    name: Name = Field(examples=["Grace Holm"])
    email: Email | None = Field(examples=["grace.holm@example.com"])
    phone: Phone | None = Field(examples=["+1 555 0101"])
    address: Address | None = Field(examples=["1 Library Lane, Booktown"])


class OrderItem(BaseModel):
    """One book of an order, at the price of the day it was ordered."""

    book_id: Id = Field(examples=[1])
    quantity: Quantity = Field(examples=[1])
    price: Price = Field(description="Of one copy.", examples=[29.99])


class OrderSummary(BaseModel):
    """An order without its items."""

    id: Id = Field(examples=[1], json_schema_extra=_READ_ONLY)
    order_date: OrderDate
    status: OrderStatus = Field(examples=["pending"])
    total_amount: TotalAmount
    item_count: ItemCount


class Order(BaseModel):
    """An order as shown."""

    id: Id = Field(examples=[1], json_schema_extra=_READ_ONLY)
    customer_id: Id = Field(examples=[1])
    order_date: OrderDate
    status: OrderStatus = Field(examples=["pending"])
    total_amount: TotalAmount
    items: list[OrderItem]


class Input(BaseModel):
    """Base of all inputs; unknown members are refused.

    Attributes:
        by_server: members of the resource that the server gives: nothing that is new has them yet.
        read_only: members that must be as they are, if they are given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    by_server: ClassVar[tuple[str, ...]] = ()
    read_only: ClassVar[tuple[str, ...]] = ()

    def own(self) -> dict[str, Any]:
        """The members that are read only, as far as they were given."""
        return self.model_dump(include=self.model_fields_set & {*self.read_only})

    def values(self) -> dict[str, Any]:
        """All other members."""
        return self.model_dump(exclude={*self.read_only})


LEFT_OUT: Any = Field(default_factory=lambda: None)
_AS_IT_IS: Any = Field(
    default_factory=lambda: None,
    description="Left out, or as it is.",
    json_schema_extra=_READ_ONLY,
)


class Existing(Input):
    """An input for a resource that exists.

    It may hold the read-only members as they were shown, so that an answer can be sent back; their
    defaults are never read.
    """

    read_only: ClassVar[tuple[str, ...]] = ("id", "version")

    id: Id = _AS_IT_IS
    version: Version = _AS_IT_IS


class Update(Existing):
    """A merge: members that are left out stay as they are, `null` clears what may be empty.

    A member that must not be empty has no `None` in its type, so that `null` is refused, and
    a default that is never read: see `changes`.
    """

    def changes(self) -> dict[str, Any]:
        """The members that were given, and can be changed."""
        return self.model_dump(exclude_unset=True, exclude={*self.read_only})


class AuthorCreate(Input):
    """A new author."""

    by_server = ("id", "version")

    name: Name
    email: Email
    bio: LongText | None = None


class AuthorReplace(Existing, AuthorCreate):
    """All of an author that is replaced."""


class AuthorUpdate(Update):
    """Changes of an author."""

    name: Name = LEFT_OUT
    email: Email = LEFT_OUT
    bio: LongText | None = None


class BookCreate(Input):
    """A new book."""

    by_server = ("id", "version")

    title: Name
    isbn: Isbn
    price: Price
    publication_date: PublicationDate
    author_id: Id
    genre: Genre
    description: LongText | None = None
    stock: Stock = 0


class BookReplace(Existing, BookCreate):
    """All of a book that is replaced."""


class BookUpdate(Update):
    """Changes of a book."""

    title: Name = LEFT_OUT
    isbn: Isbn = LEFT_OUT
    price: Price = LEFT_OUT
    publication_date: PublicationDate = LEFT_OUT
    author_id: Id = LEFT_OUT
    genre: Genre = LEFT_OUT
    description: LongText | None = None
    stock: Stock = LEFT_OUT


class CustomerCreate(Input):
    """A new customer."""

    by_server = ("id", "version")

    name: Name
    email: Email
    phone: Phone | None = None
    address: Address | None = None


class CustomerReplace(Existing, CustomerCreate):
    """All of a customer that is replaced."""


class CustomerUpdate(Update):
    """Changes of a customer."""

    name: Name = LEFT_OUT
    email: Email = LEFT_OUT
    phone: Phone | None = None
    address: Address | None = None


class OrderItemCreate(Input):
    """One book to order."""

    by_server = ("price",)

    book_id: Id
    quantity: Quantity


def _each_another_book(items: list[OrderItemCreate]) -> list[OrderItemCreate]:
    seen: set[int] = set()
    for item in items:
        if item.book_id in seen:
            fail(f"must each be another book, got book {item.book_id} more than once")
        seen.add(item.book_id)
    return items


class OrderCreate(Input):
    """An order to place: 1 to 20 items, each another book."""

    by_server = ("id", "order_date", "status", "total_amount", "item_count", "version")

    customer_id: Id
    items: Annotated[
        list[OrderItemCreate],
        Field(min_length=1, max_length=limits.MAX_ORDER_ITEMS),
        AfterValidator(_each_another_book),
    ]


class OrderItemAsItIs(OrderItem, Input):
    """One book of an order that is there."""


class OrderUpdate(Existing):
    """The one thing of an order that changes."""

    read_only = (
        *("id", "customer_id", "order_date", "total_amount", "item_count", "items"),
        "version",
    )

    status: OrderStatus
    customer_id: Id = _AS_IT_IS
    order_date: Instant = _AS_IT_IS
    total_amount: TotalPrice = _AS_IT_IS
    item_count: Annotated[int, WholeNumber(1, limits.MAX_ORDER_ITEMS)] = _AS_IT_IS
    items: list[OrderItemAsItIs] = _AS_IT_IS
