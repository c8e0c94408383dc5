"""Compares an arm with itself, to tell how often verdicts would be wrong on this machine now."""

from collections.abc import Sequence

import numpy as np

from client_examples.comparison.results.timing import Sample, SelfCheck
from client_examples.comparison.statistics import (
    CONFIDENCE,
    MATERIAL,
    Times,
    interval,
    median_resamples,
)

SAMPLES = 300  # loads on each side
REPEATS = 400
DIFFERENCE = 0.10


def self_check(
    screen: str,
    arm: str,
    loads: Sequence[Sample],
    run_samples: int,
    seed: int,
) -> SelfCheck | None:
    """Treat the loads of one arm as those of two arms, in pairs; None for fewer than 4 loads.

    Args:
        screen: the screen's name.
        arm: the arm's name.
        loads: in the order in which they were made.
        run_samples: how many loads each arm of the run had.
        seed: decides which of two neighbours is left and which is right.
    """
    samples = len(loads) // 2
    if samples < 2:
        return None
    elapsed = [one.elapsed_ns for one in loads[: 2 * samples]]
    times = np.array(elapsed, dtype=np.float64).reshape(samples, 2)
    intervals = ratio_intervals(times, REPEATS, seed)
    of_run = ratio_intervals(times[: max(2, min(run_samples, samples))], REPEATS, seed)
    return SelfCheck(
        screen=screen,
        arm=arm,
        samples=samples,
        repeats=REPEATS,
        claimed_between_equals=claimed(intervals),
        difference=DIFFERENCE,
        found=found(intervals, DIFFERENCE),
        smallest_difference=smallest_difference(intervals),
        smallest_difference_of_run=smallest_difference(of_run),
        loads=list(loads),
    )


def ratio_intervals(pairs: Times, repeats: int, seed: int) -> Times:
    """Low and high ends of the ratio's interval, a row per repeat.

    Each repeat swaps the two loads of a pair or not, at random, as a random order of two arms
    would. Drifts and bursts stay where they were, since only neighbours are swapped.
    """
    generator = np.random.default_rng(seed)
    rows = np.arange(len(pairs))
    found = []
    for repeat in range(repeats):
        first = generator.integers(0, 2, len(pairs))
        left = median_resamples(pairs[rows, first], f"left/{repeat}")
        right = median_resamples(pairs[rows, 1 - first], f"right/{repeat}")
        found.append(interval(left / right))
    return np.array(found)


def claimed(intervals: Times) -> float:
    """The share of repeats with a verdict."""
    return float(np.mean((intervals[:, 1] < 1 / MATERIAL) | (intervals[:, 0] > MATERIAL)))


def found(intervals: Times, difference: float) -> float:
    """The share of repeats with the right verdict if right's times were longer by `difference`.

    Longer times on the right divide the whole interval by `1 + difference`.
    """
    return float(np.mean(intervals[:, 1] / (1 + difference) < 1 / MATERIAL))


def smallest_difference(intervals: Times) -> float:
    """The smallest difference for which 95% of the repeats have the right verdict."""
    return float(np.quantile(intervals[:, 1], CONFIDENCE) * MATERIAL - 1)
