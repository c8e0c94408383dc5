"""An application on uvicorn in this process, by our protocols, and clients of sockets alone."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple, cast

import uvicorn
from starlette.types import ASGIApp

from graphql_api.asgi.responses import refusal
from shared.protocols.application import Application
from shared.protocols.http_protocol import HttpProtocol
from shared.protocols.keep_alive import Deadlines
from shared.protocols.unsent import Unsent
from tests.waiting import wait_until
from tests.wire import HOST, Wire

GET = b"GET /graphql?query={__typename} HTTP/1.1\r\n" + HOST
POST = b"POST /graphql HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
QUERY = b'{"query":"{ __typename }"}'


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


def application(app: ASGIApp) -> Application:
    """What is served of it, refusing as GraphQL does."""
    return Application(app, refusal, "GET, HEAD, POST", stop=lambda: None)


@contextmanager
def served(
    app: ASGIApp,
    deadlines: Deadlines | None = None,
    unsent: Unsent | None = None,
    bounds: Mapping[str, Any] | None = None,
    **options: Any,
) -> Iterator[Served]:
    """Serve the application until the end of the block.

    Args:
        bounds: other arguments of each connection.
    """
    protocol = partial(
        HttpProtocol,
        application=application(app),
        deadlines=deadlines,
        unsent=unsent,
        **(bounds or {}),
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
