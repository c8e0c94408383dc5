"""Connections to PostgreSQL that wait no longer than the request may take.

The server's `statement_timeout` ends a statement only while the server works. If it is frozen, or
cannot be reached any more, only the client can watch the clock.
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
    """A connection that is given up when the request's time is over.

    It must not be used again then, since the answer of the last statement may still arrive.

    Attributes:
        most_s: seconds that anything may take outside of a request, such as in a stream.
        is_late: whether it has been given up.
    """

    most_s: float = inf
    is_late: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether the server knows of it, and it is not in the midst of something."""
        return not (self.closed or self.is_late)

    def wait(
        self,
        gen: PQGen[Result],
        interval: float = _INTERVAL_S,
        timeout: float | None = None,
    ) -> Result:
        """Wait for the server; psycopg calls this for all that it sends and receives.

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
        """Close it; if it was given up, first have the server cancel its statement, in a thread."""
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

    psycopg's own limit is in whole seconds, and at least two. So a thread connects, and closes the
    connection if nobody waits for it any more.

    Raises:
        TimedOut: it has taken longer than it may.
        psycopg.Error: the server cannot be reached, or refuses.
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
