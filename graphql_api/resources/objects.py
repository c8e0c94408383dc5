"""The objects that refer to each other: authors and books, customers and their orders.

In one module, since each refers to others; a name in quotes stands for a class further down.
"""

from asyncio import Future
from enum import Enum

import strawberry
from strawberry import UNSET

from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field
from graphql_api.resources.argument_rules import page_of
from graphql_api.resources.arguments import Limit, Offset
from graphql_api.resources.scalars import Date, DateTime
from shared import limits
from shared.reading.catalogue import AUTHOR, BOOK, CUSTOMER, ORDER
from shared.reading.fetching import Record
from shared.reading.listing import BooksOfAuthorQuery, OrdersOfCustomerQuery
from shared.rules.order_status import OrderStatus

_BOOKS = AUTHOR.relations["books"]
_ORDERS = CUSTOMER.relations["orders"]
_ITEMS = ORDER.relations["items"]

strawberry.enum(
    OrderStatus,
    description="Where an order is; only one that is not shipped yet can be cancelled.",
)


@strawberry.enum(description="What books are sorted by; equal ones by id.")
class BookSort(Enum):
    """The sort keys of books."""

    ID = "id"
    ID_DESC = "-id"
    TITLE = "title"
    TITLE_DESC = "-title"
    PRICE = "price"
    PRICE_DESC = "-price"
    PUBLICATION_DATE = "publication_date"
    PUBLICATION_DATE_DESC = "-publication_date"


@strawberry.type(description="A book that is sold.")
class Book:
    """A book's record."""

    id: int = strawberry.field(description="Never used for another book.")
    title: str = strawberry.field(description="As printed on the cover.")
    isbn: str = strawberry.field(description="10 or 13 digits; no other book has the same.")
    price: float = strawberry.field(description="Of today, with at most two decimals.")
    publication_date: Date = strawberry.field(description="The day it came out.")
    genre: str = strawberry.field(description="What it is about, in a word.")
    description: str | None = strawberry.field(description="What it is about, in sentences.")
    stock: int = strawberry.field(description="Copies that can be ordered.")
    author_id: int = strawberry.field(description="The author's id.")
    version: int = strawberry.field(description="Grows with each change.")

    @field("Author", "Who wrote it.")
    def author(self, book: strawberry.Parent[Record], info: Info) -> Future[Record | None]:
        return info.context.one(AUTHOR, book["author_id"])


@strawberry.type(description="Somebody who writes books.")
class Author:
    """An author's record."""

    id: int = strawberry.field(description="Never used for another author.")
    name: str = strawberry.field(description="As printed on the books.")
    email: str = strawberry.field(description="No other author has the same.")
    bio: str | None = strawberry.field(description="A few words on the author.")
    version: int = strawberry.field(description="Grows with each change.")

    @field(list[Book], "A page of the author's books.")
    def books(
        self,
        author: strawberry.Parent[Record],
        info: Info,
        limit: Limit = limits.DEFAULT_LIMIT,
        offset: Offset = 0,
        sort: BookSort | None = UNSET,
    ) -> Future[list[Record]]:
        page = page_of(BooksOfAuthorQuery, limit, offset, sort)
        return info.context.loaders.many(_BOOKS, author["id"], page)


@strawberry.enum(description="What orders are sorted by; equal ones by id.")
class OrderSort(Enum):
    """The sort keys of orders."""

    ID = "id"
    ID_DESC = "-id"
    ORDER_DATE = "order_date"
    ORDER_DATE_DESC = "-order_date"
    TOTAL_AMOUNT = "total_amount"
    TOTAL_AMOUNT_DESC = "-total_amount"


@strawberry.type(description="One book of an order.")
class OrderItem:
    """An item's record."""

    book_id: int = strawberry.field(description="The book's id.")
    quantity: int = strawberry.field(description="Copies.")
    price: float = strawberry.field(description="Of one copy, on the day of the order.")

    @field(Book, "The book as it is today.")
    def book(self, item: strawberry.Parent[Record], info: Info) -> Future[Record | None]:
        return info.context.one(BOOK, item["book_id"])


@strawberry.type(description="Books that a customer has ordered.")
class Order:
    """An order's record."""

    id: int = strawberry.field(description="Never used for another order.")
    customer_id: int = strawberry.field(description="The customer's id.")
    order_date: DateTime = strawberry.field(description="When it was placed.")
    status: OrderStatus = strawberry.field(description="Where it is.")
    total_amount: float = strawberry.field(description="Of all copies of all items.")
    item_count: int = strawberry.field(
        description="How many items it has.",
        deprecation_reason=ORDER.deprecated["item_count"].reason,
    )
    version: int = strawberry.field(description="Grows with each change.")

    @field("Customer", "Who has ordered.")
    def customer(self, order: strawberry.Parent[Record], info: Info) -> Future[Record | None]:
        return info.context.one(CUSTOMER, order["customer_id"])

    @field(list[OrderItem], "All items, by the books' ids.")
    def items(self, order: strawberry.Parent[Record], info: Info) -> Future[list[Record]]:
        return info.context.loaders.many(_ITEMS, order["id"])


@strawberry.type(description="Somebody who orders books.")
class Customer:
    """A customer's record."""

    id: int = strawberry.field(description="Never used for another customer.")
    name: str = strawberry.field(description="Whom the parcel is for.")
    email: str | None = strawberry.field(description="No other customer has the same.")
    phone: str | None = strawberry.field(description="Where the customer can be called.")
    address: str | None = strawberry.field(description="Where the books are sent.")
    version: int = strawberry.field(description="Grows with each change.")

    @field(list[Order], "A page of the customer's orders.")
    def orders(
        self,
        customer: strawberry.Parent[Record],
        info: Info,
        limit: Limit = limits.DEFAULT_LIMIT,
        offset: Offset = 0,
        sort: OrderSort | None = UNSET,
    ) -> Future[list[Record]]:
        page = page_of(OrdersOfCustomerQuery, limit, offset, sort)
        return info.context.loaders.many(_ORDERS, customer["id"], page)
