"""Counts the loads of a run as they are done."""

from collections.abc import Callable


class LoadCounter:
    """Counts the loads of a run.

    Args:
        total: how many there are to be.
        on_load: called after each load with the number of loads done and of all; not timed.
    """

    def __init__(self, total: int, on_load: Callable[[int, int], None]) -> None:
        self._total = total
        self._on_load = on_load
        self._done = 0

    def one_done(self) -> None:
        """One more load is done."""
        self._done += 1
        self._on_load(self._done, self._total)

    def left_out(self, number: int) -> None:
        """Count loads that are not made because time runs short."""
        self._done += number
