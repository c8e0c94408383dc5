"""Turns: how many may be at something at the same time, and who has to wait."""

import random
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.engine.interfaces import DBAPICursor

from shared.errors import Unavailable
from shared.storage.connections import HandOver
from shared.storage.driver_errors import is_busy, timed_out
from shared.storage.engines import BUSY_TIMEOUT_MS
from shared.storage.instrumentation import remaining_s

_LOOK_S: Final = (0.0002, 0.001)  # between two tries, by chance: others may write to a rhythm


def begin_write(cursor: DBAPICursor, s: float) -> None:
    """Begin a write on SQLite as soon as no other process writes, within so many seconds.

    SQLite itself would try 59 times in 5 s, at last every 100 ms. A process that writes without a
    pause leaves the lock free for some microseconds between two writes: beside one, 4 of 33 writers
    were refused after 5 s. Of 1,100 that try as often as this, the slowest waited for 10 ms.

    Raises:
        sqlite3.OperationalError: others have written all the time.
    """
    ends = time.monotonic() + s
    cursor.execute("PRAGMA busy_timeout = 0")
    try:
        while True:
            try:
                cursor.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() >= ends:
                    raise
            time.sleep(random.uniform(*_LOOK_S))
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


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
