"""Timed loads, and what is derived from their times.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from client_examples.comparison.results.links import Link
from client_examples.comparison.statistics import Summary, Verdict


@dataclass(frozen=True)
class Sample:
    """One timed load: its position in the random order of loads, and its times."""

    position: int
    elapsed_ns: int
    db_ms: float | None


def elapsed_ns(samples: Sequence[Sample]) -> list[int]:
    """The times of the loads."""
    return [sample.elapsed_ns for sample in samples]


def floor_of(arm: str) -> str:
    """The name of the floor that is of the same server as an arm."""
    return f"floor/{arm.partition('/')[0]}"


@dataclass(frozen=True)
class FloorResult:
    """The least that a request to a server costs: "floor/rest" or "floor/graphql"."""

    name: str
    path: str
    samples: list[Sample]
    summary: Summary | None


@dataclass(frozen=True)
class LinkResult:
    """Loads over a simulated link, and the time that the model predicted for them.

    `rtt_ms` is what was asked for, `measured_rtt_ms` what one step really took longer over the
    link, by which the prediction is made: of a processor that has waited, it is more. None where it
    is not known, and in older documents, whose predictions are by `rtt_ms`. `bandwidth_mbit` is
    the rate down, of older documents the one for both directions; `name` is that of a profile.
    `relative_error` is (predicted - measured) / measured.
    """

    rtt_ms: float
    bandwidth_mbit: float | None
    cold: bool
    samples: list[Sample]
    median_ns: float | None
    predicted_ns: float | None
    relative_error: float | None
    name: str = ""
    up_mbit: float | None = None
    measured_rtt_ms: float | None = None

    @property
    def link(self) -> Link:
        """The link that was asked for."""
        up = self.bandwidth_mbit if self.up_mbit is None else self.up_mbit
        return Link(self.rtt_ms, self.bandwidth_mbit, up, self.name)


@dataclass(frozen=True)
class BreakEven:
    """At which round-trip time (RTT) one arm overtakes the other, by the model.

    "at": `ahead_below` is ahead below `rtt_ms`, and `ahead_above` above it; 95% of the bootstrap
    lie between `low_ms` and `high_ms`, where a low end of 0 means that `ahead_above` may be ahead
    from the start. "always": left is ahead at every RTT; "never": right is; `ahead_below` and
    `ahead_above` then name that arm. "level": both take as many round trips and tie at an RTT of 0,
    so neither is ever ahead. Only "at" has times.
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

    Two times `samples` loads were made in turn. In each of `repeats`, neighbours are assigned to
    left and right at random. `claimed_between_equals` is the share of repeats with a verdict, and
    `found` the share with the right verdict once one side's times are stretched by `difference`.
    `smallest_difference` is the difference that 95% of the repeats find;
    `smallest_difference_of_run` is the same for as many samples as the run had per arm.
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
