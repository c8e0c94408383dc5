"""Connections to PostgreSQL whose waits end with the request's time.

The server's own `statement_timeout` ends a statement in a server that works. It says nothing in
one that is frozen, or that no network leads to: there the client alone can look at the clock.
"""

import threading
from concurrent.futures import Future
from contextlib import suppress
from math import inf
from typing import Any, Final, TypeVar

import psycopg
from psycopg.abc import PQGen

from shared.storage.driver_errors import timed_out
from shared.storage.instrumentation import remaining_s

Result = TypeVar("Result")

# What ends a transaction is given as much where the time is over: most servers need a millisecond.
_AT_LEAST_S: Final = 0.2
_CANCEL_S: Final = 5.0
_INTERVAL_S: Final = 0.1  # psycopg's own, from one look for signals to the next


class TimedConnection(psycopg.Connection[Any]):
    """One that is given up when the request's time is over.

    Nobody knows then what it is about to receive: it is not to be used again.

    Attributes:
        most_s: that anything may take where no request is under way, such as in a stream.
        is_late: whether it has been given up.
    """

    most_s: float = inf
    is_late: bool = False

    def wait(
        self,
        gen: PQGen[Result],
        interval: float = _INTERVAL_S,
        timeout: float | None = None,
    ) -> Result:
        """What all that is sent to the server goes through.

        Raises:
            TimedOut: it has taken longer than it may.
        """
        most = self.most_s if timeout is None else min(timeout, self.most_s)
        try:
            return super().wait(gen, interval, _left_s(most))
        except psycopg.errors._WaitTimeout:
            self.is_late = True
            raise timed_out() from None

    def close(self) -> None:
        """Close it; where it is late, have the server end what it does before, in a thread."""
        if not self.is_late or self.closed:
            super().close()
            return
        self.is_late = False
        threading.Thread(target=self._cancel_and_close, name="cancel", daemon=True).start()

    def _cancel_and_close(self) -> None:
        with suppress(psycopg.Error):  # a server that is frozen, or gone
            self.cancel_safe(timeout=_CANCEL_S)
        super().close()


def _left_s(most: float) -> float | None:
    """Seconds that are left for what comes next; None where there is no end."""
    left = max(_AT_LEAST_S, min(remaining_s(), most))
    return None if left == inf else left


def connect_in_time(most_s: float, *arguments: Any, **named: Any) -> TimedConnection:
    """A new connection, waited for no longer than the request may take.

    psycopg's own limit is in whole seconds, and two at least: so a thread connects, and closes
    what nobody waits for any more.

    Raises:
        TimedOut: it has taken longer than it may.
        psycopg.Error: it cannot be had.
    """
    made: Future[TimedConnection] = Future()

    def connect() -> None:
        try:
            connection = TimedConnection.connect(*arguments, **named)
        except BaseException as error:
            if made.set_running_or_notify_cancel():
                made.set_exception(error)
            return
        if made.set_running_or_notify_cancel():
            made.set_result(connection)
        else:
            connection.close()

    threading.Thread(target=connect, name="connect", daemon=True).start()
    try:
        connection = made.result(_left_s(most_s))
    except TimeoutError:
        if made.cancel():
            raise timed_out() from None
        connection = made.result()  # it has come at the last moment
    connection.most_s = most_s
    return connection
