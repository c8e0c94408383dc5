"""Wakes whoever waits for an order's events in this process, whichever process wrote them.

SQLite counts the commits of other connections in a number that is cheap to read; PostgreSQL sends
notifications. Both tell only that there is something new: subscribers then read the events above
the id that they have seen last.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Final, Protocol

import psycopg
from sqlalchemy import bindparam, func, select

from shared.database import Connection, Database
from shared.operations.order_events import CHANNEL
from shared.storage import tables
from shared.storage.engines import FINDS_OUT
from shared.storage.statements import Statement

log = logging.getLogger(__name__)

Wake = Callable[[], object]

POLL_S: Final = 0.025  # between two looks at a file: 50 µs of work each second
LINGER_S: Final = 5.0  # a connection is kept between one long poll and the next
RETRY_S: Final = 0.25  # until the next try where the database does not answer
_CLOSE_S: Final = 2.0

_event = tables.order_event.c
_LAST_ID = Statement(select(func.coalesce(func.max(_event.id), 0)))
_NEWER = Statement(
    select(_event.id, _event.order_id).where(_event.id > bindparam("after")).order_by(_event.id)
)


class Source(Protocol):
    """Where news comes from. It may raise its driver's errors, and is then made anew."""

    def next(self) -> Iterable[int]:
        """The orders that have news, after waiting for some for a short time."""

    def close(self) -> None:
        """Let go of the connection."""


class Watch:
    """Wakes the subscribers of orders; a thread of its own looks for news while there are any."""

    def __init__(self, make_source: Callable[[], Source]) -> None:
        self._make_source = make_source
        self._wakes: dict[int, dict[object, Wake]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = threading.Event()
        self.is_ending = False

    @contextmanager
    def subscribed(self, order_id: int, wake: Wake) -> Iterator[None]:
        """Have `wake` called, by another thread, whenever the order may have news.

        A subscriber that reads after it has subscribed misses nothing; it may be woken in vain.
        """
        key = object()
        with self._changed:
            self._wakes.setdefault(order_id, {})[key] = wake
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
                self._thread.start()
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                wakes = self._wakes[order_id]
                del wakes[key]
                if not wakes:
                    del self._wakes[order_id]

    def end(self) -> None:
        """Say by `is_ending` that this process stops, and wake all subscribers."""
        self.is_ending = True
        self._wake_all()

    def close(self) -> None:
        """Stop watching."""
        self._closed.set()
        with self._changed:
            thread, self._thread = self._thread, None
            self._changed.notify()
        if thread is not None:
            thread.join(_CLOSE_S)

    def _run(self) -> None:
        is_failing = False
        while self._wait_for_subscribers():
            try:
                with closing(self._make_source()) as source:
                    is_failing = False
                    self._wake_all()  # what came before it looked, nobody has told them
                    self._follow(source)
            except Exception as error:
                if not is_failing:
                    log.warning("watching orders: %s; trying again", error)
                is_failing = True
                self._closed.wait(RETRY_S)

    def _wait_for_subscribers(self) -> bool:
        with self._changed:
            while not self._wakes and not self._closed.is_set():
                self._changed.wait()
        return not self._closed.is_set()

    def _follow(self, source: Source) -> None:
        """Wake subscribers until there have been none for a while."""
        last_needed = time.monotonic()
        while not self._closed.is_set() and time.monotonic() - last_needed < LINGER_S:
            if self._wakes:
                last_needed = time.monotonic()
            for order_id in source.next():
                self._wake(order_id)

    def _wake(self, order_id: int) -> None:
        with self._changed:
            wakes = list(self._wakes.get(order_id, {}).values())
        for wake in wakes:
            try:
                wake()
            except Exception as error:  # such as an event loop that has just been closed
                log.debug("a subscriber could not be woken: %s", error)

    def _wake_all(self) -> None:
        with self._changed:
            order_ids = list(self._wakes)
        for order_id in order_ids:
            self._wake(order_id)


def watch_database(database: Database) -> Watch:
    """A watch of this database, which opens a connection of its own when it is first needed."""
    return Watch(lambda: _File(database) if database.embedded else _Notifications(database))


class _File:
    """A SQLite file. It has one writer at a time: ids are committed in their order."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.raw_connection()
        self._cursor = self._connection.cursor()
        self._reading = Connection(self._cursor, database.dialect, 0.0)
        self._version = self._data_version()
        (self._last_id,) = self._reading.first(_LAST_ID) or (0,)

    def next(self) -> Iterable[int]:
        time.sleep(POLL_S)
        version = self._data_version()
        if version == self._version:
            return ()
        self._version = version
        rows = self._reading.all(_NEWER, after=self._last_id)
        if rows:
            self._last_id = rows[-1][0]
        return dict.fromkeys(order_id for _, order_id in rows)

    def close(self) -> None:
        self._connection.close()

    def _data_version(self) -> int:
        """A number that changes when another connection commits."""
        self._cursor.execute("PRAGMA data_version")
        row = self._cursor.fetchone()
        assert row is not None
        version: int = row[0]
        return version


class _Notifications:
    """PostgreSQL's notifications; ids of different orders may be committed there in any order."""

    def __init__(self, database: Database) -> None:
        url = database.engine.url.set(drivername="postgresql")
        self._connection = psycopg.connect(
            url.render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=5,
            **FINDS_OUT,
        )
        self._connection.execute(f"LISTEN {CHANNEL}")

    def next(self) -> Iterable[int]:
        notes = self._connection.notifies(timeout=RETRY_S, stop_after=1)
        return dict.fromkeys(int(note.payload) for note in notes)

    def close(self) -> None:
        self._connection.close()
