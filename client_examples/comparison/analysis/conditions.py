"""Under which conditions screens are compared: how far away the servers are.

Each condition gives the times of a screen's arms. Times under other conditions (a protocol, a
browser, a cache) are added here, and the answer then has a column for each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from client_examples.comparison.analysis.network_model import link_at, network_ns, timed
from client_examples.comparison.analysis.ranking import timed as timed_arms
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.timing import elapsed_ns
from client_examples.comparison.statistics import Ratio, Times, compare

RTTS_MS = (0.0, 1.0, 20.0, 100.0, 300.0)
TYPICAL_RTT_MS = 20.0  # a server in the same country, over a wired link

_NS_PER_MS = 1e6


@dataclass(frozen=True)
class ArmTime:
    """An arm's time under a condition: its median and bootstrap resamples of it, in nanoseconds.

    `loads` are those that the median is of.
    """

    arm: ArmResult
    median_ns: float
    medians_ns: Times
    loads: int

    @property
    def name(self) -> str:
        """The arm's name."""
        return self.arm.name

    @property
    def ms(self) -> float:
        """The median in milliseconds."""
        return self.median_ns / _NS_PER_MS


Timing: TypeAlias = Callable[[ScreenResult], Sequence[ArmTime]]


@dataclass(frozen=True)
class Condition:
    """One column of the comparison.

    Attributes:
        name: its heading, such as `20 ms`.
        rtt_ms: the round-trip time between client and servers.
        times: a screen's timed arms under this condition, the fastest first.
        has_floors: whether what a constant answer takes is a part of them.
    """

    name: str
    rtt_ms: float
    times: Timing
    has_floors: bool = True


def conditions(document: Document) -> list[Condition]:
    """All conditions that the document has times for, the nearest first."""
    settings = document.settings
    nearest = "loopback" if settings.bandwidth_mbit is None else "0 ms"
    base = {
        screen.name: [_at_loopback(arm) for arm in timed_arms(screen)]
        for screen in document.screens
    }

    def over(link: Link) -> Timing:
        def times(screen: ScreenResult) -> list[ArmTime]:
            found = [_farther(one, link) for one in base[screen.name]]
            return sorted(found, key=lambda one: one.median_ns)

        return times

    named = {f"{rtt:g} ms" if rtt else nearest: link_at(settings, rtt) for rtt in RTTS_MS}
    named |= {link.name: link for link in settings.profiles}
    return [Condition(name, link.rtt_ms, over(link)) for name, link in named.items()]


def usual_condition(conditions: Sequence[Condition]) -> Condition:
    """The one at a usual distance between users and servers, or else the farthest."""
    usual = [one for one in conditions if one.rtt_ms == TYPICAL_RTT_MS]
    return usual[0] if usual else conditions[-1]


def ratio(slower: ArmTime, faster: ArmTime) -> Ratio:
    """How many times as long one takes as the other, with the 95% interval."""
    return compare(
        slower.median_ns,
        faster.median_ns,
        slower.medians_ns,
        faster.medians_ns,
        min(slower.loads, faster.loads),
    )


def _at_loopback(arm: ArmResult) -> ArmTime:
    assert arm.summary is not None
    samples = elapsed_ns(arm.samples)
    known = timed(arm.name, arm.summary.median_ns, samples, arm.counts)
    return ArmTime(arm, known.median_ns, known.medians_ns, known.loads)


def _farther(one: ArmTime, link: Link) -> ArmTime:
    added = network_ns(one.arm.counts, link)
    return ArmTime(one.arm, one.median_ns + added, one.medians_ns + added, one.loads)
