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
    """A connection could not be opened, or broke; the text says why."""


class LiveNetwork(Network):
    """The connections between one watcher and its server.

    `ready` is set once a change would be seen: the first poll is sent, or the stream is open.
    `connections` are all that were opened; `trouble` says why the last one that broke did.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ready = threading.Event()
        self.trouble = ""
        self._over = threading.Event()
        self._wires: list[Wire] = []
        self.connections: list[socket.socket] = []

    def begin(self) -> None:
        """Begin an exchange; raises `WatchEnded` once the watcher has to stop."""
        self._go_on()
        super().begin()

    def opened(self, connection: socket.socket) -> None:
        """Remember a new connection, to be able to end it."""
        self.connections.append(connection)
        if self._over.is_set():
            _shut(connection)

    def counted(self, wire: Wire) -> None:
        """Count the bytes of a connection, also those still to come."""
        self._wires.append(wire)

    def pause(self, seconds: float) -> None:
        """Wait; raises `WatchEnded` as soon as the watcher has to stop."""
        self._over.wait(max(0.0, seconds))
        self._go_on()

    def hang_up(self) -> None:
        """End all connections, and whatever waits for them; may be called from any thread."""
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
