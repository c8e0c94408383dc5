"""A watcher's connections: counted, and all ended at once when the watcher must stop."""

import socket
import threading
from contextlib import suppress

from client_examples.comparison.network.metered import Network
from client_examples.comparison.network.wire import Wire
from client_examples.comparison.results.live_updates import WatchedOrder


class WatchEnded(Exception):
    """The watcher was told to end."""


class ConnectionLost(Exception):
    """A connection could not be opened, or broke; says why."""


class Line(Network):
    """The connections between one watcher and its server.

    `ready` is set once a change would be seen: the first poll is sent, or the stream is open.
    `connections` are all that were opened, `trouble` is why one of them was lost last.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ready = threading.Event()
        self.trouble = ""
        self._over = threading.Event()
        self._wires: list[Wire] = []
        self.connections: list[socket.socket] = []

    def begin(self) -> None:
        """Begin an exchange; `WatchEnded` when no more are to begin."""
        self._go_on()
        super().begin()

    def opened(self, connection: socket.socket) -> None:
        """Keep a new connection at hand, to end it."""
        self.connections.append(connection)
        if self._over.is_set():
            _shut(connection)

    def counted(self, wire: Wire) -> None:
        """Count the bytes of an exchange, now and as they grow."""
        self._wires.append(wire)

    def pause(self, seconds: float) -> None:
        """Wait; `WatchEnded` as soon as the watcher is to end."""
        self._over.wait(max(0.0, seconds))
        self._go_on()

    def hang_up(self) -> None:
        """Have whatever waits on a connection end; may be called from any thread."""
        self._over.set()
        for connection in list(self.connections):
            _shut(connection)

    def taken(self) -> WatchedOrder:
        """What was sent and received so far."""
        wires = self._wires
        return WatchedOrder(
            requests=self.attempts,
            sent_bytes=sum(wire.sent_head + wire.sent_body for wire in wires),
            received_bytes=sum(wire.received for wire in wires),
            server_timing_bytes=sum(wire.server_timing for wire in wires),
        )

    def _go_on(self) -> None:
        if self._over.is_set():
            raise WatchEnded


def _shut(connection: socket.socket) -> None:
    with suppress(OSError):  # it may be closed already
        connection.shutdown(socket.SHUT_RDWR)
