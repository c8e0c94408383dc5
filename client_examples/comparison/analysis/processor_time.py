"""What screens cost the servers, as a condition: its times are those of a processor.

So standings and opportunities are found by the same functions as those of the clock.
"""

from dataclasses import dataclass

import numpy as np

from client_examples.comparison.analysis.conditions import ArmTime, Condition, ratio
from client_examples.comparison.analysis.ranking import api_of
from client_examples.comparison.results.cpu import CpuArm
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.statistics import median_resamples

_NS_PER_MS = 1e6


@dataclass(frozen=True)
class Pair:
    """A GraphQL arm beside a REST arm of the same screen, of which one costs materially less."""

    screen: str
    rest: ArmTime
    graphql: ArmTime

    @property
    def share(self) -> float:
        """GraphQL's time over REST's."""
        return self.graphql.median_ns / self.rest.median_ns


def processor_time(document: Document) -> Condition | None:
    """Each arm's time of the server's processors; None where it was not measured."""
    if document.cpu is None or not document.cpu.screens:
        return None
    known = {
        screen.name: {arm.name: arm for arm in screen.arms if arm.cpu_ms is not None}
        for screen in document.cpu.screens
    }

    def times(screen: ScreenResult) -> list[ArmTime]:
        costs = known.get(screen.name, {})
        found = [_time(arm, costs[arm.name]) for arm in screen.arms if arm.name in costs]
        return sorted(found, key=lambda one: one.median_ns)

    def _time(arm: ArmResult, cost: CpuArm) -> ArmTime:
        samples = np.asarray(cost.samples_ms) * _NS_PER_MS
        medians = median_resamples(samples, f"{document.settings.seed}/{arm.name}")
        return ArmTime(arm, (cost.cpu_ms or 0.0) * _NS_PER_MS, medians, len(samples))

    return Condition("the servers' processors", 0.0, times, has_floors=False)


def pairs(document: Document, condition: Condition) -> list[Pair]:
    """All GraphQL arms beside all REST arms, where the difference is material."""
    return [
        Pair(screen.name, rest, graphql)
        for screen in document.screens
        for rest in condition.times(screen)
        for graphql in condition.times(screen)
        if api_of(rest.name) == "REST"
        and api_of(graphql.name) == "GraphQL"
        and ratio(graphql, rest).verdict != "none"
    ]
