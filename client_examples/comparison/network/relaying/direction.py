"""One direction of the link, in which the bytes of all connections pass one after the other."""

import asyncio
from collections.abc import Callable

MOST_AT_ONCE = 256 * 1024  # bytes read at once
_SEGMENT = 1460  # bytes, of TCP on Ethernet
_TURN_S = 0.001  # with a limit, bytes are read in portions that take so long, or a segment
_BACKLOG_S = 0.05  # nothing more is taken from the senders while so much waits to pass


class Direction:
    """When bytes arrive that pass this way, and how many have passed.

    They pass one after the other at the link's rate, and then take its delay. The queue keeps
    ideal times, so that the delays of this process do not add up.
    """

    def __init__(self) -> None:
        self.passed = 0
        self.delay_s = 0.0
        self._bytes_per_s: float | None = None
        self._free_at = 0.0
        self._waiting: list[Callable[[], None]] = []

    def set(self, delay_s: float, mbit: float | None) -> None:
        """From now on, have bytes take this delay, at this rate; None for no limit."""
        self.delay_s = delay_s
        self._bytes_per_s = None if mbit is None else mbit * 1e6 / 8
        self._free_at = 0.0

    @property
    def portion(self) -> int:
        """How many bytes to read at once, so that connections take turns."""
        if self._bytes_per_s is None:
            return MOST_AT_ONCE
        return min(max(int(self._bytes_per_s * _TURN_S), _SEGMENT), MOST_AT_ONCE)

    def arrival(self, now: float, size: int) -> float:
        """When the last of so many bytes arrives that are sent now; times are the loop's (s)."""
        self.passed += size
        if self._bytes_per_s is None:
            return now + self.delay_s
        self._free_at = max(now, self._free_at) + size / self._bytes_per_s
        return self._free_at + self.delay_s

    def is_full(self, now: float) -> bool:
        """Whether so much waits to pass that the senders are to wait."""
        return self._free_at - now > _BACKLOG_S

    def when_free(self, act: Callable[[], None]) -> None:
        """Act when there is room again: before nothing waits any more, so that no time is lost."""
        self._waiting.append(act)
        if len(self._waiting) == 1:
            asyncio.get_running_loop().call_at(self._free_at - _BACKLOG_S / 2, self._free)

    def _free(self) -> None:
        waiting, self._waiting = self._waiting, []
        for act in waiting:
            act()
