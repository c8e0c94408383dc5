"""One arm that watches one order, on a thread of its own."""

import time
from collections.abc import Sequence
from threading import Thread
from time import perf_counter_ns

from client_examples.comparison.arms.live.api import GraphqlWatch, RestWatch
from client_examples.comparison.arms.live.connection import WatchEnded
from client_examples.comparison.arms.live.screen import STATUSES, WatchArm
from client_examples.comparison.network.servers import Servers

_HANGING_UP_S = 5.0  # for threads to end whose connections are gone


class Watcher(Thread):
    """The thread; `seen` has each status, and when it was there, in nanoseconds."""

    def __init__(self, arm: WatchArm, order: int, servers: Servers) -> None:
        super().__init__(name=arm.name, daemon=True)
        self.arm = arm
        self.order = order
        self.api = RestWatch(servers) if arm.api == "rest" else GraphqlWatch(servers)
        self.seen: list[tuple[str, int]] = []
        self.error: Exception | None = None

    def run(self) -> None:
        """Watch to the last status, or until the connections are ended."""
        try:
            for status in self.arm.load(self.api, self.order):
                self.seen.append((status, perf_counter_ns()))
        except WatchEnded:
            pass
        except Exception as error:
            self.error = error  # raised by the thread that waits
        finally:
            self.api.network.ready.set()

    @property
    def view(self) -> list[str]:
        """The changes that it saw; the first status is not a change."""
        return [status for status, _ in self.seen if status != STATUSES[0]]


def end_all(watchers: Sequence[Watcher]) -> None:
    """End all threads, and close their connections."""
    for watcher in watchers:
        watcher.api.network.hang_up()
    ends = time.monotonic() + _HANGING_UP_S
    for watcher in watchers:
        if watcher.ident is not None:
            watcher.join(max(0.0, ends - time.monotonic()))
        watcher.api.close()
