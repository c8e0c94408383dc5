"""A new order on its way: each change of its status, as it happens."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import Any

from client_examples.comparison.arms.live.api import GraphqlWatch, RestWatch
from client_examples.comparison.arms.live.connection import ConnectionLost
from client_examples.comparison.arms.live.screen import INTERVAL_S, LAST, STATUSES, WatchScreen
from client_examples.comparison.arms.screen import compact

LONG_POLL_S = 20  # that the server may hold a question back; proxies often end one of 30
SUBSCRIPTION = compact("""
    subscription WatchOrder($order: Int!, $after: Int!) {
      orderStatusChanged(orderId: $order, after: $after) { id status }
    }
""")

screen = WatchScreen(
    "watch-order", "a new order that is paid, shipped and delivered, as it happens"
)


def resumed(
    api: RestWatch | GraphqlWatch, events_after: Callable[[int], Iterator[Any]]
) -> Iterator[str]:
    """The statuses of one stream after the other, each of which goes on after the last event.

    To the end of the stream that brings the last status, which the server closes then.
    """
    after, status = 0, ""
    for _ in api.tries():
        with suppress(ConnectionLost):
            for event in events_after(after):
                after, status = event["id"], event["status"]
                yield status
        if status == LAST:
            return


@screen.rest("short-poll", asks_every_s=INTERVAL_S)
def short_poll(api: RestWatch, order: int) -> Iterator[str]:
    """Ask for the status every 500 ms"""
    known = -1
    for _ in api.every(INTERVAL_S):
        now = STATUSES.index(api.get(f"/orders/{order}", fields="status")["status"])
        yield from STATUSES[known + 1 : now + 1]  # an order skips none, even if a question does
        known = now
        if STATUSES[now] == LAST:
            return


@screen.rest("long-poll", asks_every_s=LONG_POLL_S)
def long_poll(api: RestWatch, order: int) -> Iterator[str]:
    """Ask for the next event, which the server answers once there is one"""
    after, status = 0, ""
    while status != LAST:
        path = f"/orders/{order}/events"
        for event in api.get(path, longest_s=LONG_POLL_S, wait=LONG_POLL_S, after=after):
            after, status = event["id"], event["status"]
            yield status


@screen.rest("sse")
def sse(api: RestWatch, order: int) -> Iterator[str]:
    """One stream of Server-Sent Events"""
    return resumed(api, partial(api.events, f"/orders/{order}/events"))


@screen.graphql("subscription")
def subscription(api: GraphqlWatch, order: int) -> Iterator[str]:
    """A subscription over a WebSocket (graphql-transport-ws)"""
    return resumed(api, partial(changed, api.subscribe, order))


@screen.graphql("sse")
def subscription_by_events(api: GraphqlWatch, order: int) -> Iterator[str]:
    """The same subscription over Server-Sent Events (graphql-sse)"""
    return resumed(api, partial(changed, api.subscribe_by_events, order))


def changed(subscribe: Callable[..., Iterator[Any]], order: int, after: int) -> Iterator[Any]:
    """The events of a subscription."""
    for data in subscribe(SUBSCRIPTION, order=order, after=after):
        yield data["orderStatusChanged"]
