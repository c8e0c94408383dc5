"""Orders of the project's own two servers, watched: what each arm takes, and what stays behind."""

import socket
from contextlib import closing, suppress

import pytest
import requests

from client_examples.comparison.arms.live.screen import CHANGES
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.live_updates.orders import open_orders
from client_examples.comparison.measuring.live_updates.run import Watched, watching
from client_examples.comparison.measuring.live_updates.watcher import Watcher
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.screens import SCREENS, watch_order
from tests.waiting import LIMIT_S, wait_until

ARMS = [arm.name for arm in watch_order.screen.arms]


@pytest.fixture(scope="module")
def servers(writing_pair):
    return Servers(writing_pair.rest.base_url, writing_pair.graphql.base_url)


@pytest.fixture(scope="module")
def shown(servers):
    """What each other screen shows, before and after some orders were watched."""
    with closing(Loader(servers.rest_url, servers.graphql_url)) as loader:

        def views():
            return {screen.name: loader.load(screen, screen.arms[0]).view for screen in SCREENS}

        before, watched = views(), Watched()
        with watching(watch_order.screen, servers, 1) as run:
            for _ in range(2):
                run.watch(watched)
        return before, watched, views()


def test_every_arm_sees_the_same_changes_of_each_order(shown):
    _, watched, _ = shown
    for name in ARMS:
        seen = [(change.order, change.status) for change in watched.changes[name]]
        assert seen == [(order, status) for order in range(2) for status in CHANGES]


def test_a_stream_is_one_request_and_a_long_poll_one_per_event(shown):
    _, watched, _ = shown
    requests = {name: {order.requests for order in watched.orders[name]} for name in ARMS}
    assert min(requests.pop("rest/short-poll")) > len(CHANGES)
    assert requests == {
        "rest/long-poll": {3},
        "rest/sse": {1},
        "graphql/subscription": {1},
        "graphql/sse": {1},
    }


def test_the_same_orders_take_the_same_bytes(shown):
    """But for the digits of ids and times, and the seconds of a Date."""
    _, watched, _ = shown
    for name in ARMS[1:]:
        first, second = watched.orders[name]
        assert abs(first.received_bytes - second.received_bytes) < 16
        assert abs(first.sent_bytes - second.sent_bytes) < 16


def test_no_other_screen_shows_what_was_watched(shown):
    before, _, after = shown
    for name in before:
        assert difference(before[name], after[name]) is None


def rows(servers, name, **query):
    return requests.get(f"{servers.rest_url}/{name}", params=query, timeout=LIMIT_S).json()


def test_delivered_orders_stay_and_what_they_refer_to(servers):
    with open_orders(servers) as orders:
        delivered, shipped, paid, _ = [orders.place() for _ in range(4)]
        for order, steps in ((delivered, 3), (shipped, 2), (paid, 1)):
            for status in CHANGES[:steps]:
                orders.change(order, status, "graphql" if steps == 2 else "rest")
    left = rows(servers, "orders", customer_id=orders.shop.customer)
    assert {order["id"]: order["status"] for order in left} == {
        delivered: "delivered",
        shipped: "shipped",
    }
    assert rows(servers, "customers", ids=orders.shop.customer)
    books = rows(servers, "books", ids=",".join(map(str, orders.shop.books)))
    assert [book["id"] for book in books] == orders.shop.books[:1]


def test_nothing_stays_where_no_order_went_its_way(servers):
    with open_orders(servers) as orders:
        orders.place()
        orders.change(orders.place(), "paid", "rest")
    assert rows(servers, "orders", customer_id=orders.shop.customer) == []
    assert rows(servers, "customers", ids=orders.shop.customer) == []
    assert rows(servers, "books", ids=",".join(map(str, orders.shop.books))) == []


@pytest.mark.parametrize("name", ARMS[1:])
def test_a_connection_that_breaks_between_two_changes_loses_none_and_repeats_none(servers, name):
    (arm,) = [arm for arm in watch_order.screen.arms if arm.name == name]
    with open_orders(servers) as orders:
        watcher = Watcher(arm, orders.place(), servers)
        watcher.start()
        orders.change(watcher.order, "paid", "rest")
        wait_until(lambda: watcher.view == ["paid"], "the first change is seen")
        asked = 2 if name == "rest/long-poll" else 1
        wait_until(lambda: watcher.api.network.attempts == asked, "it waits for the next")
        for connection in list(watcher.api.network.connections):
            with suppress(OSError):  # one is closed already
                connection.shutdown(socket.SHUT_RDWR)
        orders.change(watcher.order, "shipped", "graphql")
        wait_until(lambda: len(watcher.view) > 1, "the second change is seen")
        orders.change(watcher.order, "delivered", "rest")
        watcher.join(LIMIT_S)
        watcher.api.close()
    assert (watcher.view, watcher.error) == (list(CHANGES), None)
    assert watcher.api.network.taken().requests == {"rest/long-poll": 4}.get(name, 2)
