"""Times over a network, from the counts of a load and its time without one.

    t(rtt, bandwidth) = t0 + trips * rtt + wire bytes / bandwidth

It leaves out TCP's slow start beyond the first 14 KB of an answer, loss, and TLS but for the
round trips of new connections; and while exchanges wait side by side, it counts no bytes as
transferred.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from client_examples.comparison.results.timing import BreakEven, Pair
from client_examples.comparison.statistics import (
    Ratio,
    Times,
    compare,
    interval,
    median_resamples,
)

PREDICTED_RTTS_MS = (0.0, 1.0, 20.0, 100.0, 300.0)

_NS_PER_MS = 1e6
_NS_PER_BIT_AT_1_MBIT = 1e3


class Passing(Protocol):
    """What a load takes of a network, over whichever protocol."""

    @property
    def trips(self) -> int:
        """Round trips that it waits for."""

    @property
    def wire_bytes(self) -> int:
        """Bytes, both ways."""


@dataclass(frozen=True)
class TimedArm:
    """An arm's median without a network, with its resamples, and what the network adds to it."""

    name: str
    median_ns: float
    medians_ns: Times
    counts: Passing


def timed(name: str, median_ns: float, samples_ns: Sequence[int], counts: Passing) -> TimedArm:
    """The arm, with resamples that depend on its name and samples alone."""
    return TimedArm(name, median_ns, median_resamples(samples_ns, name), counts)


def network_ns(counts: Passing, rtt_ms: float, bandwidth_mbit: float | None) -> float:
    """What a link adds to the time of a load."""
    transfer = 0.0
    if bandwidth_mbit is not None:
        transfer = counts.wire_bytes * 8 / bandwidth_mbit * _NS_PER_BIT_AT_1_MBIT
    return counts.trips * rtt_ms * _NS_PER_MS + transfer


def predicted_ms(
    median_ns: float, counts: Passing, bandwidth_mbit: float | None
) -> dict[str, float]:
    """The time of a load at each of `PREDICTED_RTTS_MS`, which are the names."""
    return {
        f"{rtt:g}": (median_ns + network_ns(counts, rtt, bandwidth_mbit)) / _NS_PER_MS
        for rtt in PREDICTED_RTTS_MS
    }


def compared(
    left: TimedArm, right: TimedArm, rtt_ms: float = 0.0, bandwidth_mbit: float | None = None
) -> Ratio:
    """The two arms beside each other over a link; by default without one."""
    added = [network_ns(arm.counts, rtt_ms, bandwidth_mbit) for arm in (left, right)]
    return compare(
        left.median_ns + added[0],
        right.median_ns + added[1],
        left.medians_ns + added[0],
        right.medians_ns + added[1],
    )


def paired(left: TimedArm, right: TimedArm, bandwidth_mbit: float | None) -> Pair:
    """The two arms beside each other without a network, and where one overtakes the other."""
    ratio = compared(left, right)
    return Pair(
        left=left.name,
        right=right.name,
        ratio=ratio.ratio,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        verdict=ratio.verdict,
        break_even=break_even(left, right, bandwidth_mbit),
    )


def break_even(left: TimedArm, right: TimedArm, bandwidth_mbit: float | None = None) -> BreakEven:
    """The round-trip time at which the two arms take the same time.

    Of two straight lines over the RTT, the one with fewer trips is ahead above where they cross.
    """
    fewer, more = sorted((left, right), key=lambda arm: arm.counts.trips)
    trips = more.counts.trips - fewer.counts.trips
    if trips == 0:
        at_zero = compared(left, right, 0.0, bandwidth_mbit)
        return _everywhere(left, {"left": left, "right": right}.get(at_zero.verdict))
    transfer = network_ns(fewer.counts, 0, bandwidth_mbit) - network_ns(
        more.counts, 0, bandwidth_mbit
    )
    scale = trips * _NS_PER_MS
    crossing = (fewer.median_ns - more.median_ns + transfer) / scale
    low, high = interval((fewer.medians_ns - more.medians_ns + transfer) / scale)
    if high <= 0:
        return _everywhere(left, fewer)
    return BreakEven(
        kind="at",
        rtt_ms=max(0.0, crossing),
        low_ms=max(0.0, low),
        high_ms=high,
        ahead_below=more.name,
        ahead_above=fewer.name,
    )


def _everywhere(left: TimedArm, ahead: TimedArm | None) -> BreakEven:
    if ahead is None:
        return BreakEven("level", None, None, None, None, None)
    return BreakEven(
        "always" if ahead is left else "never", None, None, None, ahead.name, ahead.name
    )
