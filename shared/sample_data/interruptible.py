"""Runs long work on a database so that a signal can interrupt it at once.

Python runs signal handlers in the main thread, between two steps of the interpreter. A driver's
call is a single step, and some statements on a million books take many seconds.
"""

import signal
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Event

import psycopg
from sqlalchemy import Connection

_CANCEL_EVERY_S = 0.05


def interruptibly(connection: Connection, work: Callable[[Event], object]) -> None:
    """Do the work on this connection in a thread, so that signals are handled meanwhile.

    Args:
        work: is given what is set when it is to end; it looks at that between its statements.

    Raises:
        BaseException: what the work raises; or what a signal's handler raises, once the work has
            been interrupted and has ended.
    """
    done, stop = Future[object](), Event()

    def run() -> None:
        if not done.set_running_or_notify_cancel():
            return
        try:
            done.set_result(work(stop))
        except BaseException as error:  # raised below, where the caller is
            done.set_exception(error)

    try:
        _start_without_signals(threading.Thread(target=run, name="filling", daemon=True))
        done.exception()  # waits
    except BaseException:  # a handler's, wherever the main thread was
        stop.set()
        while not _is_over(done):
            _interrupt(connection)  # between two statements it has no effect
        raise
    done.result()


def _start_without_signals(thread: threading.Thread) -> None:
    """The thread inherits that signals are blocked: all come to the one that waits."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        thread.start()
    finally:
        # Handlers of signals that came meanwhile, to this thread or another, raise from here too.
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _is_over(done: Future[object]) -> bool:
    """Whether the work has ended, after a moment; what has not begun by now never will."""
    try:
        if done.cancel():
            return True
        done.exception(_CANCEL_EVERY_S)
    except BaseException:  # too early; or a second signal: it is ending already
        return done.done()
    return True


def _interrupt(connection: Connection) -> None:
    raw = connection.connection.driver_connection
    if isinstance(raw, sqlite3.Connection):
        raw.interrupt()
    elif isinstance(raw, psycopg.Connection):
        with suppress(psycopg.Error):  # a server that is gone: the work sees that, too
            raw.cancel_safe()
