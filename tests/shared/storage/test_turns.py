"""Turns: who waits has one before who would take one at once."""

import threading

import pytest

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
