"""Turns: how many may be at something at the same time, and who has to wait."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from shared.errors import Unavailable
from shared.storage.connections import HandOver
from shared.storage.driver_errors import timed_out
from shared.storage.instrumentation import remaining_s


class Turns:
    """How many may be at something at the same time."""

    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)
        self._waiting: deque[None] = deque()  # one for each who waits

    @contextmanager
    def within(self, s: float, why: str) -> Iterator[None]:
        """Take a turn, waiting at most `s` seconds, and no longer than the request may take."""
        self._waiting.append(None)
        try:
            has_turn = self._free.acquire(timeout=max(0.0, min(remaining_s(), s)))
        finally:
            self._waiting.pop()
        if not has_turn:
            if remaining_s() <= 0:
                raise timed_out()
            raise Unavailable(f"the database does not answer now: {why}")
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Take a turn that is free, unless others wait for one, who might never have it.

        Raises:
            HandOver: there is none.
        """
        if self._waiting or not self._free.acquire(blocking=False):
            raise HandOver
        try:
            yield
        finally:
            self._free.release()
