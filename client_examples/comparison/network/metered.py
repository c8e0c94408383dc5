"""Connections that count what they send and receive, over a network that may be a relay's link."""

import queue
import socket
import ssl
from collections import deque
from collections.abc import Callable
from threading import Lock
from typing import Any, ClassVar

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.wire import MeteredResponse, Wire
from client_examples.comparison.results.protocols import Protocol

_TLS_TRIPS = {"TLSv1.3": 1}  # RFC 8446, 2; older versions take two (RFC 5246, 7.3)


class MadeToFail(ConnectionResetError):
    """An exchange that was made to fail on purpose."""


class Network:
    """The network between client and server.

    `attempts` counts the exchanges that were begun, `failed` those of them that `fails` has
    chosen. `handshake_trips` are the round trips that the connection opened last took to open.

    Args:
        relay: what all connections go through; None for connections to the servers themselves.
    """

    def __init__(self, relay: Relay | None = None) -> None:
        self.relay = relay
        self.fails: Callable[[], bool] | None = None
        self.attempts = 0
        self.failed = 0
        self.handshake_trips = 0
        self._lock = Lock()

    def dial(self, host: str, port: int) -> tuple[str, int]:
        """Where to connect to reach this server; TLS and `Host` stay its own."""
        return (host, port) if self.relay is None else self.relay.to(host, port)

    def begin(self) -> None:
        """Begin an exchange; `MadeToFail` if it is one that fails."""
        fails = self.fails is not None and self.fails()
        with self._lock:
            self.attempts += 1
            self.failed += fails
        if fails:
            raise MadeToFail("this exchange was made to fail")

    def opened(self, connection: socket.socket) -> None:
        """Learn of a connection that was opened; nothing by default."""

    def counted(self, wire: Wire) -> None:
        """Learn of an exchange whose bytes are about to be counted; nothing by default."""


class _Metered(HTTPConnection):
    """What both kinds of connections add to urllib3's."""

    network: ClassVar[Network]
    sock: Any
    trips = 0  # of the connection, until an exchange has taken them over
    _protocol: Protocol = "http1"
    _wire = Wire()

    def _new_conn(self) -> socket.socket:
        known = self._dns_host, self.port
        self._dns_host, self.port = self.network.dial(*known)
        try:
            return super()._new_conn()
        finally:
            self._dns_host, self.port = known

    def connect(self) -> None:
        super().connect()
        self.network.opened(self.sock)
        self.trips = 1
        if isinstance(self.sock, ssl.SSLSocket):
            self.trips += tls_trips(self.sock.version())
            self._protocol = "http1-tls"
        self.network.handshake_trips = self.trips

    @property
    def is_connected(self) -> bool:
        """Whether the connection may be used again.

        urllib3 takes one that has something to read for one that the server has closed. But the
        session tickets of TLS 1.3, which come unasked, do not end a connection.
        """
        if super().is_connected:
            return True
        return isinstance(self.sock, ssl.SSLSocket) and _has_only_tickets(self.sock)

    def request(self, *arguments: Any, **options: Any) -> None:
        self.network.begin()
        if self.sock is None:
            self.connect()
        self._wire, self.trips = Wire(self._protocol, self.trips), 0
        self.network.counted(self._wire)
        super().request(*arguments, **options)

    def send(self, data: Any) -> None:
        """Send the head, which comes in one piece and first, or a part of the body."""
        super().send(data)
        if self._wire.sent_head:
            self._wire.sent_body += len(data)
        else:
            self._wire.sent_head = len(data)

    def response_class(  # type: ignore[override]  # a class there, and only called
        self, *arguments: Any, **options: Any
    ) -> MeteredResponse:
        """What http.client makes of the socket once the request is sent."""
        return MeteredResponse(self._wire, *arguments, **options)


def tls_trips(version: str | None) -> int:
    """The round trips of a handshake by this version of TLS."""
    return _TLS_TRIPS.get(version or "", 2)


def _has_only_tickets(connection: ssl.SSLSocket) -> bool:
    """Read what belongs to TLS alone; whether there is no more, and no end."""
    timeout = connection.gettimeout()
    connection.setblocking(False)
    try:
        connection.recv(1)
    except ssl.SSLWantReadError:
        return True
    except OSError:
        return False
    finally:
        connection.settimeout(timeout)
    return False


class Pooled:
    """The connections of a pool that are not in use: the last one that was given back goes first.

    In place of urllib3's `LifoQueue`. A Ctrl-C that comes while that is entered leaves it locked,
    and who then deletes what was prepared would wait for it for ever. What this is made of takes a
    step as a whole, or not at all.
    """

    def __init__(self, maxsize: int) -> None:
        self._maxsize = maxsize
        self._connections: deque[Any] = deque()
        self._count: queue.SimpleQueue[None] = queue.SimpleQueue()  # an entry for each of them

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        """A connection; `queue.Empty` where none is given back in time (s)."""
        self._count.get(block, timeout)
        return self._connections.pop()

    def put(self, connection: Any, block: bool = True) -> None:
        """Give one back; `queue.Full` where there are as many as may be."""
        if self.qsize() >= self._maxsize:
            raise queue.Full
        self._connections.append(connection)
        self._count.put(None)

    def qsize(self) -> int:
        """How many are not in use."""
        return len(self._connections)


def pool_classes(network: Network) -> dict[str, type[HTTPConnectionPool]]:
    """Pools, by scheme, whose connections are counted and have `network` between their ends."""
    plain = type("MeteredConnection", (_Metered,), {"network": network})
    tls = type("MeteredTlsConnection", (_Metered, HTTPSConnection), {"network": network})
    pooled = {"QueueCls": Pooled}
    return {
        "http": type("MeteredPool", (HTTPConnectionPool,), {"ConnectionCls": plain, **pooled}),
        "https": type("MeteredTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls, **pooled}),
    }
