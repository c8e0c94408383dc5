"""Signals as something to wait for, so that none can cut into the starting of a process."""

import os
import select
import signal
from types import FrameType, TracebackType
from typing import Any, Self

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """A signal asks this process to stop; `signal` is its number."""

    def __init__(self, number: int) -> None:
        super().__init__(signal.Signals(number).name)
        self.signal = number


class Signals:
    """While this context lasts, signals do nothing but end a `pause`."""

    def __init__(self) -> None:
        self._requests: list[int] = []
        self._previous: dict[int, Any] = {}

    def __enter__(self) -> Self:
        """Take over the signals that ask to stop, and SIGCHLD: a process has ended."""
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        self._wakeup = signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in (*STOPPING, signal.SIGCHLD):
            previous = signal.getsignal(number)
            if previous == signal.SIG_IGN and number == signal.SIGHUP:
                continue  # started by nohup, which means it
            self._previous[number] = signal.signal(number, self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Give the signals back."""
        for number, previous in self._previous.items():
            signal.signal(number, previous)
        signal.set_wakeup_fd(self._wakeup)
        os.close(self._reader)
        os.close(self._writer)

    def pause(self, limit_s: float | None = None) -> None:
        """Wait for a signal, for `limit_s` seconds at most.

        Raises:
            StopRequested: a signal asked for it, now or since the last call.
        """
        if not self._requests and select.select([self._reader], [], [], limit_s)[0]:
            os.read(self._reader, 4096)
        if self._requests:
            raise StopRequested(self._requests.pop(0))

    def _note(self, number: int, _frame: FrameType | None) -> None:
        if number in STOPPING:
            self._requests.append(number)
