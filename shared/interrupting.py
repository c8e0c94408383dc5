"""Long work on a database, ended at once by what a signal handler raises.

Python's handlers run between two steps of the main thread, which has none while a driver's call
goes on; some statements on a million books take many seconds.
"""

import signal
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress

import psycopg
from sqlalchemy import Connection

_CANCEL_EVERY_S = 0.05


def interruptibly(connection: Connection, work: Callable[[], object]) -> None:
    """Do the work on this connection in a thread, so that signals are handled meanwhile.

    Raises:
        BaseException: what the work raises; or what a signal's handler does, when the work has
            been interrupted and has come to its end.
    """
    ended, errors = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            work()
        except BaseException as error:  # raised below, where the caller is
            errors.append(error)
        finally:
            ended.set()

    # The thread inherits that signals are blocked: all come to the one that waits.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    threading.Thread(target=run, name="filling", daemon=True).start()
    try:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        ended.wait()
    except BaseException:
        while not _has_ended(ended):
            _interrupt(connection)  # between two statements it has no effect
        raise
    if errors:
        raise errors[0]


def _has_ended(ended: threading.Event) -> bool:
    try:
        return ended.wait(_CANCEL_EVERY_S)
    except BaseException:  # a second signal: it is ending already
        return False


def _interrupt(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.interrupt()
    elif isinstance(raw, psycopg.Connection):
        with suppress(psycopg.Error):  # a server that is gone: the work sees that, too
            raw.cancel_safe()
