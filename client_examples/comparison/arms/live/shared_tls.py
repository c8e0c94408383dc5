"""A TLS connection that one thread reads while another writes, as websockets has it done."""

import selectors
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

# From one try to the next, at the latest: a thread that waits does not see that another one has
# closed the connection, or has taken what it waits for.
_LOOK_S: Final = 0.1

_Answer = TypeVar("_Answer")
_Given = TypeVar("_Given")


class SharedTls:
    """Lets one thread at a time into a connection, and none that waits for the network.

    OpenSSL wants it so, and Python's `SSLSocket` does not see to it: on a busy machine, one
    WebSocket of a few hundred lost its request, or took itself for ended
    (https://github.com/python/cpython/issues/151508). What is not here is left to the `SSLSocket`.
    """

    def __init__(self, connection: ssl.SSLSocket) -> None:
        connection.setblocking(False)
        self._connection = connection
        self._turn = threading.Lock()
        self._limit_s: float | None = None

    def close(self) -> None:
        """Close it; a thread that waits in it gets an `OSError`."""
        with self._turn:
            self._connection.close()

    def settimeout(self, seconds: float | None) -> None:
        """Wait for the network only so long; the connection itself never waits."""
        self._limit_s = seconds

    def recv(self, size: int) -> bytes:
        """What has come, as soon as something has; nothing at the end."""
        return self._in_turn(self._connection.recv, size)

    def sendall(self, data: bytes) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._in_turn(self._connection.send, rest) :]

    def _in_turn(self, step: Callable[[_Given], _Answer], given: _Given) -> _Answer:
        ends = None if self._limit_s is None else time.monotonic() + self._limit_s
        while True:
            try:
                with self._turn:
                    return step(given)
            except (ssl.SSLWantReadError, BlockingIOError):
                event = selectors.EVENT_READ
            except ssl.SSLWantWriteError:
                event = selectors.EVENT_WRITE
            self._wait(event, ends)

    def _wait(self, event: int, ends: float | None) -> None:
        left_s = _LOOK_S if ends is None else ends - time.monotonic()
        if left_s <= 0:
            raise TimeoutError(f"nothing within {self._limit_s:g} s")
        with suppress(ValueError), selectors.DefaultSelector() as selector:  # it is closed
            selector.register(self._connection, event)
            selector.select(min(left_s, _LOOK_S))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
