"""Timed loads, and what was worked out from their times.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass
from typing import Literal

from client_examples.comparison.statistics import Summary, Verdict


@dataclass(frozen=True)
class Sample:
    """One timed load: its position in the order that it was part of, and its times."""

    position: int
    elapsed_ns: int
    db_ms: float | None


@dataclass(frozen=True)
class FloorResult:
    """The least that a request to a server costs: "floor/rest" or "floor/graphql"."""

    name: str
    path: str
    samples: list[Sample]
    summary: Summary | None


@dataclass(frozen=True)
class LinkResult:
    """Loads over a simulated link, and what the model said they would take.

    `relative_error` is (predicted - measured) / measured.
    """

    rtt_ms: float
    bandwidth_mbit: float | None
    cold: bool
    samples: list[Sample]
    median_ns: float | None
    predicted_ns: float | None
    relative_error: float | None


@dataclass(frozen=True)
class BreakEven:
    """At which round-trip time (RTT) one arm overtakes the other, by the model.

    "at": `ahead_below` is ahead below `rtt_ms`, `ahead_above` above it; 95% of the bootstrap lie
    between `low_ms` and `high_ms`, where 0 means that it may be ahead from the start.
    "always": left is ahead at every RTT; "never": right is. `ahead_below` and `ahead_above` are
    that arm. "level": as many round trips, and no material difference at an RTT of 0; neither is
    ahead. Only "at" has a time.
    """

    kind: Literal["at", "always", "never", "level"]
    rtt_ms: float | None
    low_ms: float | None
    high_ms: float | None
    ahead_below: str | None
    ahead_above: str | None


@dataclass(frozen=True)
class Pair:
    """Two arms compared: `ratio` is left's median over right's, with its 95% interval.

    The verdict is the side that is faster, "none" where there is no material difference.
    """

    left: str
    right: str
    ratio: float
    ratio_low: float
    ratio_high: float
    verdict: Verdict
    break_even: BreakEven


@dataclass(frozen=True)
class SelfCheck:
    """One arm against itself: how often the verdict would err on this machine now.

    Two times `samples` loads, taken in turn; over `repeats` random assignments of each two
    neighbours to left and right, `claimed_between_equals` is the share with a verdict, and
    `found` the share with the right one after one side's times were stretched by `difference`.
    `smallest_difference` is what is found in 95% of them; `smallest_difference_of_run` the same
    with as many samples as the run had per arm.
    """

    screen: str
    arm: str
    samples: int
    repeats: int
    claimed_between_equals: float
    difference: float
    found: float
    smallest_difference: float
    smallest_difference_of_run: float
    loads: list[Sample]
