"""Statistics of timed loads: medians with intervals, and the ratio of two medians.

Intervals are percentile bootstraps of the median (Efron and Tibshirani, An Introduction to the
Bootstrap, 13.3).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Times: TypeAlias = NDArray[np.float64]
Verdict: TypeAlias = Literal["left", "right", "none"]

MATERIAL = 1.05  # a ratio nearer to 1 than this, or than its inverse, is no material difference
CONFIDENCE = 0.95
RESAMPLES = 10_000
# The least and the greatest of n samples enclose the median with a probability of 1 - 2^(1-n)
# (David and Nagaraja, Order Statistics, 7.1): fewer than this have no interval of 95%.
ENOUGH = math.ceil(1 - math.log2(1 - CONFIDENCE))


def samples_for(percentile: float) -> int:
    """How many samples it takes for one to lie beyond the percentile (0 to 1) with 95% probability.

    With fewer, the percentile says little more than which sample was the slowest.
    """
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(percentile))


SAMPLES_FOR_P95 = samples_for(0.95)  # 59
SAMPLES_FOR_P99 = samples_for(0.99)  # 299


@dataclass(frozen=True)
class Summary:
    """Nanoseconds; percentiles are linear between samples (Hyndman and Fan's type 7).

    `median_low_ns` to `median_high_ns` is the 95% interval of the median; `p95_ns` and `p99_ns`
    are None of too few samples; `spread` is the interquartile range over the median.
    """

    count: int
    median_ns: float
    median_low_ns: float
    median_high_ns: float
    p95_ns: float | None
    p99_ns: float | None
    mean_ns: float
    spread: float


@dataclass(frozen=True)
class Ratio:
    """One median over another, with its 95% interval, and which of them is the faster one."""

    ratio: float
    low: float
    high: float
    verdict: Verdict


def median_resamples(samples: Sequence[float] | Times, seed: str) -> Times:
    """The medians of `RESAMPLES` bootstrap resamples.

    A resample draws n indices evenly, and its median is the sample at the middle one of them. So
    the middle index is drawn directly: of n even random numbers in order, the m-th follows a beta
    distribution with m and n + 1 - m, and the next one lies above it as the least of n - m.
    """
    ordered = np.sort(np.asarray(samples, dtype=np.float64))
    n = len(ordered)
    m = (n + 1) // 2
    generator = np.random.default_rng(list(seed.encode()))
    lower = generator.beta(m, n + 1 - m, RESAMPLES)
    medians = ordered[_index(lower, n)]
    if n % 2 == 0:
        upper = lower + (1 - lower) * generator.beta(1, n - m, RESAMPLES)
        medians = (medians + ordered[_index(upper, n)]) / 2
    return np.asarray(medians)


def interval(values: Times) -> tuple[float, float]:
    """The middle 95% of the values."""
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def summarize(samples_ns: Sequence[int], medians: Times | None = None) -> Summary | None:
    """The summary of times in nanoseconds, None of none.

    Args:
        samples_ns: the times.
        medians: their `median_resamples`, where they are at hand.
    """
    if not samples_ns:
        return None
    times = np.asarray(samples_ns, dtype=np.float64)
    low, high = interval(median_resamples(times, "") if medians is None else medians)
    quarter, median, three_quarters = np.quantile(times, [0.25, 0.5, 0.75])
    return Summary(
        count=len(times),
        median_ns=float(median),
        median_low_ns=low,
        median_high_ns=high,
        p95_ns=float(np.quantile(times, 0.95)) if len(times) >= SAMPLES_FOR_P95 else None,
        p99_ns=float(np.quantile(times, 0.99)) if len(times) >= SAMPLES_FOR_P99 else None,
        mean_ns=float(times.mean()),
        spread=float((three_quarters - quarter) / median) if median else 0.0,
    )


def compare(
    left: float, right: float, left_medians: Times, right_medians: Times, samples: int
) -> Ratio:
    """Two medians beside each other, given the bootstrap resamples of each.

    A winner is named only if the whole interval is more than 5% away from 1, on one side, and both
    medians are of `ENOUGH` samples.

    Args:
        left: a median.
        right: another one.
        left_medians: resamples of the first. Likewise `right_medians`.
        right_medians: see `left_medians`.
        samples: how many there are, of that median that has fewer.
    """
    low, high = interval(left_medians / right_medians)
    return Ratio(left / right, low, high, verdict(low, high) if samples >= ENOUGH else "none")


def _index(even: Times, n: int) -> NDArray[np.intp]:
    """Indices from even random numbers; the greatest of these may round up to 1."""
    return np.minimum((even * n).astype(np.intp), n - 1)


def verdict(low: float, high: float) -> Verdict:
    """The faster side by the interval of left's time over right's."""
    if high < 1 / MATERIAL:
        return "left"
    return "right" if low > MATERIAL else "none"
