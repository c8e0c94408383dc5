"""Bytes on the wire, counted at the socket: inside TLS, heads and bodies apart.

Connections of these classes count what they send and what they read off their sockets. A
`Network` tells them of a simulated link, and has exchanges fail.
"""

import http.client
import io
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from requests import Response
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

from client_examples.comparison.link import Link, Passage

_TIMING = b"server-timing:"
_TLS_TRIPS = {"TLSv1.3": 1}  # RFC 8446, 2; older versions take two (RFC 5246, 7.3)


class Network:
    """What lies between client and server; may be changed between two loads.

    `attempts` counts the exchanges that were begun, `failed` those of them that `fails` has
    chosen.
    """

    def __init__(self) -> None:
        self.link: Link | None = None
        self.fails: Callable[[], bool] | None = None
        self.attempts = 0
        self.failed = 0

    def begin(self) -> None:
        """Begin an exchange; `ConnectionResetError` if it is one that fails."""
        self.attempts += 1
        if self.fails is not None and self.fails():
            self.failed += 1
            raise ConnectionResetError("this exchange was made to fail")


@dataclass(slots=True)
class Wire:
    """The bytes of one exchange so far.

    `framing` are the bytes of a chunked body that are none of its content. `connection_trips` are
    the round trips that its connection took, 0 where one was open.
    """

    connection_trips: int = 0
    sent_head: int = 0
    sent_body: int = 0
    received: int = 0
    received_head: int = 0
    server_timing: int = 0
    framing: int = 0

    @property
    def received_body(self) -> int:
        """Bytes received after the head, chunks' framing among them."""
        return self.received - self.received_head


def wire_of(response: Response) -> Wire:
    """The bytes that an answer took; of an answer that came by `pool_classes`."""
    original = response.raw._original_response
    assert isinstance(original, _MeteredResponse)
    return original.wire


class _MeteredSocket(io.RawIOBase):
    """Reads from a socket, and counts what it reads."""

    def __init__(self, socket: io.RawIOBase, wire: Wire, passage: Passage | None) -> None:
        self._socket = socket
        self._wire = wire
        self._passage = passage

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        began = time.perf_counter()
        size = self._socket.readinto(buffer)
        self._wire.received += size or 0
        if self._passage is not None and size:
            self._passage.receive(size, time.perf_counter() - began)
        return size

    def close(self) -> None:
        self._socket.close()
        super().close()


class _MeteredReader(io.BufferedReader):
    """Counts the lines: those of the head, then those that frame the chunks of a body."""

    def __init__(self, raw: _MeteredSocket, wire: Wire) -> None:
        super().__init__(raw)
        self._wire = wire
        self.in_head = True
        self._in_trailer = False

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if not self.in_head:
            self._count_framing(line)
            return line
        self._wire.received_head += len(line)
        if line[: len(_TIMING)].lower() == _TIMING:
            self._wire.server_timing += len(line)
        return line

    def _count_framing(self, line: bytes) -> None:
        """A chunk's size, after whose content a line ends, or a line of the trailer (RFC 9112)."""
        self._wire.framing += len(line)
        if not self._in_trailer:
            self._in_trailer = not line.partition(b";")[0].strip(b"0 \r\n")
            self._wire.framing += 0 if self._in_trailer else len(b"\r\n")


class _MeteredResponse(http.client.HTTPResponse):
    """An answer whose bytes are counted from the first on."""

    fp: Any

    def __init__(self, wire: Wire, passage: Passage | None, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wire = wire
        self.fp = self._lines = _MeteredReader(
            _MeteredSocket(self.fp.detach(), wire, passage), wire
        )

    def begin(self) -> None:
        super().begin()
        self._lines.in_head = False


class _Metered:
    """What both kinds of connections do beyond urllib3's."""

    network: ClassVar[Network]
    sock: Any
    trips = 0  # of the connection, until an exchange has taken them over
    _wire = Wire()
    _passage: Passage | None = None

    def connect(self) -> None:
        super().connect()  # type: ignore[misc]
        self.trips = 1
        if isinstance(self.sock, ssl.SSLSocket):
            self.trips += _TLS_TRIPS.get(self.sock.version() or "", 2)
        if self.network.link is not None:
            self.network.link.wait(self.trips)

    def request(self, *arguments: Any, **options: Any) -> None:
        self.network.begin()
        if self.sock is None:
            self.connect()
        self._wire, self.trips = Wire(connection_trips=self.trips), 0
        link = self.network.link
        self._passage = None if link is None else Passage(link)
        super().request(*arguments, **options)  # type: ignore[misc]

    def send(self, data: Any) -> None:
        """Send the head, which comes in one piece and first, or a part of the body."""
        super().send(data)  # type: ignore[misc]
        if self._wire.sent_head:
            self._wire.sent_body += len(data)
        else:
            self._wire.sent_head = len(data)
        if self._passage is not None:
            self._passage.send(len(data))

    def response_class(self, *arguments: Any, **options: Any) -> _MeteredResponse:
        """What http.client makes of the socket once the request is sent."""
        return _MeteredResponse(self._wire, self._passage, *arguments, **options)


def pool_classes(network: Network) -> dict[str, type[HTTPConnectionPool]]:
    """Pools, by scheme, whose connections are counted and have `network` between their ends."""
    plain = type("MeteredConnection", (_Metered, HTTPConnection), {"network": network})
    tls = type("MeteredTlsConnection", (_Metered, HTTPSConnection), {"network": network})
    return {
        "http": type("MeteredPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("MeteredTlsPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
    }
