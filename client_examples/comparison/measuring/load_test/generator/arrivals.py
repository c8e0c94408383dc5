"""When arrivals are due: a schedule that does not wait for answers (an open workload).

A client that sends its next request when it has the answer to the last one sends less when the
server is slow, and never sees how long the others would have waited (G. Tene calls it coordinated
omission). Here all arrivals are known beforehand, and each is timed from when it was due.
"""

import math
import random

from client_examples.comparison.results.load_test import FEWEST, LONGEST_S


def seconds_for(rate: float, step_s: float) -> float:
    """How long to hold a rate (s): long enough for a p99, up to a limit."""
    return max(step_s, min(LONGEST_S, FEWEST / rate))


def times(rate: float, seconds: float, seed: str) -> list[float]:
    """When each arrival is due, in seconds from the beginning, in order.

    A Poisson process, as of many independent people, given its expected number of arrivals: that
    many uniformly random moments.
    """
    generator = random.Random(seed)
    return sorted(generator.uniform(0, seconds) for _ in range(math.ceil(rate * seconds)))
