"""How much of a run's time each screen may take: a busy machine makes fewer loads instead."""

import time
from collections.abc import Iterable

from client_examples.comparison.analysis.network_model import network_ns
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import Settings

BUDGET_S, QUICK_BUDGET_S = 45.0, 7.0  # of 60 s and 10 s for a whole run over all screens
PROTOCOLS_BUDGET_S, QUICK_PROTOCOLS_BUDGET_S = 72.0, 15.0  # of 90 s and 20 s, over several
FEWEST = 8  # timed loads per arm, however long they take


class Budget:
    """The time that a run may take, from now on.

    Args:
        seconds: None for no limit.
        kept_s: seconds of it that are for something else.
    """

    def __init__(self, seconds: float | None, kept_s: float = 0.0) -> None:
        self._ends = None if seconds is None else time.monotonic() + seconds - kept_s
        self._deadline: float | None = None

    def begin_screen(self, screens_left: int, waiting_s: float) -> None:
        """Begin one of the screens left, whose loads over links wait `waiting_s` in all."""
        if self._ends is not None:
            now = time.monotonic()
            self._deadline = now + (self._ends - now - waiting_s) / screens_left

    def is_spent(self, loads: int) -> bool:
        """Whether the screen's time is over, after each arm was timed `loads` times."""
        return self._deadline is not None and loads >= FEWEST and time.monotonic() > self._deadline


def waiting_s(settings: Settings, counts: Iterable[Counts]) -> float:
    """How long the loads over links wait, for arms with these counts."""
    each = sum(network_ns(one, link) for one in counts for link in settings.links)
    return each * settings.link_samples * len(settings.protocols) / 1e9
