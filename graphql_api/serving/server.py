"""Serves the application on uvicorn, with uvloop and httptools; in several processes if so set."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any, Final, NoReturn, cast

import uvicorn
from starlette.types import ASGIApp

from graphql_api.serving.protocol import Deadlines, HttpProtocol
from graphql_api.serving.socket_protocol import SocketProtocol
from graphql_api.serving.unsent import Unsent
from graphql_api.serving.workers import Workers
from shared import limits
from shared.config import Settings
from shared.errors import StartError
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.garbage import collect_little_at_once
from shared.serving.startup import run_server
from shared.serving.workers import begin
from shared.web.receiving import Receiving

CreateApp = Callable[[Settings, Bookstore, asyncio.Event, Receiving], ASGIApp]

STOP_SECONDS: Final = 20  # for the answers under way when a signal says stop
BACKLOG: Final = 2_048  # connections; as many as uvicorn lets wait where it listens itself


def main(create_app: CreateApp) -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    run_server("graphql", partial(serve, create_app))


def serve(create_app: CreateApp, settings: Settings) -> None:
    """Serve until a signal says stop; then finish what is under way.

    With several workers this process opens the bookstore first, so that what cannot start is told
    once and plainly, and holds it while they come and go.

    Raises:
        StartError: the database or the port cannot be had.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    bookstore = open_bookstore(settings)
    try:
        if settings.workers == 1:
            _answer(create_app, settings, bookstore)
            return
        bookstore.database.close()  # connections must not be carried into a worker
        with _listening(settings) as listening:
            gc.freeze()
            work = partial(_work, create_app, settings, listening)
            Workers(settings.workers, work).run(STOP_SECONDS)
    finally:
        bookstore.close()


def _work(create_app: CreateApp, settings: Settings, listening: socket.socket) -> None:
    """Serve as one of several workers, in a process of its own."""
    bookstore = begin(settings)
    try:
        _answer(create_app, settings, bookstore, listening)
    finally:
        bookstore.close()


def _answer(
    create_app: CreateApp,
    settings: Settings,
    bookstore: Bookstore,
    listening: socket.socket | None = None,
) -> None:
    stopping = asyncio.Event()
    receiving = Receiving()
    app = create_app(settings, bookstore, stopping, receiving)
    server = _Server(_config(settings, app, receiving), stopping)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Before uvicorn has handlers of its own, it is told to end as soon as it has begun. When it
        # has ended, it raises the signal again, for which there is nothing more to do.
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    collect_little_at_once()
    try:
        server.run([listening] if listening else None)
    except SystemExit:  # it has logged why
        if server.started:
            raise
        raise _cannot_listen(settings) from None


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _listening(settings: Settings) -> socket.socket:
    """The socket that all workers answer at."""
    host, port = settings.host, settings.graphql_port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError:
        raise _cannot_listen(settings) from None


def _cannot_listen(settings: Settings) -> StartError:
    where = f"{settings.host}, port {settings.graphql_port}"
    return StartError(f"cannot listen on {where}; choose another with --port")


class _Server(uvicorn.Server):
    """Ends its event streams when it stops; those that are WebSockets, uvicorn ends."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does when a signal says stop."""
        self._stopping.set()
        await super().shutdown(sockets)


def _config(settings: Settings, app: ASGIApp, receiving: Receiving) -> uvicorn.Config:
    deadlines = Deadlines(body_s=settings.body_timeout_s)
    unsent = Unsent()
    sockets = partial(
        SocketProtocol, receiving=receiving, unsent=unsent, message_s=settings.body_timeout_s
    )
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.graphql_port,
        loop="uvloop",
        http=cast("Any", partial(HttpProtocol, deadlines=deadlines, unsent=unsent)),
        ws=cast("Any", sockets),
        ws_max_size=limits.MAX_BODY_BYTES,
        # A client that is gone without a word is found out within 2 of them.
        ws_ping_interval=limits.HEARTBEAT_S,
        ws_ping_timeout=limits.HEARTBEAT_S,
        log_config=None,  # it logs as the rest of the process does
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
