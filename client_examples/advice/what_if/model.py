"""What a plan takes: requests, steps, bytes, and by the comparison's model its time over a network.

Connections are open already, but for preflights, each of which takes a round trip more.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from client_examples.advice.what_if.plan import Ask, Plan, levels
from client_examples.comparison.analysis.network_model import (
    TimedArm,
    break_even,
    network_ns,
    predicted_ms,
    timed,
)
from client_examples.comparison.arms.counting import count
from client_examples.comparison.arms.exchanges import trips
from client_examples.comparison.arms.leaves import LeafLedger
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.results.counts import Counts, Exchange
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.timing import BreakEven

MULTIPLEXED = 100  # requests at once over one connection of HTTP/2, as servers usually allow
_NS_PER_MS = 1e6

Rates: TypeAlias = tuple[float, float] | None  # Mbit/s down and up; None for no limit


@dataclass(frozen=True)
class Outcome:
    """What a plan takes.

    Attributes:
        requests: API calls; preflights are not counted.
        preflights: these.
        steps: round trips that wait for each other.
        bytes_low: sent and received, at least.
        bytes_high: at most; the times are computed of it.
        server_ms: the time without a network: what the servers take, step by step.
        counts: the same as the comparison has it.
    """

    requests: int
    preflights: int
    steps: int
    bytes_low: int
    bytes_high: int
    server_ms: float
    counts: Counts

    def ms(self, rtt_ms: float, rates: Rates = None) -> float:
        """The time over a link."""
        link = _link(rtt_ms, rates)
        return self.server_ms + network_ns(self.counts, link) / _NS_PER_MS

    def predicted(self, rates: Rates) -> dict[str, float]:
        """The times in ms by round-trip time, as the comparison predicts an arm's."""
        link = _link(0.0, rates)
        return predicted_ms(self.server_ms * _NS_PER_MS, self.counts, link)

    def overtakes(self, other: "Outcome", rates: Rates) -> BreakEven:
        """At which round-trip time this one (`left`) is ahead of the other (`right`)."""
        link = _link(0.0, rates)
        return break_even(self._arm("left"), other._arm("right"), link)

    def _arm(self, name: str) -> TimedArm:
        time_ns = max(1.0, self.server_ms * _NS_PER_MS)
        return timed(name, time_ns, [int(time_ns)], self.counts)


def _link(rtt_ms: float, rates: Rates) -> Link:
    return Link(rtt_ms, *(rates or ()))


def outcome(plan: Plan, *, by_data: bool, http2: bool = False) -> Outcome:
    """What a plan takes.

    Args:
        plan: what is asked for.
        by_data: whether each is asked for as soon as what it needs is there, instead of as it was.
        http2: whether all goes over HTTP/2, instead of what it was recorded over.
    """
    steps, server_ms = 0, 0.0
    exchanges: list[Exchange] = []
    for level in levels(plan, by_data=by_data):
        by_origin: dict[str, list[tuple[Ask, Exchange]]] = {}
        for ask in level:
            exchange = _exchange(ask, len(exchanges))
            by_origin.setdefault(ask.origin, []).append((ask, exchange))
        each = [_level(found, http2=http2) for found in by_origin.values()]
        steps += max(found for found, _ in each)
        server_ms += max(took for _, took in each)
        exchanges += [exchange for found in by_origin.values() for _, exchange in found]
    counts = replace(count(exchanges, LeafLedger()), rounds=steps, trips=steps)
    saved = sum(ask.received - ask.least for ask in plan)
    return Outcome(
        requests=len(plan),
        preflights=sum(ask.preflight is not None for ask in plan),
        steps=steps,
        bytes_low=counts.wire_bytes - saved,
        bytes_high=counts.wire_bytes,
        server_ms=server_ms,
        counts=counts,
    )


def _level(found: Sequence[tuple[Ask, Exchange]], *, http2: bool) -> tuple[int, float]:
    """Steps and the servers' time of what is asked for side by side at one origin."""
    at_once = MULTIPLEXED if http2 or is_multiplexed(ask for ask, _ in found) else AT_ONCE
    steps = trips([exchange for _, exchange in found], at_once)
    return steps, _makespan((ask.server_ms for ask, _ in found), at_once)


def is_multiplexed(asks: Iterable[Ask]) -> bool:
    """Whether they were recorded over HTTP/2 or later."""
    return any(ask.calls[0].protocol in ("HTTP/2", "HTTP/3") for ask in asks)


def _makespan(times_ms: Iterable[float], at_once: int) -> float:
    free = [0.0] * at_once
    for one in times_ms:
        heapq.heapreplace(free, free[0] + one)
    return max(free)


def _exchange(ask: Ask, level: int) -> Exchange:
    """An ask as the comparison counts exchanges; what is not asked of it is left at nothing."""
    preflight = ask.preflight or 0
    return Exchange(
        method=ask.calls[0].method, path="", status=ask.calls[0].status, level=level, round=0,
        start_ns=0, end_ns=0, repeatable=True, new_connection=False,
        connection_trips=0 if ask.preflight is None else 1,
        sent_head_bytes=ask.sent, sent_body_bytes=0, received_head_bytes=ask.received + preflight,
        received_body_bytes=0, server_timing_bytes=0, body_bytes=0, encoded_body_bytes=0,
        statements=None, db_ms=None, server_ms=ask.server_ms,
    )  # fmt: skip
