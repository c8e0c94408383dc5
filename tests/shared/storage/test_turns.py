"""Turns: who waits has one before who would take one at once, and beside other processes too."""

import subprocess
import sys
import threading
import time

import pytest

from shared.models import AuthorUpdate
from shared.operations import authors
from shared.serving.bookstore import Bookstore
from shared.storage.connections import HandOver
from shared.storage.turns import Turns
from tests.waiting import LIMIT_S, wait_until


def test_a_turn_is_taken_at_once_where_one_is_free() -> None:
    turns = Turns(2)
    with turns.at_once(), turns.at_once(), pytest.raises(HandOver), turns.at_once():
        pass
    with turns.at_once():
        pass


class _Free(threading.Semaphore):
    """Always free, but for who would wait: as in the moment until that one has woken up."""

    def __init__(self, _count: int) -> None:
        super().__init__(1)
        self.waits, self.wakes = threading.Event(), threading.Event()

    def acquire(self, blocking: bool = True, timeout: float | None = None) -> bool:
        if blocking:
            self.waits.set()
            return self.wakes.wait(timeout)
        return True


def test_nobody_goes_before_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "BoundedSemaphore", _Free)
    turns = Turns(1)
    monkeypatch.undo()
    free = turns._free
    assert isinstance(free, _Free)

    def wait() -> None:
        with turns.within(LIMIT_S, "test"):
            pass

    waiting = threading.Thread(target=wait)
    waiting.start()
    wait_until(free.waits.is_set, "the thread waits")
    with pytest.raises(HandOver), turns.at_once():
        pass
    free.wakes.set()
    waiting.join()
    with turns.at_once():
        pass


# Holds the lock for 20 ms, and leaves it free for 0.2 ms.
WITHOUT_A_PAUSE = """
import sqlite3, sys, time
raw = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=0)
while True:
    try:
        raw.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        continue
    print("holds", flush=True)
    time.sleep(0.02)
    raw.execute("COMMIT")
    ends = time.perf_counter() + 0.0002
    while time.perf_counter() < ends:
        pass
"""


def test_beside_a_process_that_writes_without_a_pause_others_write_too(
    in_ram: Bookstore,
) -> None:
    """SQLite's own waiting, which tries ever more rarely, has one of two refused after 5 s."""
    path = in_ram.database.engine.url.database
    program = [sys.executable, "-c", WITHOUT_A_PAUSE, str(path)]
    with subprocess.Popen(program, stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"holds\n"
            for number in range(10):
                time.sleep(0.005)  # in which the other one has the lock again
                with in_ram.database.writing() as connection:
                    authors.update_author(connection, 1, AuthorUpdate(bio=f"change {number}"))
        finally:
            other.kill()
