"""What changed since an earlier run, and whether a performance budget was kept.

Times are milliseconds.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol

Outcome: TypeAlias = Literal["kept", "broken", "within noise", "not known"]


@dataclass(frozen=True)
class Change:
    """A number of an arm that is another one than in the earlier run.

    `measure` is one of `analysis/regressions/measures.py`. Of a time, `ratio` is now over before,
    with its 95% interval; where both runs timed the floor of its API, that holds the interval of
    the ratio as multiples of the floor too. It is None of counts.
    """

    screen: str
    arm: str
    measure: str
    before: float
    now: float
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None


@dataclass(frozen=True)
class Against:
    """This run beside an earlier one, which began at `began` at the commit `revision`.

    `changes` are those beyond noise, of `compared` arms that both runs have. `floors` are the
    medians of the floors now over before, by their names. `only_before` and `only_now` name arms as
    screen/arm that one of the runs has, `other_views` the screens that show something else now.
    Not `complete` if the earlier run did not end, or screens of it failed.
    """

    began: str
    revision: str | None
    compared: int
    changes: list[Change]
    floors: dict[str, float] = field(default_factory=dict)
    only_before: list[str] = field(default_factory=list)
    only_now: list[str] = field(default_factory=list)
    other_views: list[str] = field(default_factory=list)
    complete: bool = True


@dataclass(frozen=True)
class Limit:
    """The most that a number of an arm may be.

    `screen` and `arm` may be patterns as of file names. `most` is in the measure's unit, or with
    `of`, which is another arm or "before" (the same arm in the earlier run), times as much as that.
    `over` is the protocol that the number is of, by default what the servers themselves speak. A
    time is of loopback, or of the simulated link of that round-trip time or profile.
    """

    screen: str
    arm: str
    measure: str
    most: float
    of: str = ""
    over: Protocol | None = None
    rtt_ms: float | None = None
    network: str = ""

    @property
    def is_over_link(self) -> bool:
        """Whether it is for a time over a link."""
        return self.rtt_ms is not None or bool(self.network)

    def is_over(self, link: Link) -> bool:
        """Whether it is that link."""
        return link.name == self.network and self.rtt_ms in (None, link.rtt_ms)

    @property
    def condition(self) -> str:
        """Where it holds, such as `http2, 20 ms`; "" for the servers' own protocol at loopback."""
        link = self.network or ("" if self.rtt_ms is None else f"{self.rtt_ms:g} ms")
        return ", ".join(filter(None, (self.over, link)))


@dataclass(frozen=True)
class LimitResult:
    """A limit for one arm, beside what was found.

    `allowed` and `found` are in the measure's unit, None where they are not known; `why` says what
    is missing. A time is "broken" if its whole 95% interval is above the limit; "within noise" if a
    part of that is, or if it is of too few loads to have one.
    """

    limit: Limit
    allowed: float | None
    found: float | None
    outcome: Outcome
    why: str = ""
