"""Order events: the type of an event, and the subscription to an order's events."""

from asyncio import Future
from collections.abc import AsyncGenerator
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Access, Soon
from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field, subscription
from graphql_api.resources.argument_rules import in_camel_case
from graphql_api.resources.objects import Order
from graphql_api.resources.scalars import DateTime
from shared import limits
from shared.limits import HEARTBEAT_S
from shared.models import Input
from shared.operations.order_events import News, read_news
from shared.reading.catalogue import ORDER
from shared.reading.fetching import Record
from shared.rules.order_status import OrderStatus
from shared.rules.validation import validated
from shared.rules.values import Id, WholeNumber
from shared.serving.order_news import OrderNews

After = Annotated[
    int | None,
    strawberry.argument(
        description="The id of the event that was seen last: only what came later. Left out, all."
    ),
]


class _Watched(Input):
    order_id: Id
    after: Annotated[int, WholeNumber(0, limits.MAX_ID)]


@strawberry.type(description="A change of an order's status.")
class OrderEvent:
    """An event's record."""

    id: int = strawberry.field(description="Grows from event to event.")
    order_id: int = strawberry.field(description="The order's id.")
    status: OrderStatus = strawberry.field(description="What the order became.")
    occurred_at: DateTime = strawberry.field(description="When.")

    @field(Order | None, "The order as it is when the event is sent; null if it is deleted.")
    def order(self, event: strawberry.Parent[Record], info: Info) -> Future[Record | None]:
        return info.context.one(ORDER, event["order_id"])


@strawberry.type
class OrderSubscriptions:
    """The fields of `Subscription` for orders."""

    @subscription(
        OrderEvent,
        "The changes of an order's status, then those that come, until the last one.",
    )
    async def order_status_changed(
        self, info: Info, order_id: int, after: After = UNSET
    ) -> AsyncGenerator[Record, None]:
        with in_camel_case():
            watched = validated(_Watched, {"order_id": order_id, "after": after or 0})
        access = info.context.access
        first = await _soon(
            access.read(lambda connection: read_news(connection, watched.order_id, watched.after))
        )
        return _follow(access, watched.order_id, watched.after, first)


async def _follow(
    access: Access, order_id: int, after: int, news: News | None
) -> AsyncGenerator[Record, None]:
    """The events that are known, then those that come, until the last."""
    seen = news.events[-1]["id"] if news and news.events else after
    coming = OrderNews(access.watch, order_id, seen, lambda work: _soon(access.read(work)))
    with coming.subscribed():
        while True:
            for event in news.events if news else ():
                yield event
            if coming.is_ending or (news and news.is_over):
                return
            news = await coming.wait(HEARTBEAT_S)


async def _soon(found: Soon[News]) -> News:
    return await found if isinstance(found, Future) else found
