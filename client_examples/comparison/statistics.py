"""What samples say of a time."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

SAMPLES_FOR_P95 = 20  # fewer hold no value beyond the 95th percentile


@dataclass(frozen=True)
class Summary:
    """Milliseconds; percentiles are linear between samples (Hyndman and Fan's type 7)."""

    samples: int
    median_ms: float
    p95_ms: float | None
    fastest_ms: float
    slowest_ms: float


def summarize(samples_ns: Sequence[int]) -> Summary | None:
    """The summary of times in nanoseconds, None of none; no p95 of fewer than 20."""
    if not samples_ns:
        return None
    times = np.asarray(samples_ns, dtype=np.float64) / 1e6
    enough = len(times) >= SAMPLES_FOR_P95
    return Summary(
        samples=len(times),
        median_ms=float(np.median(times)),
        p95_ms=float(np.percentile(times, 95)) if enough else None,
        fastest_ms=float(times.min()),
        slowest_ms=float(times.max()),
    )
