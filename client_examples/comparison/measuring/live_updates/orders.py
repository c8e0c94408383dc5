"""Places the orders that are watched, and changes their status as another client."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.live.screen import STATUSES
from client_examples.comparison.network.metered import Network
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.live_updates import Through
from client_examples.comparison.screens.shop import Shop, open_shop
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient


@dataclass(frozen=True)
class Orders:
    """Places orders and changes their status, over connections of its own."""

    rest: RestClient
    graphql: GraphqlClient
    shop: Shop

    def place(self) -> int:
        """The id of a new order of one book."""
        items = [{"book_id": self.shop.books[0], "quantity": 1}]
        order = self.rest.post("/orders", {"customer_id": self.shop.customer, "items": items})
        return int(order["id"])

    def change(self, order: int, status: str, through: Through) -> None:
        """Give the order its next status."""
        if through == "rest":
            self.rest.patch(f"/orders/{order}", {"status": status}, fields="status")
        else:
            self.graphql.mutate(
                "mutation($id: Int!, $to: OrderStatus!, $seen: Int) "
                "{ setOrderStatus(id: $id, status: $to, expectedVersion: $seen) { status } }",
                id=order,
                to=status,
                seen=STATUSES.index(status),  # from 1 on, each status has another version
            )


@contextmanager
def open_orders(servers: Servers) -> Iterator[Orders]:
    """Orders of a customer and a book that no other screen shows.

    What was delivered stays in the bookstore, as its rule is, and with it the customer and the
    book; all else is removed at the end.
    """
    with ExitStack() as leaving:
        assert servers.rest_url is not None
        assert servers.graphql_url is not None
        rest = RestClient(
            servers.rest_url,
            session=servers.session("rest", Network()),
            retry=NO_RETRY,  # a failure ends the measurement
        )
        leaving.callback(rest.close)
        # Nobody else changes these orders; a server may ask for a precondition.
        rest.session.headers["If-Match"] = "*"
        graphql = GraphqlClient(
            servers.graphql_url,
            session=servers.session("graphql", Network()),
            retry=NO_RETRY,
        )
        leaving.callback(graphql.close)
        graphql.health()  # opens the connection, as placing orders opens the other one
        yield Orders(rest, graphql, leaving.enter_context(open_shop(rest)))
