"""Serves the application on uvicorn, with uvloop and httptools."""

import asyncio
import gc
import signal
import socket
import sys
from types import FrameType
from typing import Final, NoReturn

import uvicorn
from starlette.types import ASGIApp

from graphql_api.app import create_app
from shared import limits
from shared.config import Settings
from shared.errors import StartError
from shared.seeding import open_bookstore
from shared.serving import run_server

STOP_SECONDS: Final = 20  # for the answers under way when a signal says stop
# A client's mutation must not meet a connection that is just being closed: 5 s, as uvicorn has
# it, is about as long as people think between two clicks.
KEEP_ALIVE_SECONDS: Final = 75


def main() -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    run_server("graphql", serve)


def serve(settings: Settings) -> None:
    """Serve until a signal says stop; then finish what is under way.

    Raises:
        StartError: the database or the port cannot be had.
    """
    server: uvicorn.Server | None = None

    def stop(_number: int, _frame: FrameType | None) -> None:
        # While uvicorn runs it has handlers of its own. When it has stopped, it raises the signal
        # again for those that were there before, who then have nothing more to do.
        if server is None or not server.started:
            sys.exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    bookstore = open_bookstore(settings)
    try:
        stopping = asyncio.Event()
        server = _Server(_config(settings, create_app(settings, bookstore, stopping)), stopping)
        gc.freeze()  # to go through all that was imported took 40% of the time under load
        _run(server, settings)
    finally:
        bookstore.close()


class _Server(uvicorn.Server):
    """Ends its event streams when it stops; those that are WebSockets, uvicorn ends."""

    def __init__(self, config: uvicorn.Config, stopping: asyncio.Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does when a signal says stop."""
        self._stopping.set()
        await super().shutdown(sockets)


def _config(settings: Settings, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.graphql_port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=limits.MAX_BODY_BYTES,
        # A client that is gone without a word is found out within 2 of them.
        ws_ping_interval=limits.HEARTBEAT_S,
        ws_ping_timeout=limits.HEARTBEAT_S,
        log_config=None,  # it logs as the rest of the process does
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=STOP_SECONDS,
    )


def _run(server: uvicorn.Server, settings: Settings) -> None:
    try:
        server.run()
    except SystemExit:  # it has logged why
        if server.started:
            raise
        where = f"{settings.host}, port {settings.graphql_port}"
        raise StartError(f"cannot listen on {where}; choose another with --port") from None
