"""Orders: queries and mutations."""

from asyncio import Future
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field, mutation
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
from graphql_api.resources.connections import After, Connection, First
from graphql_api.resources.objects import Order, OrderSort
from graphql_api.resources.operation_calls import delete, read_connection, read_list
from shared import limits, models
from shared.operations import orders
from shared.operations.idempotency import idempotency_key, place_order_once
from shared.reading.catalogue import ORDER
from shared.reading.fetching import Record
from shared.reading.listing import OrderQuery
from shared.rules.order_status import OrderStatus


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
    """The fields of `Query` for orders."""

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
        return read_list(info, ORDER, query, orders.list_orders)

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
        return read_connection(info, ORDER, query, orders.list_orders)


@strawberry.type
class OrderMutations:
    """The fields of `Mutation` for orders."""

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
        "Move an order on; to cancel it returns the copies to the stock. The status that it has "
        "already is refused like any other that cannot follow, so that of two clients one alone "
        "has moved it.",
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
        return await delete(info, order_id, expected_version, orders.delete_order)
