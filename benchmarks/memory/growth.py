"""Whether a series grows, by its slope: a median of slopes, with an interval that assumes no curve.

Theil's and Sen's estimator: the median of the slopes between all pairs of points. Its interval is
the slopes whose ranks lie within 1.96 standard deviations of Kendall's statistic (P. K. Sen,
Estimates of the regression coefficient based on Kendall's tau, 1968). It takes the points as
independent; memory that comes in steps is less so, and then the interval is too narrow.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

_Z = 1.96  # of 95%


@dataclass(frozen=True)
class Slope:
    """Of y by x, with its 95% interval."""

    median: float
    low: float
    high: float


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """The slope of a line through the points.

    Raises:
        ValueError: they are fewer than 3.
    """
    if len(points) < 3:
        raise ValueError(f"a slope with an interval takes 3 points, got {len(points)}")
    slopes = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(points, 2))
    n, count = len(points), len(slopes)
    within = _Z * math.sqrt(n * (n - 1) * (2 * n + 5) / 18)
    low = max(0, round((count - within) / 2) - 1)
    high = min(count - 1, round((count + within) / 2))
    return Slope(median(slopes), slopes[low], slopes[high])
