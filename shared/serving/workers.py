"""How a worker process begins, under a process that watches over it."""

import logging
import multiprocessing
import os
import signal
import time
from typing import Final

from shared.config import Settings
from shared.errors import StartError
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.startup import configure_logging, exit_with_parent, share_interpreter

log = logging.getLogger(__name__)

REPLACE_AFTER_S: Final = 0.25  # a worker that died: those that cannot live must not take a core
_RETRY_S: Final = 0.25  # until the next try where the database does not answer


def hold_signals_at_fork() -> None:
    """Hold signals back while forking, so that a child loses none before it has its own handlers.

    A terminal's Ctrl-C reaches a child too, together with the SIGTERM of its parent. Two signals at
    once may both be delivered to a thread other than the main one, which then sleeps on. So SIGINT
    stays blocked in a child, and SIGTERM alone ends it.
    """
    ours = {signal.SIGTERM, signal.SIGINT}
    before: list[set[int]] = []

    def hold() -> None:
        before.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, ours)))

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, before.pop())

    def begin_anew() -> None:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, {*before.pop(), signal.SIGINT})

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=begin_anew)


def begin(settings: Settings) -> Bookstore:
    """Begin as a worker: end with the parent, set up the log, open the bookstore.

    The parent has opened it before, so a database that does not answer has gone away since. A
    worker that replaces one that died waits for it to come back.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until the server has a handler of its own
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    exit_with_parent(parent.pid)
    configure_logging(settings)
    share_interpreter()
    told = False
    while True:
        try:
            return open_bookstore(settings)
        except StartError as error:
            if not told:
                log.warning("a worker waits for the database: %s", error)
            told = True
            time.sleep(_RETRY_S)
