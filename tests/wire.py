"""A client of sockets alone, and what it may say."""

import json
import socket
from contextlib import suppress
from typing import Self

from tests.waiting import LIMIT_S

HOST = b"Host: localhost\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
LENGTH = b"Content-Length: %d\r\n\r\n"


class Wire:
    """A client that says byte for byte what it is told to."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=LIMIT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, *pieces: bytes, ends: bool = False) -> "Wire":
        """Send the pieces, as far as the server lets it; `ends`: and nothing more."""
        with suppress(OSError):
            for piece in pieces:
                self.socket.sendall(piece)
            if ends:
                self.socket.shutdown(socket.SHUT_WR)
        return self

    def rest(self) -> bytes:
        """All that comes until the server closes the connection."""
        received = b""
        while piece := self.socket.recv(65_536):
            received += piece
        return received

    def status(self) -> int:
        """The status of the one answer, after which the connection is closed."""
        return int(self.rest().split()[1])

    def refusal(self) -> tuple[int, str]:
        """The status and the code of the last answer, after which the connection is closed."""
        return refusal_in(self.rest())


def refusal_in(received: bytes) -> tuple[int, str]:
    """The status and the code of the last of some answers, which has an error document."""
    head, _, body = received.rpartition(b"\r\n\r\n")
    head = head[head.rindex(b"HTTP/1.1 ") :]
    status = int(head.split()[1])
    if b"content-type: application/problem+json\r\n" in head:
        return status, json.loads(body)["code"]
    assert b"content-type: application/json\r\n" in head, received
    (error,) = json.loads(body)["errors"]
    return status, error["extensions"]["code"]
