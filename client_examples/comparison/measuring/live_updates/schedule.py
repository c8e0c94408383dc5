"""When each watched order changes, and through which server.

All arms watch at the same time, each an order of its own: one order for all would wake all of them
at the same moment, and they would compete for processors and for the interpreter. For the same
reason no two changes are planned nearer to each other than `NEAREST_S`. One arm after the other
would take five times as long, and show the same.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from client_examples.comparison.arms.live.screen import CHANGES, INTERVAL_S
from client_examples.comparison.results.live_updates import Through

# Between two changes of an order: this, plus 0 to one interval at random. So a poll can see each
# change by itself, and every offset within the interval is equally likely.
APART_S = INTERVAL_S + 0.05
NEAREST_S = 0.02
_TRIES = 1000


@dataclass(frozen=True)
class Change:
    """A change of an arm's order, in seconds after all watchers are ready."""

    at_s: float
    arm: str
    status: str
    through: Through


def plan(arms: Sequence[str], order: int, seed: str) -> list[Change]:
    """The changes of the `order`-th order (from 0) of each arm, the earliest first.

    Half of each arm's changes go through REST, half through GraphQL. The same seed gives the same.
    """
    generator = random.Random(f"{seed}/{order}")
    for _ in range(_TRIES):
        changes = [
            Change(at_s, arm, status, "rest" if (order + place + step) % 2 == 0 else "graphql")
            for place, arm in enumerate(arms)
            for step, (status, at_s) in enumerate(zip(CHANGES, _times(generator), strict=True))
        ]
        changes.sort(key=lambda change: change.at_s)
        if all(b.at_s - a.at_s >= NEAREST_S for a, b in pairwise(changes)):
            return changes
    return changes  # with many arms there is no room: some changes are nearer


def _times(generator: random.Random) -> list[float]:
    """When one order's changes are, in seconds."""
    at_s = generator.uniform(0, INTERVAL_S)
    times = [at_s]
    for _ in CHANGES[1:]:
        at_s += APART_S + generator.uniform(0, INTERVAL_S)
        times.append(at_s)
    return times


def watching_s(orders: int) -> float:
    """About how long it takes to watch so many orders one after the other."""
    return orders * (len(CHANGES) * INTERVAL_S + len(CHANGES[1:]) * APART_S)
