"""Loads the screens over gRPC: the same views as the arms over HTTP build."""

from collections.abc import Callable
from contextlib import nullcontext
from time import perf_counter_ns
from typing import Any

import grpc

from benchmarks.claims.grpc.protocol import messages, services
from client_examples.comparison.arms.screen import View
from client_examples.comparison.errors import LoadFailed, ServerUnreachable
from client_examples.comparison.loading.load import Load
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.screens import book_list, order_history

READY_LIMIT_S = 30.0
# A proxy of the environment would be between this client and servers of this machine.
_OPTIONS = [("grpc.enable_http_proxy", 0)]


def _order_history(bookstore: Any) -> View:
    request = messages.GetOrderHistoryRequest(customer_id=order_history.CUSTOMER)
    name = messages.OrderStatus.Name
    return [
        {
            "date": order.order_date,
            "status": name(order.status),
            "items": [
                {"quantity": item.quantity, "price": item.price, "title": item.book.title}
                for item in order.items
            ],
        }
        for order in bookstore.GetOrderHistory(request).orders
    ]


def _book_list(bookstore: Any) -> View:
    request = messages.ListBooksRequest(limit=book_list.BOOKS)
    return [
        {"title": book.title, "price": book.price} for book in bookstore.ListBooks(request).books
    ]


SCREENS: dict[str, Callable[[Any], View]] = {
    order_history.screen.name: _order_history,
    book_list.screen.name: _book_list,
}


class GrpcClient:
    """A client of one server, with a connection to it that is open, and one through a relay.

    Raises:
        ServerUnreachable: the server does not answer.
    """

    def __init__(self, address: tuple[str, int], relay: Relay) -> None:
        self._relay = relay
        self._channels = [_ready(address), _ready(relay.to(*address))]
        self._direct, self._relayed = map(services.BookstoreStub, self._channels)

    def load(self, screen: str, link: Link | None = None) -> Load:
        """Load a screen; through the relay, over a link, if one is given.

        Raises:
            LoadFailed: the server has refused or failed.
        """
        bookstore = self._direct if link is None else self._relayed
        with nullcontext() if link is None else self._relay.over(link):
            began = perf_counter_ns()
            try:
                view = SCREENS[screen](bookstore)
            except grpc.RpcError as error:
                raise LoadFailed(_told(error), screen=screen, arm="grpc") from error
            elapsed = perf_counter_ns() - began
        return Load(view, [], elapsed)

    def close(self) -> None:
        """Close the connections."""
        for channel in self._channels:
            channel.close()


def _ready(address: tuple[str, int]) -> grpc.Channel:
    channel = grpc.insecure_channel("{}:{}".format(*address), options=_OPTIONS)
    try:
        grpc.channel_ready_future(channel).result(READY_LIMIT_S)
    except grpc.FutureTimeoutError as error:
        channel.close()
        raise ServerUnreachable("{}:{}".format(*address), "no gRPC server answers") from error
    return channel


def _told(error: grpc.RpcError) -> str:
    """The status and what the server said, such as `NOT_FOUND: there is no customer with id 7`."""
    if isinstance(error, grpc.Call):
        return f"{error.code().name}: {error.details()}"
    return repr(error)
