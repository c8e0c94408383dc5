"""What changed since an earlier run: counts exactly, times where it is more than noise."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from statistics import median
from typing import NamedTuple

from client_examples.comparison.analysis.regressions.measures import MEASURES, TIME
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.judging.regressions import Against, Change
from client_examples.comparison.results.timing import FloorResult, elapsed_ns, floor_of
from client_examples.comparison.statistics import (
    ENOUGH,
    Ratio,
    Times,
    compare,
    interval,
    median_resamples,
)

# Two runs differ by more than the loads of one do: other processes, memory, temperature.
MATERIAL_BETWEEN_RUNS = 1.10


class ArmOf(NamedTuple):
    """An arm as one run has it."""

    screen: ScreenResult
    arm: ArmResult

    @property
    def floor(self) -> FloorResult | None:
        """What the least request to its API took in that run, if it was timed."""
        name = floor_of(self.arm.name)
        return next((one for one in self.screen.floors if one.name == name and one.summary), None)


def arms_by_name(document: Document) -> dict[tuple[str, str], ArmOf]:
    """The arms of a run by the names of screen and arm."""
    return {
        (screen.name, arm.name): ArmOf(screen, arm)
        for screen in document.screens
        for arm in screen.arms
    }


def against(before: Document, now: Document) -> Against:
    """This run beside an earlier one."""
    old, new = arms_by_name(before), arms_by_name(now)
    both = [name for name in new if name in old]
    views = {screen.name: screen.view for screen in before.screens}
    return Against(
        began=before.began,
        complete=before.complete and not before.failures,
        revision=before.environment.get("revision"),
        compared=len(both),
        changes=[change for name in both for change in _changes(name, old[name], new[name])],
        floors=_floors(old, new),
        only_before=["/".join(name) for name in old if name not in new],
        only_now=["/".join(name) for name in new if name not in old],
        other_views=[
            screen.name
            for screen in now.screens
            if screen.name in views and views[screen.name] != screen.view
        ],
    )


def time_ratio(before: ArmOf, now: ArmOf) -> Ratio | None:
    """An arm's median now over that before, None where one was not timed.

    Where both runs timed the floor of its API beside it, the interval is wide enough to hold that
    of the ratio of their multiples of the floor too. So a machine that is slower now is no change
    of the arm, and neither is another floor alone.
    """
    old, new = before.arm.summary, now.arm.summary
    if old is None or new is None:
        return None
    medians = _medians(now.arm, "now"), _medians(before.arm, "before")
    ratio = compare(new.median_ns, old.median_ns, *medians, min(new.count, old.count))
    if before.floor is None or now.floor is None:
        return ratio
    floors = _medians(now.floor, "now"), _medians(before.floor, "before")
    low, high = interval(medians[0] / floors[0] / (medians[1] / floors[1]))
    return replace(ratio, low=min(low, ratio.low), high=max(high, ratio.high))


def _changes(name: tuple[str, str], before: ArmOf, now: ArmOf) -> Iterator[Change]:
    for measure, number_of in MEASURES.items():
        old, new = number_of(before.arm), number_of(now.arm)
        if old is None or new is None:
            continue
        if measure != TIME:
            if old != new and not _is_instrument(measure, before.arm, now.arm):
                yield Change(*name, measure, old, new)
            continue
        ratio = time_ratio(before, now)
        few = min(len(one.arm.samples) for one in (before, now)) < ENOUGH
        if ratio is not None and _is_material(ratio) and not few:
            yield Change(*name, measure, old, new, ratio.ratio, ratio.low, ratio.high)


def _is_instrument(measure: str, before: ArmResult, now: ArmResult) -> bool:
    """Whether only the bytes of `Server-Timing` differ, whose times have more digits or fewer."""
    old, new = (one.counts.wire_bytes - one.counts.server_timing_bytes for one in (before, now))
    return measure == "wire_bytes" and old == new


def _is_material(ratio: Ratio) -> bool:
    return ratio.low > MATERIAL_BETWEEN_RUNS or ratio.high < 1 / MATERIAL_BETWEEN_RUNS


def _medians(timed: ArmResult | FloorResult, seed: str) -> Times:
    return median_resamples(elapsed_ns(timed.samples), f"{timed.name} {seed}")


def _floors(
    before: Mapping[tuple[str, str], ArmOf], now: Mapping[tuple[str, str], ArmOf]
) -> dict[str, float]:
    """The median of each floor's ratios, of which each screen has one."""
    ratios: dict[str, dict[str, float]] = {}
    for name, arm in now.items():
        new, old = arm.floor, before[name].floor if name in before else None
        if new and new.summary and old and old.summary:
            ratio = new.summary.median_ns / old.summary.median_ns
            ratios.setdefault(new.name, {})[arm.screen.name] = ratio
    return {name: median(by_screen.values()) for name, by_screen in ratios.items()}
