"""Watching orders: who subscribes is woken by every change, whoever makes it."""

import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from shared.config import Settings
from shared.errors import NotFound
from shared.models import OrderCreate
from shared.operations import order_events, order_watch, orders
from shared.operations.order_watch import Watch
from shared.rules.order_status import OrderStatus
from shared.serving.bookstore import Bookstore, open_bookstore
from tests.postgresql_cluster import Cluster, cluster
from tests.shared.conftest import private_settings
from tests.waiting import LIMIT_S, wait_until


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest) -> Settings:
    url = request.getfixturevalue("postgresql_url") if request.param == "postgresql" else None
    return private_settings(database_url=url, **({} if url else {"books": 30}))


@pytest.fixture
def writer(settings: Settings) -> Iterator[Bookstore]:
    """A bookstore as one process opens it."""
    opened = open_bookstore(settings)
    yield opened
    opened.close()


@pytest.fixture
def reader(settings: Settings, writer: Bookstore) -> Iterator[Bookstore]:
    """The same one as another process opens it."""
    opened = open_bookstore(settings)
    yield opened
    opened.close()


def place(store: Bookstore) -> int:
    order = OrderCreate(customer_id=1, items=[{"book_id": 20, "quantity": 1}])
    with store.database.writing() as connection:
        placed: int = orders.place_order(connection, order)["id"]
    return placed


def move(store: Bookstore, order: int, status: str) -> None:
    with store.database.writing() as connection:
        orders.set_order_status(connection, order, OrderStatus(status))


def statuses(store: Bookstore, order: int, after: int = 0) -> list[str]:
    with store.database.reading() as connection:
        return [str(e["status"]) for e in order_events.read_news(connection, order, after).events]


class Watcher:
    """Reads all news as it is woken."""

    def __init__(self, store: Bookstore, order: int) -> None:
        self.woken = threading.Event()
        self.seen: list[str] = []
        self._store = store
        self._order = order

    def reads(self, *expected: str) -> None:
        """Look whenever it is woken until it has seen these."""

        def looked() -> bool:
            if self.woken.wait(LIMIT_S):
                self.woken.clear()
                self.seen = statuses(self._store, self._order)
            return self.seen == list(expected)

        wait_until(looked, f"{expected} are seen")


def test_each_change_wakes_who_watches_from_another_process(
    writer: Bookstore, reader: Bookstore
) -> None:
    order = place(writer)
    watcher = Watcher(reader, order)
    with reader.watch.subscribed(order, watcher.woken.set):
        for number, status in enumerate(steps := ("paid", "shipped", "delivered"), 1):
            move(writer, order, status)
            watcher.reads(*steps[:number])


def test_a_change_by_the_same_process_wakes_too(writer: Bookstore) -> None:
    order = place(writer)
    watcher = Watcher(writer, order)
    with writer.watch.subscribed(order, watcher.woken.set):
        move(writer, order, "cancelled")
        watcher.reads("cancelled")


def test_all_who_watch_an_order_are_woken_and_nobody_else(
    writer: Bookstore, reader: Bookstore
) -> None:
    order, other = place(writer), place(writer)
    first, second, third = Watcher(reader, order), Watcher(reader, order), Watcher(reader, other)
    watch = reader.watch
    with watch.subscribed(order, first.woken.set):
        assert first.woken.wait(LIMIT_S)  # the watch has begun, which wakes all who are there
        first.woken.clear()
        with watch.subscribed(order, second.woken.set), watch.subscribed(other, third.woken.set):
            move(writer, order, "paid")
            first.reads("paid")
            second.reads("paid")
            assert not third.woken.is_set()


def test_a_change_before_the_watch_has_begun_is_not_missed(
    writer: Bookstore, reader: Bookstore
) -> None:
    order = place(writer)
    for status in ("paid", "shipped"):
        watcher = Watcher(reader, order)
        with reader.watch.subscribed(order, watcher.woken.set):
            move(writer, order, status)  # at once: its thread is only about to look
            watcher.reads(*("paid", "shipped")[: 1 + (status == "shipped")])


def test_who_has_unsubscribed_is_not_woken(writer: Bookstore, reader: Bookstore) -> None:
    order = place(writer)
    stays, leaves = Watcher(reader, order), Watcher(reader, order)
    with reader.watch.subscribed(order, stays.woken.set):
        with reader.watch.subscribed(order, leaves.woken.set):
            move(writer, order, "paid")
            leaves.reads("paid")
        leaves.woken.clear()
        move(writer, order, "shipped")
        stays.reads("paid", "shipped")
    assert not leaves.woken.is_set()


def test_a_change_that_is_rolled_back_is_none(writer: Bookstore, reader: Bookstore) -> None:
    order = place(writer)
    watcher = Watcher(reader, order)
    with reader.watch.subscribed(order, watcher.woken.set):
        with suppress(NotFound), writer.database.writing() as connection:
            orders.set_order_status(connection, order, OrderStatus.PAID)
            orders.get_order(connection, 2_000_000_000)
        move(writer, order, "cancelled")
        watcher.reads("cancelled")


def test_to_end_wakes_everybody(writer: Bookstore) -> None:
    woken = threading.Event()
    with writer.watch.subscribed(1, woken.set):
        assert woken.wait(LIMIT_S)
        woken.clear()
        writer.watch.end()
        assert woken.wait(LIMIT_S)
        assert writer.watch.is_ending


class Counted:
    """A source that has the same news each time, and counts its uses."""

    def __init__(self, *news: int) -> None:
        self.news = news
        self.uses = 0
        self.closed = 0

    def next(self) -> tuple[int, ...]:
        self.uses += 1
        threading.Event().wait(0.001)
        return self.news

    def close(self) -> None:
        self.closed += 1


def test_where_nobody_watches_nothing_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_watch, "LINGER_S", 0.1)
    source = Counted()
    watch = Watch(lambda: source)
    assert source.uses == 0
    with watch.subscribed(1, lambda: None):
        wait_until(lambda: source.uses > 3, "it looks")
    wait_until(lambda: source.closed, "it stops to look")
    seen = source.uses
    with watch.subscribed(1, lambda: None):
        wait_until(lambda: source.uses > seen, "it looks again")
    watch.close()
    assert source.closed == 2


def test_a_source_that_fails_is_made_again_and_then_wakes_everybody() -> None:
    failures = [OSError("there is no database yet"), OSError("nor now")]

    def made() -> Counted:
        if failures:
            raise failures.pop()
        return Counted()

    watch = Watch(made)
    woken = threading.Event()
    with watch.subscribed(1, woken.set):
        assert woken.wait(LIMIT_S)
    assert not failures
    watch.close()


def test_a_subscriber_that_fails_does_not_keep_others_from_being_woken() -> None:
    watch = Watch(lambda: Counted(1))
    woken = threading.Event()

    def fail() -> None:
        raise RuntimeError("the event loop is closed")

    with watch.subscribed(1, fail), watch.subscribed(1, woken.set):
        for _ in range(3):
            assert woken.wait(LIMIT_S)
            woken.clear()
    watch.close()


@pytest.fixture
def own_cluster() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.mark.slow
def test_after_postgresql_was_away_nothing_is_missed(own_cluster: Cluster) -> None:
    store = open_bookstore(private_settings(books=30, database_url=own_cluster.url))
    order = place(store)
    watcher = Watcher(store, order)
    with store.watch.subscribed(order, watcher.woken.set):
        move(store, order, "paid")
        watcher.reads("paid")
        own_cluster.stop()
        own_cluster.start()
        other = open_bookstore(private_settings(books=30, database_url=own_cluster.url))
        move(other, order, "shipped")
        store.database.close()  # of the connections that the server has ended
        watcher.reads("paid", "shipped")
        move(other, order, "delivered")
        watcher.reads("paid", "shipped", "delivered")
        other.close()
    store.close()
