"""A screen that is watched: how late each change is seen, and how it may end."""

import threading
from collections import Counter

import pytest

from client_examples.comparison.arms.live.screen import CHANGES, WatchScreen
from client_examples.comparison.errors import LoadFailed, ServerUnreachable, ViewsDiffer
from client_examples.comparison.measuring.live_updates import schedule as planning
from client_examples.comparison.measuring.live_updates.orders import Orders
from client_examples.comparison.measuring.live_updates.run import Watched, watch_result, watching
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.screens import watch_order
from tests.comparison.fake_orders import FakeOrders
from tests.waiting import LIMIT_S

HANDLER = "tests.comparison.fake_orders._Handler"
ARMS = [arm.name for arm in watch_order.screen.arms]


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(watch_order, "INTERVAL_S", 0.02)
    monkeypatch.setattr(planning, "INTERVAL_S", 0.02)
    monkeypatch.setattr(planning, "APART_S", 0.03)
    monkeypatch.setattr(planning, "NEAREST_S", 0.0)


@pytest.fixture(autouse=True)
def no_thread_is_left():
    before = set(threading.enumerate())
    yield
    names = set(ARMS)
    left = [one for one in threading.enumerate() if one not in before and one.name in names]
    assert left == []


def watch(server, orders=1, screen=watch_order.screen, limit_s=LIMIT_S):
    watched = Watched()
    with watching(screen, Servers(server.url, server.url), 1, limit_s) as run:
        for _ in range(orders):
            run.watch(watched)
    return watched


def screen_of(*names):
    arms = [arm for arm in watch_order.screen.arms if arm.name in names]
    return WatchScreen("watch-order", "shows", arms)


def test_every_arm_sees_every_change_of_every_order():
    with FakeOrders() as server:
        watched = watch(server, orders=2)
        assert len(server.events) == 2 * len(ARMS)
    assert list(watched.orders) == list(watched.changes) == ARMS
    for name in ARMS:
        seen = [(change.order, change.status) for change in watched.changes[name]]
        assert seen == [(order, status) for order in range(2) for status in CHANGES]
        assert len(watched.orders[name]) == 2
        assert all(change.seen_ns > 0 < change.answered_ns for change in watched.changes[name])


def test_half_of_the_changes_go_through_each_server():
    with FakeOrders() as server:
        watched = watch(server, orders=2)
        assert server.writes == {"rest": 15, "graphql": 15}
    for name in ARMS:
        through = Counter(change.through for change in watched.changes[name])
        assert through == {"rest": 3, "graphql": 3}


def test_a_change_may_be_seen_before_its_sender_has_the_answer(monkeypatch):
    changed = FakeOrders.change

    def seen_first(server, order, status):
        changed(server, order, status)
        if status in CHANGES:
            with server.changed:  # the next event is waited for once this one was sent
                assert server.changed.wait_for(lambda: seen.wait(0), LIMIT_S)

    seen = threading.Event()
    monkeypatch.setattr(FakeOrders, "change", seen_first)
    arm = screen_of("rest/sse").arms[0]

    def told(api, order):
        for status in arm.load(api, order):
            yield status  # and is recorded when this goes on
            if status in CHANGES:
                seen.set()
            with server.changed:
                server.changed.notify_all()

    screen = WatchScreen("watch-order", "shows")
    screen.rest("sse")(told)
    with FakeOrders() as server:
        watched = watch(server, screen=screen)
    first = watched.changes["rest/sse"][0]
    assert first.seen_ns < first.answered_ns


def test_a_lost_connection_loses_nothing_and_is_in_the_requests():
    with FakeOrders(sse="paid", ws="shipped", graphql_sse="paid", poll="shipped") as server:
        watched = watch(server)
        assert not server.cuts
    streams = ("rest/sse", "graphql/subscription", "graphql/sse")
    assert [watched.orders[name][0].requests for name in streams] == [2, 2, 2]


@pytest.mark.parametrize("kind", ["sse", "ws", "graphql-sse"])
def test_an_event_that_comes_twice_is_found(kind):
    with FakeOrders() as server:
        server.repeats = {kind}
        with pytest.raises(ViewsDiffer, match="saw paid, paid, shipped, shipped, delivered, deliv"):
            watch(server)


def check_that_nothing_is_seen(server, name, **given):
    for limit_s in (0.2, 2.0, LIMIT_S):
        with pytest.raises(LoadFailed) as failed:
            watch(server, limit_s=limit_s, **given)
        if "did not begin" not in str(failed.value):  # a busy machine takes longer to begin
            break
    assert f"{name}: saw no change, and did not end within {limit_s:g} s" in str(failed.value)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("sse", "rest/sse"), ("ws", "graphql/subscription"), ("graphql-sse", "graphql/sse")],
)
def test_a_stream_that_brings_nothing_ends_with_an_error_in_time(kind, name):
    with FakeOrders() as server:
        server.held = {kind}
        check_that_nothing_is_seen(server, name)


def test_a_stream_that_lives_on_heartbeats_alone_ends_with_an_error_in_time(monkeypatch):
    stop = threading.Event()

    def beating(handler, kind, order, after):
        while not stop.wait(0.01):
            handler._chunk(": heartbeat\n\n")
        yield from ()

    monkeypatch.setattr(f"{HANDLER}._each", beating)
    with FakeOrders() as server:
        try:
            check_that_nothing_is_seen(server, "rest/sse", screen=screen_of("rest/sse"))
        finally:
            stop.set()


def test_a_server_that_sends_no_head_ends_with_an_error_in_time(monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr(f"{HANDLER}._stream", lambda *arguments: stop.wait(LIMIT_S))
    with FakeOrders() as server:
        try:
            with pytest.raises(LoadFailed, match=r"rest/sse: did not begin to watch within 0\.2 s"):
                watch(server, screen=screen_of("rest/sse", "graphql/sse"), limit_s=0.2)
        finally:
            stop.set()


@pytest.mark.parametrize(("kind", "name"), [("sse", "rest/sse"), ("ws", "graphql/subscription")])
def test_a_refused_stream_fails_with_the_servers_reason(kind, name):
    with FakeOrders() as server:
        server.refuses = {kind: 503}
        with pytest.raises(LoadFailed, match=f"watch-order, {name}: .*503"):
            watch(server)


def at_the_fourth_change(monkeypatch, act):
    """Act, before it is made; by the orders of the comparison."""
    change = Orders.change
    made = []

    def changed(orders, order, status, through):
        made.append(status)
        if len(made) == 4:
            act(orders)
        change(orders, order, status, through)

    monkeypatch.setattr(Orders, "change", changed)


def test_an_interruption_leaves_no_watcher_and_no_connection(monkeypatch):
    def interrupt(orders):
        raise KeyboardInterrupt

    at_the_fourth_change(monkeypatch, interrupt)
    with FakeOrders() as server:
        with pytest.raises(KeyboardInterrupt):
            watch(server)
        for order in server.events:
            server.change(order, "delivered")  # lets the handlers go, which hold no client
        server.wait_for_streams(0)


def test_servers_that_are_away_are_named():
    with FakeOrders() as server:
        url = server.url
    with (
        pytest.raises(ServerUnreachable, match=url),
        watching(watch_order.screen, Servers(url, url), 1),
    ):
        pass


def test_a_server_that_dies_in_the_middle_is_named(monkeypatch):
    def die(orders):
        orders.rest.url = orders.graphql.url = nowhere

    at_the_fourth_change(monkeypatch, die)
    with FakeOrders() as server:
        nowhere = server.url
    with (
        FakeOrders() as server,
        pytest.raises(ServerUnreachable, match=f"changing an order: {nowhere}"),
    ):
        watch(server)


def test_what_was_watched_before_an_error_is_kept():
    watched = Watched()
    with (
        FakeOrders() as server,
        watching(watch_order.screen, Servers(server.url, server.url), 1) as run,
    ):
        run.watch(watched)
        server.refuses = {"sse": 503}
        with pytest.raises(LoadFailed):
            run.watch(watched)
    assert {len(orders) for orders in watched.orders.values()} == {1}
    assert {len(changes) for changes in watched.changes.values()} == {3}


def test_the_result_holds_every_time_and_their_summary():
    with FakeOrders() as server:
        result = watch_result(watch_order.screen, watch(server, orders=2))
    assert result.view == list(CHANGES)
    assert [arm.name for arm in result.arms] == ARMS
    for arm in result.arms:
        late = sorted(change.seen_ns for change in arm.changes)
        assert arm.summary.count == 6
        assert arm.summary.median_ns == (late[2] + late[3]) / 2
        assert arm.summary.median_low_ns <= arm.summary.median_ns <= arm.summary.median_high_ns
        assert arm.code_lines > 3
    assert [arm.idle_requests_per_hour for arm in result.arms] == [7200, 180, 0, 0, 0]
