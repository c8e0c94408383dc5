"""Counts the outcomes of a step, in one process and over all of them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from client_examples.comparison.results.load_test import BOUND_MS, LoadStep

LATE_MS = 10.0  # a generator that is later than this is itself a good part of the bound
BUSY = 0.9  # of a processor: one that has no time left


@dataclass
class Tally:
    """One process's part of a step; `took_ms` are infinite for those that failed."""

    planned: int = 0
    took_ms: list[float] = field(default_factory=list)
    late_ms: list[float] = field(default_factory=list)
    failed: int = 0
    unanswered: int = 0
    most_waiting: int = 0
    busy: float = 0.0
    gave_up: bool = False
    failure: str | None = None


def step_of(
    rate: float, seconds: float, parts: Sequence[Tally], bound_ms: float = BOUND_MS
) -> LoadStep:
    """The step, from the parts of all processes."""
    took = sorted(one for part in parts for one in part.took_ms)
    late = sorted(one for part in parts for one in part.late_ms)
    late_p99, busy = percentile(late, 0.99), max(part.busy for part in parts)
    p99 = percentile(took, 0.99)
    return LoadStep(
        rate=rate,
        seconds=seconds,
        planned=sum(part.planned for part in parts),
        arrivals=len(took),
        failed=sum(part.failed for part in parts),
        unanswered=sum(part.unanswered for part in parts),
        p50_ms=_finite(percentile(took, 0.5)),
        p99_ms=_finite(p99),
        late_p99_ms=late_p99,
        generator_busy=busy,
        most_waiting=sum(part.most_waiting for part in parts),
        is_kept=p99 < bound_ms and not any(part.gave_up for part in parts),
        generator_was_late=late_p99 > LATE_MS or busy > BUSY,
        failure=next((part.failure for part in parts if part.failure), None),
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The least of the values that so large a share of them does not exceed; 0 of none.

    Not interpolated, as some of them may be infinite (Hyndman and Fan's type 1).
    """
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
