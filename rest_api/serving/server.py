"""Serves the application on Granian: a parent process that supervises workers."""

import asyncio
import resource
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.util import Finalize
from types import FrameType
from typing import Any, Final, NoReturn, TypeVarTuple

import uvloop
from flask import Flask
from granian import loops
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.mp import MPServer

from rest_api.serving.adapter import Adapter
from rest_api.web.middleware import Middleware
from shared import limits
from shared.config import Settings
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.garbage import collect_little_at_once
from shared.serving.running import Pools
from shared.serving.startup import run_server
from shared.serving.workers import REPLACE_AFTER_S, begin, hold_signals_at_fork

Arguments = TypeVarTuple("Arguments")
CreateApp = Callable[[Settings, Bookstore], Flask]

STOP_SECONDS: Final = 20  # for the answers under way when a signal says stop
BACKLOG: Final = 1_024  # connections
CONNECTIONS: Final = 1_024  # that a worker has open at once, besides those of streams
# File descriptors that are no connections: SQLite has three for each thread that reads.
OTHER_FILES: Final = 200


def main(create_app: CreateApp) -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    run_server("rest", partial(serve, create_app))


def serve(create_app: CreateApp, settings: Settings) -> None:
    """Serve until a signal says stop; then finish what is under way.

    This process opens the bookstore first, so that what cannot start is told once and plainly,
    and holds it while the workers, which open it for themselves, come and go.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)  # until Granian has its own
    bookstore = open_bookstore(settings)
    server = _granian(settings)
    hold_signals_at_fork()
    try:
        bookstore.database.close()  # connections must not be carried into a worker
        server.serve(target_loader=partial(load, create_app, settings), wrap_loader=False)
    except SystemExit:
        # A SIGTERM for the whole process group may end a worker before this process sees it.
        if not server.interrupt_signal:
            raise
    finally:
        bookstore.close()


def load(create_app: CreateApp, settings: Settings) -> Callable[..., Any]:
    """The application, in a worker."""
    bookstore = begin(settings)
    Finalize(None, bookstore.close, exitpriority=1)
    loop = asyncio.get_event_loop()
    assert isinstance(loop, _Loop)
    loop.before_stop = bookstore.watch.end
    app = create_app(settings, bookstore)
    pools = Pools(bookstore.database)
    middleware = app.wsgi_app
    assert isinstance(middleware, Middleware)
    adapter = Adapter(middleware, pools, settings)
    collect_little_at_once()
    return adapter


class _Loop(uvloop.Loop):
    """Tells streams that the server stops before Granian hears of it, since that waits for them."""

    before_stop: Callable[[], object]

    def add_signal_handler(
        self, sig: int, callback: Callable[[*Arguments], object], *args: *Arguments
    ) -> None:
        """See `asyncio.AbstractEventLoop`; Granian adds its handlers of a stop here."""

        def stop() -> None:
            self.before_stop()
            callback(*args)

        super().add_signal_handler(sig, stop)


@loops.register("uvloop")
def _make_loop() -> asyncio.AbstractEventLoop:
    loop = _Loop()
    asyncio.set_event_loop(loop)
    return loop


class _Granian(MPServer):
    """Replaces each worker that dies; as it comes, it gives up when one dies twice within 5.5 s."""

    def _respawn_workers(self, *arguments: Any, **named: Any) -> None:
        time.sleep(REPLACE_AFTER_S)
        super()._respawn_workers(*arguments, **named)
        self.respawned_wrks.clear()


def _granian(settings: Settings) -> _Granian:
    verbose = settings.log_level in ("debug", "info")
    return _Granian(
        "rest_api.app",
        address=settings.host,
        port=settings.rest_port,
        interface=Interfaces.ASGINL,
        runtime_mode=RuntimeModes.st,  # as for RSGI; with `mt` an answer takes a quarter longer
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(limits.HEAD_TIMEOUT_S * 1_000),
            max_buffer_size=limits.MAX_HEAD_BYTES,
        ),
        websockets=False,
        workers=settings.workers,
        respawn_failed_workers=settings.workers > 1,
        blocking_threads=1,
        backlog=BACKLOG,
        backpressure=_connections(settings),
        workers_kill_timeout=STOP_SECONDS,
        # Its warnings are about as many workers as were asked for.
        log_level=LogLevels(settings.log_level if verbose else "error"),
        # What it logs goes where the rest of the process logs to, not to its own stdout.
        log_dictconfig={"loggers": {"_granian": {}}, "handlers": {}, "formatters": {}},
    )


def _connections(settings: Settings) -> int:
    """How many connections a worker accepts; more wait until one is closed.

    Each needs a file descriptor. When none is left, Granian tries to accept the next connection
    over and over, which takes a whole processor, and the database cannot be opened.
    """
    wanted = CONNECTIONS + settings.max_streams
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)  # Granian has raised it as far as it may
    if files == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max(files - OTHER_FILES, files // 2))


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)
