"""A TLS connection that one thread reads while another writes, as websockets has it done."""

import selectors
import ssl
import threading
from collections.abc import Callable
from typing import Any, TypeVar

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
        while True:
            try:
                with self._turn:
                    return step(given)
            except (ssl.SSLWantReadError, BlockingIOError):
                self._wait(selectors.EVENT_READ)
            except ssl.SSLWantWriteError:
                self._wait(selectors.EVENT_WRITE)

    def _wait(self, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, event)
            if not selector.select(self._limit_s):
                raise TimeoutError(f"nothing within {self._limit_s:g} s")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)
