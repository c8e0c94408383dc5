"""Live updates: each arm watches an order of its own, while another client changes them."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from time import perf_counter_ns

from client_examples.clients.api_errors import ApiError
from client_examples.comparison.arms.live.screen import CHANGES, INTERVAL_S, WatchArm, WatchScreen
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.code_lines import code_lines
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.measuring.garbage import collect
from client_examples.comparison.measuring.live_updates.orders import Orders, open_orders
from client_examples.comparison.measuring.live_updates.schedule import APART_S, Change, plan
from client_examples.comparison.measuring.live_updates.watcher import Watcher, end_all
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.live_updates import (
    SeenChange,
    WatchArmResult,
    WatchedOrder,
    WatchResult,
)
from client_examples.comparison.statistics import median_resamples, summarize

LIMIT_S = 10.0  # to begin to watch, and to see the last change
_MS_PER_S = 1000
_S_PER_HOUR = 3600


@dataclass
class Watched:
    """What the arms of a screen have seen so far, by the arm's name."""

    orders: dict[str, list[WatchedOrder]] = field(default_factory=dict)
    changes: dict[str, list[SeenChange]] = field(default_factory=dict)


@dataclass(frozen=True)
class Written:
    """When a change was sent, and when its sender had the answer."""

    change: Change
    sent_ns: int
    answered_ns: int


@contextmanager
def watching(
    screen: WatchScreen, servers: Servers, seed: int, limit_s: float = LIMIT_S
) -> Iterator["Watching"]:
    """A screen ready to be watched.

    Args:
        screen: its arms are the watchers.
        servers: where the orders are.
        seed: decides when each changes.
        limit_s: how long to wait until all watch, and again until all have seen the last change.
    """
    leaving = ExitStack()
    try:
        with loading_of(screen.name):
            orders = leaving.enter_context(open_orders(servers))
        yield Watching(screen, servers, orders, seed, limit_s)
    finally:
        with suppress(ApiError):  # what went wrong before says more
            leaving.close()


class Watching:
    """Has the arms of a screen watch one order after the other; see `watching`."""

    def __init__(
        self, screen: WatchScreen, servers: Servers, orders: Orders, seed: int, limit_s: float
    ) -> None:
        self._screen = screen
        self._servers = servers
        self._orders = orders
        self._seed = f"{seed}/{screen.name}"
        self._limit_s = limit_s
        self._done = 0

    def watch(self, watched: Watched) -> None:
        """Have each arm watch one more order, and add what it saw.

        Raises:
            ViewsDiffer: an arm saw something else than what happened.
            LoadFailed: an arm did not see all of it in time, or could not go on.
            ServerUnreachable: a server does not answer.
        """
        arms = self._screen.arms
        changes = plan([arm.name for arm in arms], self._done, self._seed)
        with loading_of(self._screen.name):
            watchers = [Watcher(arm, self._orders.place(), self._servers) for arm in arms]
        collect()
        try:
            for watcher in watchers:
                watcher.start()
            self._wait_until_all_watch(watchers)
            written = self._write(changes, {one.arm.name: one for one in watchers})
            self._wait_until_all_have_seen(watchers)
        finally:
            end_all(watchers)
        for watcher in watchers:
            self._check(watcher)
        for watcher in watchers:
            name = watcher.arm.name
            watched.orders.setdefault(name, []).append(watcher.api.network.taken())
            watched.changes.setdefault(name, []).extend(_seen(watcher, written, self._done))
        self._done += 1

    def _wait_until_all_watch(self, watchers: Sequence[Watcher]) -> None:
        ends = time.monotonic() + self._limit_s
        for watcher in watchers:
            if not watcher.api.network.ready.wait(max(0.0, ends - time.monotonic())):
                raise self._failed(watcher, "did not begin to watch")
            self._raise_error(watcher)

    def _write(
        self, changes: Sequence[Change], watchers: Mapping[str, Watcher]
    ) -> dict[tuple[str, str], Written]:
        """Change the orders as planned; when each change was made, by arm and status."""
        written = {}
        began = time.perf_counter()
        for change in changes:
            watcher = watchers[change.arm]
            time.sleep(max(0.0, began + change.at_s - time.perf_counter()))
            self._raise_error(watcher)
            with loading_of(self._screen.name, "changing an order"):
                sent = perf_counter_ns()
                self._orders.change(watcher.order, change.status, change.through)
                answered = perf_counter_ns()
            written[change.arm, change.status] = Written(change, sent, answered)
        return written

    def _wait_until_all_have_seen(self, watchers: Sequence[Watcher]) -> None:
        ends = time.monotonic() + self._limit_s
        for watcher in watchers:
            watcher.join(max(0.0, ends - time.monotonic()))
            self._raise_error(watcher)
            if watcher.is_alive():
                saw = ", ".join(watcher.view) or "no change"
                raise self._failed(watcher, f"saw {saw}, and did not end")

    def _check(self, watcher: Watcher) -> None:
        """`ViewsDiffer` unless it saw each change once, in the order in which they came."""
        if watcher.view != list(CHANGES):
            saw = ", ".join(watcher.view) or "no change"
            raise ViewsDiffer(
                f"saw {saw}; the order became {', '.join(CHANGES)}",
                screen=self._screen.name,
                arm=watcher.arm.name,
            )

    def _failed(self, watcher: Watcher, what: str) -> LoadFailed:
        trouble = watcher.api.network.trouble
        return LoadFailed(
            f"{what} within {self._limit_s:g} s"
            + (f"; its connection was lost: {trouble}" if trouble else ""),
            screen=self._screen.name,
            arm=watcher.arm.name,
        )

    def _raise_error(self, watcher: Watcher) -> None:
        if watcher.error is not None:
            with loading_of(self._screen.name, watcher.arm.name):
                raise watcher.error


def _seen(
    watcher: Watcher, written: Mapping[tuple[str, str], Written], order: int
) -> list[SeenChange]:
    """The watcher's changes with their times."""
    return [
        SeenChange(
            order=order,
            status=status,
            through=one.change.through,
            answered_ns=one.answered_ns - one.sent_ns,
            seen_ns=seen_ns - one.sent_ns,
        )
        for status, seen_ns in watcher.seen
        if (one := written.get((watcher.arm.name, status))) is not None
    ]


def watch_result(screen: WatchScreen, watched: Watched) -> WatchResult:
    """The screen's part of the document."""
    return WatchResult(
        name=screen.name,
        shows=screen.shows,
        view=list(CHANGES),
        interval_ms=INTERVAL_S * _MS_PER_S,
        apart_ms=APART_S * _MS_PER_S,
        arms=[_arm_result(arm, watched) for arm in screen.arms],
    )


def _arm_result(arm: WatchArm, watched: Watched) -> WatchArmResult:
    changes = watched.changes.get(arm.name, [])
    late = [change.seen_ns for change in changes]
    return WatchArmResult(
        name=arm.name,
        description=arm.description,
        code_lines=code_lines(arm),
        idle_requests_per_hour=_S_PER_HOUR / arm.asks_every_s if arm.asks_every_s else 0.0,
        orders=watched.orders.get(arm.name, []),
        changes=changes,
        summary=summarize(late, median_resamples(late, arm.name) if late else None),
    )
