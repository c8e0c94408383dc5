"""Serves an application on uvicorn, with uvloop and httptools; in several processes if so set."""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial
from heapq import nsmallest
from operator import itemgetter
from types import FrameType
from typing import Any, Final, NoReturn, TypeAlias, cast

import uvicorn

from shared.config import Settings
from shared.errors import StartError
from shared.protocols.acceptor import Acceptor, connections, sockets
from shared.protocols.application import Application
from shared.protocols.http_protocol import HttpProtocol
from shared.protocols.keep_alive import Deadlines
from shared.protocols.unsent import Unsent
from shared.protocols.worker_processes import Workers
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.garbage import collect_little_at_once
from shared.serving.memory import GIVE_BACK_EVERY_S, give_back
from shared.serving.startup import STOP_SECONDS, Server, run_server
from shared.serving.workers import begin
from shared.web.receiving import Receiving

# Makes the application, over a bookstore that is open. What is being sent to the process is counted
# by one object for all, and so is what its clients are slow to take.
Make: TypeAlias = Callable[[Settings, Bookstore, Receiving, Unsent], Application]

BACKLOG: Final = 2_048  # connections that wait to be accepted
_LAST_S: Final = 1  # for requests to end whose clients were disconnected

log = logging.getLogger(__name__)


def main(name: Server, make: Make) -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    run_server(name, partial(serve, name, make))


def serve(name: Server, make: Make, settings: Settings) -> None:
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
        with _listening(settings, getattr(settings, f"{name}_port")) as listening:
            if settings.workers == 1:
                _answer(make, settings, bookstore, listening)
                return
            bookstore.database.close()  # connections must not be carried into a worker
            gc.freeze()
            work = partial(_work, make, settings, listening)
            Workers(settings.workers, work).run(STOP_SECONDS, listening.close)
    finally:
        bookstore.close()


def _work(make: Make, settings: Settings, listening: socket.socket) -> None:
    """Serve as one of several workers, in a process of its own."""
    bookstore = begin(settings)
    try:
        _answer(make, settings, bookstore, listening)
    finally:
        bookstore.close()


def _answer(make: Make, settings: Settings, bookstore: Bookstore, listening: socket.socket) -> None:
    receiving, unsent = Receiving(), Unsent()
    application = make(settings, bookstore, receiving, unsent)
    most = connections(settings)
    protocol = partial(
        HttpProtocol,
        application=application,
        deadlines=Deadlines(body_s=settings.body_timeout_s),
        unsent=unsent,
        receiving=receiving,
        most_sockets=sockets(most),
    )
    config = _config(application, protocol)
    server = _Server(config, listening, most, application.stop)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # Before uvicorn has handlers of its own, it is told to end as soon as it has begun. When it
        # has ended, it raises the signal again, for which there is nothing more to do.
        server.should_exit = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    collect_little_at_once()
    server.run()


def _stop(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _listening(settings: Settings, port: int) -> socket.socket:
    """The socket that all workers answer at."""
    host = settings.host
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError:
        where = f"{host}, port {port}"
        raise StartError(f"cannot listen on {where}; choose another with --port") from None


class _Server(uvicorn.Server):
    """Accepts as many connections as there may be, and says when it stops."""

    def __init__(
        self,
        config: uvicorn.Config,
        listening: socket.socket,
        most: int,
        stop: Callable[[], object],
    ) -> None:
        super().__init__(config)
        count = self.server_state.connections.__len__
        self._acceptor = Acceptor(listening, self._connect, most, count, self._make_room)
        self._stop = stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does at the start; it accepts at no socket itself."""
        await super().startup([])
        self._acceptor.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What uvicorn does when a signal says stop, within the seconds that there are for it.

        Who has not taken or sent all by then is disconnected, by which its request ends. One that
        is cancelled, as uvicorn does it, would be logged as a fault and wait for its client again.
        """
        self._acceptor.stop()
        await self._acceptor.settled()
        self._stop()
        in_time = asyncio.get_running_loop().call_later(STOP_SECONDS, self._end_late)
        await super().shutdown([])
        in_time.cancel()
        if self.force_exit:  # by a second Ctrl-C
            self._disconnect()
            if self.server_state.tasks:
                await asyncio.wait(self.server_state.tasks, timeout=_LAST_S)
            await self.lifespan.shutdown()  # which uvicorn leaves out then

    def _end_late(self) -> None:
        connections = self.server_state.connections
        if connections:
            log.warning(
                "connections closed at the stop, since within %s s their clients had not taken or "
                "not sent all: %s",
                STOP_SECONDS,
                len(connections),
            )
        self._disconnect()

    def _disconnect(self) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()

    def _make_room(self, most: int) -> bool:
        """Close up to so many connections without a request, those idle longest; whether any."""
        unused = [
            (one.idle_since, one)
            for one in self.server_state.connections
            if isinstance(one, HttpProtocol) and one.is_unused()
        ]
        closed = nsmallest(most, unused, key=itemgetter(0))
        for _, one in closed:
            one.make_room()
        return bool(closed)

    def _connect(self) -> asyncio.Protocol:
        protocol = cast("Callable[..., asyncio.Protocol]", self.config.http_protocol_class)
        return protocol(self.config, self.server_state, self.lifespan.state)


def _config(application: Application, protocol: Callable[..., HttpProtocol]) -> uvicorn.Config:
    return uvicorn.Config(
        cast("Any", application.app),
        loop="uvloop",
        http=cast("Any", protocol),
        log_config=None,  # it logs as the rest of the process does
        access_log=False,
        server_header=False,
        proxy_headers=False,
        callback_notify=give_back,
        timeout_notify=GIVE_BACK_EVERY_S,
        timeout_graceful_shutdown=STOP_SECONDS + _LAST_S,
        **{"ws": "none", "lifespan": "off", **application.options},
    )
