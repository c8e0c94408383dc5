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
    """Have no signal lost on a child that still has its parent's handlers: it ends by SIGTERM.

    A terminal's Ctrl-C reaches the children too, together with the SIGTERM of their parent. Two
    signals at once can both reach another thread than the one that Python handles them in, which
    then sleeps on: so there is but one, and SIGINT stays blocked in a child.
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
    """Be a worker: end with the parent, log, and open the bookstore, as the parent has before.

    So a database that does not answer is one that has gone away since. A worker that takes the
    place of one that died waits for it to come back.
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
