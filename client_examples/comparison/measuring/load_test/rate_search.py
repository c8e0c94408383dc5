"""Which rate to try next: doubled until one is lost, then between the two, by halves.

A rate counts as lost when it was lost twice, so that a moment of other work on the machine does not
end the search.
"""

import math
from collections.abc import Sequence

from client_examples.comparison.results.load_test import NEAR, Limit, LoadStep

LEAST, GREATEST = 0.5, 100_000.0  # arrivals per second
TRIES = 2


def next_rate(steps: Sequence[LoadStep], first: float, greatest: float = GREATEST) -> float | None:
    """The rate of the next step, None when the search is over."""
    if not steps:
        return min(first, greatest)
    last = steps[-1]
    if not last.is_kept and last.rate not in _lost(steps):
        return last.rate
    kept, lost = highest(steps), min(_lost(steps), default=None)
    if lost is None:
        assert kept is not None
        return None if kept >= greatest else min(_even(2 * kept), greatest)
    if kept is None:
        return None if lost <= LEAST else max(_even(lost / 2), LEAST)
    between = _even(math.sqrt(kept * lost))
    return between if lost / kept > NEAR and kept < between < lost else None


def highest(steps: Sequence[LoadStep]) -> float | None:
    """The highest rate kept below the lowest one that was lost; None if there is none."""
    lost = min(_lost(steps), default=math.inf)
    return max((step.rate for step in steps if step.is_kept and step.rate < lost), default=None)


def limit_of(steps: Sequence[LoadStep], is_over: bool) -> Limit:
    """What limited the rate.

    Args:
        steps: all that were tried.
        is_over: whether the search came to its end; else its time was over.
    """
    lost = _lost(steps)
    if not is_over:
        return "time"
    if not lost:
        return "asked"
    at_least = [step for step in steps if step.rate == min(lost) and not step.is_kept]
    return "generator" if all(step.generator_was_late for step in at_least) else "server"


def _lost(steps: Sequence[LoadStep]) -> list[float]:
    lost = [step.rate for step in steps if not step.is_kept]
    return [rate for rate in set(lost) if lost.count(rate) >= TRIES]


def _even(rate: float) -> float:
    """Rounded to two digits, three from 1,000 on: nobody can tell the rest."""
    digits = 3 if rate >= 1000 else 2
    return float(f"{rate:.{digits}g}")
