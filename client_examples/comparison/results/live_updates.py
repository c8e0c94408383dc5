"""Live updates: how late each arm saw the changes of an order.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison.statistics import Summary

Through: TypeAlias = Literal["rest", "graphql"]


@dataclass(frozen=True)
class SeenChange:
    """A change of an order's status, as one arm saw it; `order` counts the orders from 0.

    Both times begin just before another client sends the change `through` one of the servers. One
    ends when that client has its answer, the other when the watcher has decoded the new status. The
    watcher may be the first to know.
    """

    order: int
    status: str
    through: Through
    answered_ns: int
    seen_ns: int


@dataclass(frozen=True)
class WatchedOrder:
    """What an arm took to watch one order, from before its first change to after its last.

    Every exchange that was begun counts as a request; a stream is one, and so is the handshake of a
    WebSocket. Bytes are counted at the socket, inside TLS, with handshakes and frames;
    `server_timing_bytes` are a part of those received.
    """

    requests: int
    sent_bytes: int
    received_bytes: int
    server_timing_bytes: int

    @property
    def wire_bytes(self) -> int:
        """Both directions."""
        return self.sent_bytes + self.received_bytes


@dataclass(frozen=True)
class WatchArmResult:
    """How an arm watched: a `WatchedOrder` per order, and each change; the summary is of `seen_ns`.

    `idle_requests_per_hour` is computed: the requests that it sends while nothing happens.
    """

    name: str
    description: str
    code_lines: int | None
    idle_requests_per_hour: float
    orders: list[WatchedOrder]
    changes: list[SeenChange]
    summary: Summary | None


@dataclass(frozen=True)
class WatchResult:
    """A screen that was watched; `view` holds the changes in order, as all its arms saw them.

    An arm that polls asks every `interval_ms`. Two changes of an order are at least `apart_ms`
    apart, and at most an interval more.
    """

    name: str
    shows: str
    view: list[str]
    interval_ms: float
    apart_ms: float
    arms: list[WatchArmResult]
