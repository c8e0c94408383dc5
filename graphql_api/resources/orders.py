"""Orders and their items: their types, queries and mutations."""

from asyncio import Future
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resources.argument_rules import (
    checked,
    checked_id,
    connection_query,
    expected,
    in_input,
    listing,
)
from graphql_api.resources.arguments import (
    ExpectedVersion,
    Given,
    Id,
    IdempotencyKey,
    Ids,
    Offset,
    RootLimit,
)
from graphql_api.resources.books import Book
from graphql_api.resources.connections import After, Connection, First, connection_of
from graphql_api.resources.decorators import field, mutation
from graphql_api.resources.scalars import DateTime
from shared import limits, models
from shared.models import OrderStatus
from shared.operations import orders
from shared.operations.idempotency import idempotency_key, place_order_once
from shared.reading.catalogue import BOOK, CUSTOMER, ORDER
from shared.reading.fetching import Record
from shared.reading.listing import OrderQuery

if TYPE_CHECKING:
    from graphql_api.resources.customers import Customer

_ITEMS = ORDER.relations["items"]

strawberry.enum(
    OrderStatus,
    description="Where an order is; only one that is not shipped yet can be cancelled.",
)


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
    item_count: int = strawberry.field(description="How many items it has.")
    version: int = strawberry.field(description="Grows with each change.")

    @field(
        Annotated["Customer", strawberry.lazy("graphql_api.resources.customers")],
        "Who has ordered.",
    )
    def customer(self, order: strawberry.Parent[Record], info: Info) -> Future[Record | None]:
        return info.context.one(CUSTOMER, order["customer_id"])

    @field(list[OrderItem], "All items, by the books' ids.")
    def items(self, order: strawberry.Parent[Record], info: Info) -> Future[list[Record]]:
        return info.context.loaders.many(_ITEMS, order["id"])


@strawberry.input(description="Which orders; all of what is given must hold.")
class OrderFilter:
    """Mirrors the filters of `shared.reading.listing.OrderQuery`, which has the rules."""

    customer_id: int | None = strawberry.field(default=UNSET, description="Of this customer.")
    status: OrderStatus | None = strawberry.field(default=UNSET, description="With this status.")


@strawberry.input(description="A book to order.")
class OrderItemCreate:
    """Mirrors `shared.models.OrderItemCreate`, which has the rules."""

    book_id: int
    quantity: int = strawberry.field(description=f"Copies, from 1 to {limits.MAX_QUANTITY:,}.")


@strawberry.input(description="An order to place.")
class OrderCreate:
    """Mirrors `shared.models.OrderCreate`, which has the rules."""

    customer_id: int
    items: list[OrderItemCreate] = strawberry.field(
        description=f"From 1 to {limits.MAX_ORDER_ITEMS}, each another book."
    )


@strawberry.type
class OrderQueries:
    """What `Query` has of orders."""

    @field(Order | None, "The order with this id; null if there is none.")
    def order(self, info: Info, order_id: Id) -> Future[Record | None]:
        return info.context.one(ORDER, checked_id(order_id))

    @field(list[Order], "A page of the orders that pass the filter.")
    def orders(
        self,
        info: Info,
        filters: Annotated[OrderFilter | None, strawberry.argument(name="filter")] = UNSET,
        ids: Ids = UNSET,
        sort: OrderSort | None = UNSET,
        limit: RootLimit = UNSET,
        offset: Offset = 0,
    ) -> Soon[list[Record]]:
        query = listing(OrderQuery, filters=filters, ids=ids, sort=sort, limit=limit, offset=offset)
        fields = info.context.fields(ORDER)
        return info.context.read(
            lambda connection: orders.list_orders(connection, query, fields).records
        )

    @field(Connection[Order], "The orders that pass the filter, by cursors.")
    def orders_connection(
        self,
        info: Info,
        first: First = limits.DEFAULT_LIMIT,
        after: After = UNSET,
        filters: Annotated[OrderFilter | None, strawberry.argument(name="filter")] = UNSET,
        sort: OrderSort | None = UNSET,
    ) -> Soon[Record]:
        query = connection_query(OrderQuery, first=first, after=after, sort=sort, filters=filters)
        fields = info.context.fields(ORDER)
        return info.context.read(
            lambda connection: connection_of(query, orders.list_orders(connection, query, fields))
        )


@strawberry.type
class OrderMutations:
    """What `Mutation` has of orders."""

    @mutation(
        Order,
        "Order books at today's prices; takes the copies out of the stock.",
    )
    async def place_order(
        self, info: Info, given: Given[OrderCreate], key: IdempotencyKey = UNSET
    ) -> Record:
        order, fields = checked(models.OrderCreate, given), info.context.fields(ORDER)
        if key is None or key is UNSET:
            with in_input():
                return await info.context.write(
                    lambda connection: orders.place_order(connection, order, fields)
                )
        checked_key = idempotency_key(key, "idempotencyKey")
        with in_input():
            return await info.context.write(
                lambda connection: place_order_once(connection, checked_key, order, fields)
            )

    @mutation(
        Order,
        "Move an order on; to cancel it returns the copies to the stock.",
    )
    async def set_order_status(
        self,
        info: Info,
        order_id: Id,
        status: OrderStatus,
        expected_version: ExpectedVersion = UNSET,
    ) -> Record:
        row_id, versions = checked_id(order_id), expected(info, expected_version)
        fields = info.context.fields(ORDER)
        return await info.context.write(
            lambda connection: orders.set_order_status(
                connection, row_id, status, fields, expected=versions
            )
        )

    @mutation(int, "Remove an order that is cancelled; gives the id.")
    async def delete_order(
        self, info: Info, order_id: Id, expected_version: ExpectedVersion = UNSET
    ) -> int:
        row_id, versions = checked_id(order_id), expected(info, expected_version)
        await info.context.write(
            lambda connection: orders.delete_order(connection, row_id, expected=versions)
        )
        return row_id
