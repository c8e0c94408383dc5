"""Several worker processes at one listening socket, and a parent that supervises them.

Connections that are not yet accepted wait at the socket, so none is lost when a worker dies.
"""

import logging
import multiprocessing
import signal
import socket
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Final

from shared.serving.workers import REPLACE_AFTER_S, hold_signals_at_fork

log = logging.getLogger(__name__)

# Forked, they share what was imported. Elsewhere a system's own libraries may not bear it.
_CONTEXT: ForkContext | SpawnContext = (
    multiprocessing.get_context("fork")
    if sys.platform == "linux"
    else multiprocessing.get_context("spawn")
)
_KILL_AFTER_S: Final = 2.0  # beyond what the answers under way may take


class Workers:
    """The processes; each one that dies is replaced."""

    def __init__(self, count: int, work: Callable[[], None]) -> None:
        """Nothing runs before `run()`; `work` is pickled where processes are not forked."""
        self._count = count
        self._work = work
        self._processes: list[BaseProcess] = []
        self._ours, self._interpreters = socket.socketpair()
        self._is_stopping = False

    def run(self, stop_s: float, stopping: Callable[[], object]) -> None:
        """Keep them running until SIGTERM or SIGINT; then let them finish, for so many seconds.

        Args:
            stopping: called then; closes the socket here, so that nobody waits at it.
        """
        self._ours.setblocking(False)
        self._interpreters.setblocking(False)
        hold_signals_at_fork()
        wakeup = signal.set_wakeup_fd(self._interpreters.fileno(), warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            while not self._is_stopping:
                self._start_missing()
                wait([self._ours, *(process.sentinel for process in self._processes)])
                wait([self._ours], REPLACE_AFTER_S)
        finally:
            stopping()
            self._end(stop_s)
            signal.set_wakeup_fd(wakeup)

    def _start_missing(self) -> None:
        for process in [one for one in self._processes if not one.is_alive()]:
            log.error("worker %s ended by itself: %s", process.pid, process.exitcode)
            self._processes.remove(process)
        while len(self._processes) < self._count:
            process = _CONTEXT.Process(target=self._work, name="worker")
            process.start()
            self._processes.append(process)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _end(self, stop_s: float) -> None:
        deadline = time.monotonic() + stop_s + _KILL_AFTER_S
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join(max(0.0, deadline - time.monotonic()))
            process.kill()
            process.join()
