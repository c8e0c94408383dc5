"""A screen that is watched: when changes are made, how late each is seen, and how it may end."""

import random
import threading
from collections import Counter
from itertools import pairwise

import pytest
from fake_orders import FakeOrders

from client_examples.comparison import budget
from client_examples.comparison.failures import LoadFailed, ServerAway, ViewsDiffer
from client_examples.comparison.screens import watch_order
from client_examples.comparison.watching import plan as planning
from client_examples.comparison.watching.arms import CHANGES, WatchScreen
from client_examples.comparison.watching.orders import Orders
from client_examples.comparison.watching.plan import APART_S, INTERVAL_S, NEAREST_S, plan
from client_examples.comparison.watching.run import Watched, watching
from client_examples.comparison.watching.servers import Servers
from client_examples.comparison.watching.summary import watch_result

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


def watch(server, orders=1, screen=watch_order.screen, limit_s=20.0):
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
                assert server.changed.wait_for(lambda: seen.wait(0), 20)

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


@pytest.mark.parametrize(
    ("kind", "name"),
    [("sse", "rest/sse"), ("ws", "graphql/subscription"), ("graphql-sse", "graphql/sse")],
)
def test_a_stream_that_brings_nothing_ends_with_an_error_in_time(kind, name):
    with FakeOrders() as server:
        server.held = {kind}
        with pytest.raises(LoadFailed, match=f"{name} saw no change, and did not end within 0.2 s"):
            watch(server, limit_s=0.2)


def test_a_stream_that_lives_on_heartbeats_alone_ends_with_an_error_in_time(monkeypatch):
    stop = threading.Event()

    def beating(handler, kind, order, after):
        while not stop.wait(0.01):
            handler._chunk(": heartbeat\n\n")
        yield from ()

    monkeypatch.setattr("fake_orders._Handler._each", beating)
    with FakeOrders() as server:
        try:
            with pytest.raises(LoadFailed, match="rest/sse saw no change"):
                watch(server, screen=screen_of("rest/sse"), limit_s=0.2)
        finally:
            stop.set()


def test_a_server_that_sends_no_head_ends_with_an_error_in_time(monkeypatch):
    stop = threading.Event()
    monkeypatch.setattr("fake_orders._Handler._stream", lambda *arguments: stop.wait(20))
    with FakeOrders() as server:
        try:
            with pytest.raises(LoadFailed, match=r"rest/sse did not begin to watch within 0\.2 s"):
                watch(server, screen=screen_of("rest/sse", "graphql/sse"), limit_s=0.2)
        finally:
            stop.set()


@pytest.mark.parametrize(("kind", "name"), [("sse", "rest/sse"), ("ws", "graphql/subscription")])
def test_a_refused_stream_fails_with_the_servers_reason(kind, name):
    with FakeOrders() as server:
        server.refuses = {kind: 503}
        with pytest.raises(LoadFailed, match=f"watch-order, {name}: .*503"):
            watch(server)


def test_an_interruption_leaves_no_watcher_and_no_connection(monkeypatch):
    change = Orders.change
    made = []

    def interrupted(orders, order, status, through):
        made.append(status)
        if len(made) == 4:
            raise KeyboardInterrupt
        change(orders, order, status, through)

    monkeypatch.setattr(Orders, "change", interrupted)
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
        pytest.raises(ServerAway, match=url),
        watching(watch_order.screen, Servers(url, url), 1),
    ):
        pass


def test_a_server_that_dies_in_the_middle_is_named(monkeypatch):
    change = Orders.change
    made = []

    def dying(orders, order, status, through):
        made.append(status)
        if len(made) == 4:
            orders.rest.url = orders.graphql.url = nowhere
        change(orders, order, status, through)

    monkeypatch.setattr(Orders, "change", dying)
    with FakeOrders() as server:
        nowhere = server.url
    with FakeOrders() as server, pytest.raises(ServerAway, match=f"{nowhere}.*changing an order"):
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


class TestPlan:
    """As it is on the command line."""

    @pytest.fixture(autouse=True)
    def as_it_is(self, monkeypatch):
        for name, value in (
            ("INTERVAL_S", INTERVAL_S), ("APART_S", APART_S), ("NEAREST_S", NEAREST_S),
        ):  # fmt: skip
            monkeypatch.setattr(planning, name, value)

    def plans(self):
        return [plan(ARMS, order, "1/watch-order") for order in range(40)]

    def test_each_arm_has_its_three_changes_in_their_order(self):
        for changes in self.plans():
            for name in ARMS:
                assert [one.status for one in changes if one.arm == name] == list(CHANGES)

    def test_no_poll_comes_too_late_to_see_each_change_by_itself(self):
        for changes in self.plans():
            for name in ARMS:
                times = [one.at_s for one in changes if one.arm == name]
                assert 0 <= times[0] <= INTERVAL_S
                gaps = [b - a for a, b in pairwise(times)]
                assert all(APART_S <= gap <= APART_S + INTERVAL_S for gap in gaps)
        assert APART_S > INTERVAL_S

    def test_no_two_changes_are_made_at_the_same_time(self):
        for changes in self.plans():
            gaps = [b.at_s - a.at_s for a, b in pairwise(changes)]
            assert min(gaps) >= NEAREST_S

    def test_the_same_seed_gives_the_same_plan_and_another_one_another(self):
        assert plan(ARMS, 0, "1") == plan(ARMS, 0, "1")
        assert plan(ARMS, 0, "1") != plan(ARMS, 1, "1")
        assert plan(ARMS, 0, "1") != plan(ARMS, 0, "2")

    def test_a_poll_meets_each_part_of_its_interval_as_often(self):
        times = [one.at_s for changes in self.plans() for one in changes]
        phases = Counter(int(at_s % INTERVAL_S / INTERVAL_S * 4) for at_s in times)
        assert min(phases.values()) > 0.7 * 600 / 4

    def test_many_arms_get_a_plan_too(self):
        names = [f"rest/{number}" for number in range(50)]
        random.Random(1).shuffle(names)
        assert len(plan(names, 0, "1")) == 150

    def test_the_time_that_is_kept_for_watching_is_about_what_it_takes(self):
        taken = [changes[-1].at_s + INTERVAL_S / 2 for changes in self.plans()]
        assert planning.watching_s(40) == pytest.approx(sum(taken), rel=0.2)


def test_the_time_that_is_kept_for_watching_is_not_spent_on_loading(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(budget.time, "monotonic", lambda: clock[0])
    spending = budget.Budget(10.0, kept_s=4.0)
    spending.begin_screen(1, 0.0)
    found = []
    for clock[0] in (5.9, 6.1):
        found.append(spending.is_spent(budget.FEWEST))
    assert found == [False, True]
