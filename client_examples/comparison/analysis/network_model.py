"""Times over a network, from what a load sends and its time without one.

    t(link) = t0 + trips * rtt + bytes up / rate up + bytes down / rate down

It leaves out TCP's slow start beyond the first 14 KB of an answer, jitter, lost packets, and TLS
but for the round trips of new connections; and while exchanges wait side by side, it counts no
bytes as transferred.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.links import Link
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
_NO_LINK = Link(0.0)


class Sized(Protocol):
    """What has a size on the wire."""

    @property
    def sent_bytes(self) -> float:
        """Bytes up."""

    @property
    def received_bytes(self) -> float:
        """Bytes down."""


class Passing(Sized, Protocol):
    """What a load takes of a network, over whichever protocol."""

    @property
    def trips(self) -> int:
        """Round trips that it waits for."""


@dataclass(frozen=True)
class TimedArm:
    """An arm's median without a network, with its resamples, and what the network adds to it.

    `loads` are those that the median is of.
    """

    name: str
    median_ns: float
    medians_ns: Times
    counts: Passing
    loads: int


def timed(name: str, median_ns: float, samples_ns: Sequence[int], counts: Passing) -> TimedArm:
    """The arm, with resamples that depend on its name and samples alone."""
    return TimedArm(name, median_ns, _resamples(name, tuple(samples_ns)), counts, len(samples_ns))


@lru_cache(maxsize=512)  # the tables of one report compare each arm over and over
def _resamples(name: str, samples_ns: tuple[int, ...]) -> Times:
    medians = median_resamples(samples_ns, name)
    medians.flags.writeable = False
    return medians


def link_at(settings: Settings, rtt_ms: float) -> Link:
    """The link at that distance, with the rates that the run was asked for."""
    down = settings.bandwidth_mbit
    return Link(rtt_ms, down, down if settings.up_mbit is None else settings.up_mbit)


def network_ns(counts: Passing, link: Link) -> float:
    """What a link adds to the time of a load."""
    return counts.trips * link.rtt_ms * _NS_PER_MS + transfer_ns(counts, link)


def transfer_ns(counts: Sized, link: Link) -> float:
    """How long the link takes for the bytes alone."""
    each = ((counts.sent_bytes, link.up_mbit), (counts.received_bytes, link.down_mbit))
    return sum(size * 8 / mbit * _NS_PER_BIT_AT_1_MBIT for size, mbit in each if mbit is not None)


def predicted_ms(median_ns: float, counts: Passing, link: Link = _NO_LINK) -> dict[str, float]:
    """The time at each of `PREDICTED_RTTS_MS`, which are the names, at the rates of the link."""
    return {
        f"{rtt:g}": (median_ns + network_ns(counts, replace(link, rtt_ms=rtt))) / _NS_PER_MS
        for rtt in PREDICTED_RTTS_MS
    }


def compared(left: TimedArm, right: TimedArm, link: Link = _NO_LINK) -> Ratio:
    """The two arms beside each other over a link; by default without one."""
    added = [network_ns(arm.counts, link) for arm in (left, right)]
    return compare(
        left.median_ns + added[0],
        right.median_ns + added[1],
        left.medians_ns + added[0],
        right.medians_ns + added[1],
        min(left.loads, right.loads),
    )


def paired(left: TimedArm, right: TimedArm, link: Link = _NO_LINK) -> Pair:
    """The two arms without a network, and where one overtakes the other at the link's rates."""
    ratio = compared(left, right)
    return Pair(
        left=left.name,
        right=right.name,
        ratio=ratio.ratio,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        verdict=ratio.verdict,
        break_even=break_even(left, right, link),
    )


def break_even(left: TimedArm, right: TimedArm, link: Link = _NO_LINK) -> BreakEven:
    """The round-trip time at which the two arms take the same time, at the rates of the link.

    Of two straight lines over the RTT, the one with fewer trips is ahead above where they cross.
    """
    fewer, more = sorted((left, right), key=lambda arm: arm.counts.trips)
    trips = more.counts.trips - fewer.counts.trips
    if trips == 0:
        at_zero = compared(left, right, replace(link, rtt_ms=0.0))
        return _everywhere(left, {"left": left, "right": right}.get(at_zero.verdict))
    transfer = transfer_ns(fewer.counts, link) - transfer_ns(more.counts, link)
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
