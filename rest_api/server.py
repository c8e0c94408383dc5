"""Serves the application on Granian: a process that watches, and workers that answer."""

import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.util import Finalize
from types import FrameType
from typing import Any, Final, NoReturn

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from rest_api.app import create_app
from rest_api.body_threads import BESIDE, WAITING
from rest_api.middleware import Middleware
from rest_api.stream_threads import divide
from shared.config import Settings
from shared.seeding import open_bookstore
from shared.serving import run_server
from shared.workers import REPLACE_AFTER_S, begin, hold_signals_at_fork

# Requests that are worked on at once. More threads cost an embedded database some speed (16 of
# them a tenth of the requests/s of 4), but are needed where requests wait for the database.
# Streams, and bodies that are waited for, have threads of their own.
THREADS: Final = 8
THREADS_THAT_WAIT: Final = 32
STOP_SECONDS: Final = 20  # for the answers under way when a signal says stop
BACKLOG: Final = 1_024  # connections


def main() -> NoReturn:
    """Serve as the arguments and the environment say, until a signal says stop."""
    run_server("rest", serve)


def serve(settings: Settings) -> None:
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
        server.serve(target_loader=partial(load, settings), wrap_loader=False)
    except SystemExit:
        # A SIGTERM for the whole process group may end a worker before this process sees it.
        if not server.interrupt_signal:
            raise
    finally:
        bookstore.close()


def load(settings: Settings) -> Callable[..., Any]:
    """The application, in a worker."""
    bookstore = begin(settings)
    Finalize(None, bookstore.close, exitpriority=1)
    _when_told_to_stop(bookstore.watch.end)
    app = create_app(settings, bookstore)
    middleware = app.wsgi_app
    assert isinstance(middleware, Middleware)
    threads = THREADS_THAT_WAIT if bookstore.database.blocks else THREADS
    divide(middleware, threads, settings.request_timeout_s)
    return app


def _when_told_to_stop(act: Callable[[], object]) -> None:
    """Call it in a thread when SIGTERM comes: Granian's own handler waits for open answers.

    The interpreter writes the numbers of signals to a socket, whoever handles them.
    """
    ours, interpreters = socket.socketpair()
    interpreters.setblocking(False)
    signal.set_wakeup_fd(interpreters.fileno(), warn_on_full_buffer=False)

    def wait() -> None:
        while signal.SIGTERM not in ours.recv(64):
            pass
        act()
        while interpreters:  # both stay open: more signals may come while the process ends
            ours.recv(64)

    threading.Thread(target=wait, name="stop", daemon=True).start()


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
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        workers=settings.workers,
        respawn_failed_workers=settings.workers > 1,
        blocking_threads=WAITING + BESIDE,
        backlog=BACKLOG,
        workers_kill_timeout=STOP_SECONDS,
        # Its warnings are about the number of threads, which is meant: they wait, mostly.
        log_level=LogLevels(settings.log_level if verbose else "error"),
        # What it logs goes where the rest of the process logs to, not to its own stdout.
        log_dictconfig={"loggers": {"_granian": {}}, "handlers": {}, "formatters": {}},
    )


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(0)
