"""Builds the part of the results document that tells of caching."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TypeAlias

from client_examples.comparison.arms.screen import Arm, GraphqlArm, Screen
from client_examples.comparison.results.caching import CachingPhase, Phase
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.timing import Sample, elapsed_ns
from client_examples.comparison.statistics import Ratio, compare, median_resamples, summarize


@dataclass
class Visit:
    """The loads by an arm in a phase: what the first one took, and the times of the others."""

    statuses: list[int]
    counts: Counts
    samples: list[Sample] = field(default_factory=list)

    @property
    def elapsed_ns(self) -> list[int]:
        """The times."""
        return elapsed_ns(self.samples)


Visits: TypeAlias = Mapping[tuple[Phase, str], Visit]  # by phase and name of the arm


def phases(screen: Screen) -> Iterator[tuple[Phase, list[Arm]]]:
    """The phases of the screen's visits, and the arms that load it in each.

    An arm with a cache comes after the one without that loads the same, where there is one.
    """
    if not screen.caching:
        return
    persisted: list[Arm] = [arm for arm in screen.caching if isinstance(arm, GraphqlArm)]
    if persisted:
        yield "first ever", persisted
    arms: list[Arm] = []
    for arm in screen.caching:
        arms += [one for one in (screen.uncached(arm), arm) if one is not None and one not in arms]
    yield "cold", arms
    yield "warm", arms
    if screen.changing is not None:
        yield "changed", arms


def caching_phases(screen: Screen, visits: Visits) -> list[CachingPhase]:
    """What is known of each phase so far."""
    return [
        _phase(screen, phase, arm, visits)
        for phase, arms in phases(screen)
        for arm in arms
        if (phase, arm.name) in visits
    ]


def _phase(screen: Screen, phase: Phase, arm: Arm, visits: Visits) -> CachingPhase:
    visit = visits[phase, arm.name]
    uncached = screen.uncached(arm) if arm in screen.caching else None
    beside = None
    if uncached is not None:
        beside = visits.get(("cold" if phase == "first ever" else phase, uncached.name))
    return CachingPhase(
        arm=arm.name,
        description=arm.description,
        phase=phase,
        uncached=None if uncached is None else uncached.name,
        statuses=visit.statuses,
        counts=visit.counts,
        samples=visit.samples,
        summary=summarize(visit.elapsed_ns),
        ratio=None if beside is None else _ratio(visit, beside),
    )


def _ratio(visit: Visit, beside: Visit) -> Ratio | None:
    left, right = visit.elapsed_ns, beside.elapsed_ns
    if not left or not right:
        return None
    return compare(
        median(left),
        median(right),
        median_resamples(left, "cached"),
        median_resamples(right, "uncached"),
        min(len(left), len(right)),
    )
