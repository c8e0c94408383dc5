"""Bytes on the wire, counted at the socket: inside TLS, heads and bodies apart."""

import io
from dataclasses import dataclass
from typing import Any

from requests import Response
from urllib3.response import BaseHTTPResponse

from client_examples.clients.time_limit import BoundedResponse
from client_examples.comparison.results.protocols import Protocol

_TIMING = b"server-timing:"


@dataclass(slots=True)
class Wire:
    """The bytes of one exchange so far, and the protocol that it went by.

    `framing` are the bytes of a chunked body that are none of its content. `connection_trips` are
    the round trips that its connection took, 0 where one was open. Over HTTP/2, whose heads are
    compressed for the connection as a whole, only the contents of bodies are counted.
    """

    protocol: Protocol = "http1"
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


def on_the_wire(response: Response) -> BaseHTTPResponse | None:
    """What the server sent for an answer: a 304 where a cache gave it, None where none asked."""
    sent: BaseHTTPResponse | None = getattr(response, "exchanged", response.raw)
    return sent


def wire_of(response: Response) -> Wire:
    """The bytes that an answer took; of one that came by a metered connection."""
    wire = getattr(getattr(on_the_wire(response), "_original_response", None), "wire", None)
    assert isinstance(wire, Wire)
    return wire


class _MeteredSocket(io.RawIOBase):
    """Reads from a socket, and counts what it reads."""

    def __init__(self, socket: io.RawIOBase, wire: Wire) -> None:
        self._socket = socket
        self._wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        size = self._socket.readinto(buffer)
        self._wire.received += size or 0
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


class MeteredResponse(BoundedResponse):
    """An answer whose bytes are counted from the first on."""

    def __init__(self, wire: Wire, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.wire = wire
        self.fp = self._lines = _MeteredReader(_MeteredSocket(self.fp.detach(), wire), wire)

    def begin(self) -> None:
        super().begin()
        self._lines.in_head = False
