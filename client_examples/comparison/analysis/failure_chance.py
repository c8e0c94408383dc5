"""The chance that a whole screen loads while exchanges fail at a known rate."""

from collections.abc import Sequence

from client_examples.clients.retries import RETRY
from client_examples.comparison.results.counts import Exchange
from client_examples.comparison.results.resilience import FailureChance


def failure_chance(exchanges: Sequence[Exchange], rate: float) -> FailureChance:
    """The chance that all exchanges succeed, where each fails independently at `rate`.

    With retries, a repeatable one fails only if all its attempts do.
    """
    attempts = 1 + int(RETRY.total or 0)
    repeatable = sum(one.repeatable for one in exchanges)
    others = len(exchanges) - repeatable
    return FailureChance(
        rate=rate,
        loads=(1 - rate) ** len(exchanges),
        loads_with_retries=(1 - rate**attempts) ** repeatable * (1 - rate) ** others,
    )
