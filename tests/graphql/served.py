"""An application on uvicorn in this process, by our protocols, and clients of sockets alone."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, NamedTuple, Self, cast

import uvicorn
from starlette.types import ASGIApp

from graphql_api.asgi.responses import refusal
from shared.protocols.application import Application
from shared.protocols.http_protocol import HttpProtocol
from shared.protocols.keep_alive import Deadlines
from shared.protocols.unsent import Unsent
from tests.waiting import LIMIT_S, wait_until

TIMEOUT_S = LIMIT_S  # that a test waits for what must come
HOST = b"Host: localhost\r\n"
GET = b"GET /graphql?query={__typename} HTTP/1.1\r\n" + HOST
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
QUERY = b'{"query":"{ __typename }"}'
LENGTH = b"Content-Length: %d\r\n\r\n"


class Served(NamedTuple):
    """A server that runs, and where."""

    server: uvicorn.Server
    port: int

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self.server.server_state.connections)

    def connect(self) -> "Wire":
        """A connection to it."""
        return Wire(self.port)


class Wire:
    """A client that says byte for byte what it is told to."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT_S)

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
    assert b"content-type: application/json\r\n" in head, received
    (error,) = json.loads(body)["errors"]
    return int(head[head.rindex(b"HTTP/1.1 ") :].split()[1]), error["extensions"]["code"]


def application(app: ASGIApp) -> Application:
    """What is served of it, refusing as GraphQL does."""
    return Application(app, refusal, "GET, HEAD, POST", stop=lambda: None)


@contextmanager
def served(
    app: ASGIApp, deadlines: Deadlines | None = None, unsent: Unsent | None = None, **options: Any
) -> Iterator[Served]:
    """Serve the application until the end of the block."""
    protocol = partial(
        HttpProtocol, application=application(app), deadlines=deadlines, unsent=unsent
    )
    config = uvicorn.Config(
        app,
        port=0,
        loop="uvloop",
        http=cast("Any", protocol),
        lifespan="off",
        log_config=None,
        timeout_graceful_shutdown=1,
        **{"ws": "none", **options},
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, "the server answers")
        yield Served(server, server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        thread.join()
