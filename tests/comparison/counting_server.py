"""A server on a bare socket that knows every byte it received and sent, in plain text or TLS.

It reads requests with a Content-Length or in chunks, and answers with bytes that a test makes.
"""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

HEAD_END = b"\r\n\r\n"


@dataclass
class Seen:
    """One exchange as the server sees it; sizes in bytes."""

    connection: int
    request: bytes
    received_head: int
    received_body: int
    sent_head: int = 0
    sent_body: int = 0


@dataclass
class Answer:
    """What is sent: a head, ending in an empty line, and a body in one or more pieces."""

    head: bytes
    pieces: list[bytes] = field(default_factory=list)
    close: bool = False


def answer(body: bytes = b"", *headers: bytes, status: bytes = b"200 OK") -> Answer:
    """An answer with a Content-Length."""
    length = b"Content-Length: %d" % len(body)
    return Answer(b"\r\n".join([b"HTTP/1.1 " + status, length, *headers, b"", b""]), [body])


def chunked(*chunks: bytes, headers: tuple[bytes, ...] = (), trailer: bytes = b"") -> Answer:
    """An answer in chunks, the last one empty."""
    head = [b"HTTP/1.1 200 OK", b"Transfer-Encoding: chunked", *headers, b"", b""]
    framed = [b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks]
    return Answer(b"\r\n".join(head), [*framed, b"0\r\n" + trailer + b"\r\n"])


class CountingServer:
    """Listens on a free port of the loopback; `respond` makes an answer from a request's head."""

    def __init__(
        self, respond: Callable[[bytes], Answer | None], tls: ssl.SSLContext | None = None
    ) -> None:
        self._respond = respond
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://localhost:{self._listener.getsockname()[1]}"
        self.seen: list[Seen] = []
        self.connections = 0
        self._open: list[socket.socket] = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception) -> None:
        self.die()

    def die(self) -> None:
        """Close the listener and all connections at once."""
        with suppress(OSError):  # of one that has died before
            self._listener.shutdown(socket.SHUT_RDWR)  # closed alone, it would take one more
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def dies_after(self, exchanges: int) -> None:
        """Answer so many requests, and at the next one go away."""
        respond = self._respond

        def until_then(request: bytes) -> Answer | None:
            if len(self.seen) >= exchanges:
                self.die()
                return None
            return respond(request)

        self._respond = until_then

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._open.append(connection)
            number, self.connections = self.connections, self.connections + 1
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                buffer = b""
                while True:
                    seen, buffer = self._read(connection, buffer, number)
                    if not self._answer(connection, seen):
                        return
        except (OSError, EOFError):
            return

    def _read(self, connection, buffer: bytes, number: int) -> tuple[Seen, bytes]:
        """One request, and what was read beyond it."""
        while HEAD_END not in buffer:
            buffer += _received(connection)
        head, _, rest = buffer.partition(HEAD_END)
        head += HEAD_END
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        if b"transfer-encoding: chunked" in head.lower():
            while not rest.endswith(b"0\r\n\r\n"):
                rest += _received(connection)
            length = len(rest)
        while len(rest) < length:
            rest += _received(connection)
        return Seen(number, head, len(head), length), rest[length:]

    def _answer(self, connection, seen: Seen) -> bool:
        """Send the answer; whether the connection goes on."""
        says = self._respond(seen.request)
        self.seen.append(seen)
        if says is None:
            return False
        seen.sent_head, seen.sent_body = len(says.head), sum(map(len, says.pieces))
        connection.sendall(says.head + (says.pieces[0] if says.pieces else b""))
        for piece in says.pieces[1:]:
            time.sleep(0.002)  # so that the pieces arrive apart
            connection.sendall(piece)
        return not says.close


def _received(connection) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise EOFError
    return data
