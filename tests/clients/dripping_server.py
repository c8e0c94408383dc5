"""A real server that answers one byte at a time, never late enough for a limit between bytes."""

import socket
import ssl
import threading
import time
from contextlib import suppress

PAUSE_S = 0.004
LENGTH = 500  # bytes, so that a client without a limit is answered too, if late


class DrippingServer:
    """Listens on a free port of the loopback; drips the answer's head, or its body alone.

    The first `at_once` answers are whole.
    """

    def __init__(
        self, *, drips_head: bool = False, tls: ssl.SSLContext | None = None, at_once: int = 0
    ) -> None:
        self._at_once = at_once
        self._drips_head = drips_head
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://localhost:{self._listener.getsockname()[1]}"
        self.attempts = 0

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *exception) -> None:
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                while connection.recv(65536):
                    self.attempts += 1
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        body = b'"' + b"x" * (LENGTH - 2) + b'"'
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n" % LENGTH
        if self._drips_head:
            connection.sendall(head)
            slow, rest = b"X-Slow: " + b"x" * LENGTH, b"\r\n\r\n" + body
        else:
            connection.sendall(head + b"\r\n")
            slow, rest = body, b""
        if self.attempts <= self._at_once:
            connection.sendall(slow + rest)
            return
        for index in range(len(slow)):
            connection.sendall(slow[index : index + 1])
            time.sleep(PAUSE_S)  # what this server is for
        connection.sendall(rest)
