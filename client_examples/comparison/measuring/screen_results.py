"""Builds a screen's part of the results document."""

from dataclasses import dataclass, field, replace
from itertools import combinations
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from client_examples.comparison.analysis.caveats import screen_caveats
from client_examples.comparison.analysis.failure_chance import failure_chance
from client_examples.comparison.analysis.network_model import (
    TimedArm,
    link_at,
    paired,
    predicted_ms,
    timed,
)
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.loading.code_lines import code_lines
from client_examples.comparison.loading.floor import floors
from client_examples.comparison.loading.load import Load
from client_examples.comparison.measuring.building.caching import Visit, caching_phases
from client_examples.comparison.measuring.building.links import Steps, link_results
from client_examples.comparison.measuring.building.protocols import (
    OverProtocol,
    protocol_floors,
    protocol_results,
)
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.caching import Phase
from client_examples.comparison.results.counts import Counts, Exchange, StaticCost
from client_examples.comparison.results.document import ArmResult, ScreenResult, Settings
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.resilience import ResilienceResult
from client_examples.comparison.results.timing import FloorResult, Sample, elapsed_ns, floor_of
from client_examples.comparison.statistics import Summary, summarize


@dataclass
class Measured:
    """What is known of a screen so far; samples and results by the name of the arm or floor.

    `loads` are the exchanges of the timed loads, by arm and position. `links` are by link and arm,
    `visits` by phase and arm. `costs` are those that the server told.
    """

    view: Any
    reference: str
    counted: dict[str, tuple[Load, Counts]]
    warm_up_order: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    loads: dict[str, dict[int, list[Exchange]]] = field(default_factory=dict)
    link_orders: dict[Link, list[str]] = field(default_factory=dict)
    links: dict[Link, dict[str, list[Sample]]] = field(default_factory=dict)
    resilience: dict[str, list[ResilienceResult]] = field(default_factory=dict)
    visits: dict[tuple[Phase, str], Visit] = field(default_factory=dict)
    costs: dict[str, StaticCost] = field(default_factory=dict)
    protocols: dict[Protocol, OverProtocol] = field(default_factory=dict)


def screen_result(
    screen: Screen, measured: Measured, settings: Settings, steps: Steps
) -> ScreenResult:
    """The screen's part of the document; `steps` are those of the whole run."""
    timed_arms = _timed_arms(screen, measured)
    results = {
        name: FloorResult(
            name,
            urlsplit(address).path or "/",
            measured.samples.get(name, []),
            summarize(elapsed_ns(measured.samples.get(name, []))),
        )
        for name, address in floors(settings).items()
    }
    arms = [
        _arm_result(arm, measured, settings, steps, timed_arms.get(arm.name), results)
        for arm in screen.arms
    ]
    return ScreenResult(
        name=screen.name,
        shows=screen.shows,
        view=measured.view,
        warm_up_order=measured.warm_up_order,
        order=measured.order,
        link_orders={link.label: order for link, order in measured.link_orders.items()},
        floors=list(results.values()),
        arms=arms,
        pairs=[
            paired(left, right, link_at(settings, 0.0))
            for left, right in combinations(timed_arms.values(), 2)
        ],
        doubts=screen_caveats(screen.name, arms),
        caching=caching_phases(screen, measured.visits),
        protocol_floors=protocol_floors(measured.protocols),
    )


def _timed_arms(screen: Screen, measured: Measured) -> dict[str, TimedArm]:
    arms = {}
    for arm in screen.arms:
        samples = elapsed_ns(measured.samples.get(arm.name, []))
        if samples:
            counts = measured.counted[arm.name][1]
            arms[arm.name] = timed(arm.name, float(median(samples)), samples, counts)
    return arms


def _arm_result(
    arm: Arm,
    measured: Measured,
    settings: Settings,
    steps: Steps,
    timed_arm: TimedArm | None,
    floor_results: dict[str, FloorResult],
) -> ArmResult:
    load, counts = measured.counted[arm.name]
    samples = measured.samples.get(arm.name, [])
    summary = None if timed_arm is None else summarize(elapsed_ns(samples), timed_arm.medians_ns)
    predicted = {}
    if summary is not None:
        predicted = predicted_ms(summary.median_ns, counts, link_at(settings, 0.0))
    floor = floor_results.get(floor_of(arm.name))
    return ArmResult(
        name=arm.name,
        description=arm.description,
        code_lines=code_lines(arm),
        counts=counts,
        exchanges=_typical(load.exchanges, samples, measured.loads.get(arm.name, {})),
        samples=samples,
        summary=summary,
        floor_share=_floor_share(floor, summary, counts),
        links=link_results(
            settings.protocols[0], arm.name, measured.links, steps, summary, counts, settings
        ),
        predicted_ms=predicted,
        failure=failure_chance(load.exchanges, settings.failure_rate),
        resilience=measured.resilience.get(arm.name, []),
        cost=measured.costs.get(arm.name),
        protocols=protocol_results(arm.name, measured.protocols, steps, settings),
    )


def _typical(
    counted: list[Exchange], samples: list[Sample], loads: dict[int, list[Exchange]]
) -> list[Exchange]:
    """The exchanges as counted, at the times of the timed load nearest to the median."""
    if not samples:
        return counted
    middle = median(elapsed_ns(samples))
    nearest = min(samples, key=lambda sample: abs(sample.elapsed_ns - middle))
    return [
        replace(one, start_ns=at.start_ns, end_ns=at.end_ns)
        for one, at in zip(counted, loads[nearest.position], strict=True)
    ]


def _floor_share(
    floor: FloorResult | None, summary: Summary | None, counts: Counts
) -> float | None:
    if floor is None or floor.summary is None or summary is None:
        return None
    return counts.rounds * floor.summary.median_ns / summary.median_ns
