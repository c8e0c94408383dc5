"""A client that takes as little time of its own as it can: what differs is then the server's."""

import socket
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

from benchmarks.size.asking import Wanted

_LIMIT_S = 30.0


class NotAnswered(Exception):
    """An answer is not a good one, which must not count as a fast one."""


class TimedOut(NotAnswered):
    """The server has given up: the request took longer than it may (503)."""


class Client:
    """One connection that is kept."""

    def __init__(self, url: str) -> None:
        """Connect to a server of this machine."""
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._host = parts.netloc
        self._address = (parts.hostname, parts.port or 80)
        self.connect()

    def connect(self) -> None:
        """Connect anew: servers close connections that nobody has used for a minute."""
        self._socket = socket.create_connection(self._address, _LIMIT_S)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def packed(self, wanted: Wanted) -> bytes:
        """The request as it is sent."""
        head = f"Host: {self._host}\r\nAccept: application/json\r\n"
        if wanted.body is None:
            return f"GET {wanted.path} HTTP/1.1\r\n{head}\r\n".encode()
        head += f"Content-Type: application/json\r\nContent-Length: {len(wanted.body)}\r\n"
        return f"POST {wanted.path} HTTP/1.1\r\n{head}\r\n".encode() + wanted.body

    def ask(self, request: bytes) -> bytes:
        """Send it, and read the body of the answer.

        Raises:
            TimedOut: its status is 503.
            NotAnswered: it is another one than 200, or the connection ended.
        """
        self._socket.sendall(request)
        received = self._more(b"")
        while (end := received.find(b"\r\n\r\n")) < 0:
            received = self._more(received)
        head = received[:end].lower()
        start = head.find(b"content-length:") + len(b"content-length:")
        length = int(head[start:].partition(b"\r\n")[0])
        while len(received) < end + 4 + length:
            received = self._more(received)
        if not head.startswith(b"http/1.1 200"):
            error = TimedOut if head.startswith(b"http/1.1 503") else NotAnswered
            raise error(f"{request[:300]!r} was answered {received[:500]!r}")
        return received[end + 4 :]

    def _more(self, received: bytes) -> bytes:
        part = self._socket.recv(1 << 18)
        if not part:
            raise NotAnswered("the server has closed the connection")
        return received + part

    def __enter__(self) -> Self:
        """Nothing more: it is connected."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self._socket.close()


def objects_in(body: bytes) -> int:
    """How many objects the answer shows, those within others among them.

    Raises:
        NotAnswered: it has errors.
    """
    answer = orjson.loads(body)
    if isinstance(answer, dict) and "data" in answer:
        if answer.get("errors"):
            raise NotAnswered(f"the answer has errors: {body[:500]!r}")
        return _objects(list(answer["data"].values()))
    return _objects(answer)


def _objects(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_objects, value))
    return 1 + sum(map(_objects, value.values())) if isinstance(value, dict) else 0
