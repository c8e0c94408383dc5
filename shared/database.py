"""The database: connections to read, to see one state, and to write."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final, NamedTuple, cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from shared.errors import BookstoreError, Unavailable
from shared.storage import search_index
from shared.storage.connections import (
    Checks,
    Connection,
    HandOver,
    Row,
    SqliteReading,
    SqliteSnapshot,
    as_ours,
)
from shared.storage.driver_errors import first_line, is_busy, is_damage, timed_out
from shared.storage.engines import BUSY_TIMEOUT_MS
from shared.storage.instrumentation import remaining_s
from shared.storage.named_file import NamedFile
from shared.storage.schema import Schema
from shared.storage.timed_connection import TimedConnection
from shared.storage.turns import Turns, begin_write

__all__ = ["Connection", "Database", "HandOver", "Row"]

_PLACE_S: Final = 10.0  # that a request waits for its turn on PostgreSQL, unless it may take less

_BEGIN_SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"  # PostgreSQL's
_STEPS_BETWEEN_CHECKS: Final = 10_000  # SQLite's, about 0.1 ms: no point read takes as many


class _Idle(NamedTuple):
    """A connection that no thread has.

    Attributes:
        file: how often the file had been found whole again when it was opened.
    """

    connection: PoolProxiedConnection
    file: int


class _Lent:
    """A thread's connection; it is kept for another thread when this one ends.

    It must not be closed at that moment: in a thread that Python did not start (one of the server's
    own), closing it would free the thread's state twice, which ends the process (CPython issue
    119585, in 3.11).
    """

    __slots__ = ("_found", "_idle", "cursor", "file")

    def __init__(self, found: _Idle, idle: deque[_Idle]) -> None:
        self._found = found
        self._idle = idle
        self.file = found.file
        # The driver's own: SQLAlchemy's proxy hands the call on, which takes half as long again.
        raw: Any = found.connection.driver_connection
        self.cursor: Callable[[], DBAPICursor] = raw.cursor

    def __del__(self) -> None:
        self._idle.append(self._found)


class Database:
    """A database that is open: hands out connections for reading and for writing.

    Attributes:
        blocks: whether a read may wait, so that it must not run on an event loop.
        lasting: whether a write waits for a disk.
        places: how many statements can run at once, where they do not run in this process.
        writers: how many writes can be under way at once; one more waits for its turn. Whoever has
            threads for writes has as many of them, so that no writer waits in a thread that a
            reader needs. SQLite has one writer at a time, and more would only poll for its lock; on
            PostgreSQL some connections are left to readers, whatever the writers wait for.
    """

    def __init__(self, engine: Engine, delay_ms: float = 0.0, *, lasting: bool = True) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.embedded = engine.dialect.name == "sqlite"
        self.blocks = not self.embedded or delay_ms > 0
        self.lasting = lasting
        self.delay_ms = delay_ms
        self._delay = delay_ms / 1000
        self._local = threading.local()
        self._idle: deque[_Idle] = deque()
        self.places = 1 if self.embedded else cast("QueuePool", engine.pool).size()
        self._places = Turns(self.places)
        self.writers = max(1, self.places * 3 // 4)
        self._writers = Turns(self.writers)
        self._file: NamedFile | None = None
        self._files = 0  # how often the file has been found whole again
        if self.embedded:
            self._file = NamedFile(Path(engine.url.database or ""), self._open_anew)
        self._checks = Checks(self._file, Schema(engine))

    def reading(self) -> AbstractContextManager[Connection]:
        """For single statements: no transaction around them."""
        if self.embedded:
            # A thread keeps its connection: two generators around it took half as long as the read.
            return SqliteReading(self._own_cursor(), self.dialect, self._delay, self._checks)
        return self._reading_pooled()

    @contextmanager
    def _reading_pooled(self) -> Iterator[Connection]:
        with self._cursor() as cursor:
            yield Connection(cursor, self.dialect, self._delay, self._checks)

    def snapshot(self) -> AbstractContextManager[Connection]:
        """For several statements that must see one state of the bookstore."""
        if self.embedded:
            return SqliteSnapshot(self._own_cursor(), self.dialect, self._delay, self._checks)
        return self._snapshot_pooled()

    @contextmanager
    def _snapshot_pooled(self) -> Iterator[Connection]:
        with (
            self._cursor() as cursor,
            self._transaction(cursor, partial(cursor.execute, _BEGIN_SNAPSHOT)),
        ):
            yield Connection(cursor, self.dialect, self._delay, self._checks)

    @contextmanager
    def writing(self, *, at_once: bool = False) -> Iterator[Connection]:
        """For writes: all of them, or none.

        Args:
            at_once: whether this is on an event loop, so that it must wait for nobody.

        Raises:
            HandOver: it would have to wait, or may take long.
            Unavailable: also where SQLite's file was moved meanwhile, so that the write is lost.
        """
        with (
            self._writers.at_once() if at_once else self._turn(),
            self._cursor() as cursor,
            self._transaction(cursor, self._beginning(cursor, at_once=at_once), at_once=at_once),
        ):
            if self.embedded:  # no statement would miss a trigger
                self._checks.schema.require(cursor, search_index.PARTS)
            yield Connection(cursor, self.dialect, self._delay, self._checks, at_once=at_once)
            self.require_file()
        # A commit to a file that was gone by then is lost, so the write must not be acknowledged.
        self.require_file()
        if self._file is not None and self._file.takes_no_writes:
            self._file.has_written()

    def require_file(self) -> None:
        """Refuse to go on where SQLite's open file is no longer the one at its path, or damaged.

        Raises:
            Unavailable: it is not usable.
        """
        if self._file is not None:
            self._file.look()

    def require_schema(self) -> None:
        """Refuse to go on where another program has taken away a table, or a part of one.

        Raises:
            Unavailable: it has, or the database does not answer.
        """
        with self._cursor() as cursor:
            try:
                self._checks.schema.require(cursor)
            except (sqlite3.Error, psycopg.Error) as error:
                raise as_ours(error, self._checks) from error

    def close(self) -> None:
        """Close what the threads and the pool hold."""
        self._local = threading.local()
        while self._idle:
            self._idle.pop().connection.close()
        self.engine.dispose()
        self._checks.schema.close()
        if self._file is not None:
            self._file.close()

    @contextmanager
    def _transaction(
        self, cursor: DBAPICursor, begin: Callable[[], object], *, at_once: bool = False
    ) -> Iterator[None]:
        try:
            begin()
            try:
                yield
                cursor.execute("COMMIT")
            except BaseException:
                self._roll_back(cursor)
                raise
        except (sqlite3.Error, psycopg.Error) as error:
            if at_once and is_busy(error):  # another process writes
                raise HandOver from None
            raise as_ours(error, self._checks) from error

    def _roll_back(self, cursor: DBAPICursor) -> None:
        # SQLite has rolled back a write that was interrupted. PostgreSQL rolls back by itself what
        # a connection began that is lost or given up.
        if self.embedded:
            if cast("sqlite3.Cursor", cursor).connection.in_transaction:
                cursor.execute("ROLLBACK")
        elif cast("TimedConnection", cast("psycopg.Cursor", cursor).connection).is_usable:
            cursor.execute("ROLLBACK")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let at most `writers` writers of this process in at a time.

        SQLite's writers poll for its lock, ever more rarely. With 8 threads that placed orders up
        to 2 ms apart, p99 was 19 to 34 ms and the maximum 79 to 104 ms; taking turns made these
        4 to 6 ms and 7 to 11 ms.
        """
        s = BUSY_TIMEOUT_MS / 1000 if self.embedded else _PLACE_S
        with self._writers.within(s, "other writes take too long"):
            yield

    def _beginning(self, cursor: DBAPICursor, *, at_once: bool) -> Callable[[], object]:
        """What begins a write; on SQLite it waits for other processes, but `at_once`."""
        if not self.embedded:
            return partial(cursor.execute, "BEGIN")
        s = 0.0 if at_once else min(remaining_s(), BUSY_TIMEOUT_MS / 1000)
        return partial(begin_write, cursor, s)

    @contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        if self.embedded:
            with closing(self._own_cursor()) as cursor:
                yield cursor
            return
        with self._places.within(_PLACE_S, "all connections to it are in use"):
            connection = self._connect()
            try:
                with closing(connection.cursor()) as cursor:
                    yield cursor
            finally:
                if not cast("TimedConnection", connection.driver_connection).is_usable:
                    connection.invalidate()
                connection.close()

    def _own_cursor(self) -> DBAPICursor:
        # A file is opened once per thread: a check-out from the pool costs as much as the read.
        file: NamedFile = self._file  # type: ignore[assignment]  # there is one: it is embedded
        if monotonic() >= file.next_look:
            file.look()
        lent: _Lent | None = getattr(self._local, "lent", None)
        if lent is None or lent.file != self._files:
            lent = self._local.lent = _Lent(self._idle_or_new(file), self._idle)
        return lent.cursor()

    def _idle_or_new(self, file: NamedFile) -> _Idle:
        with suppress(IndexError):
            while True:
                idle = self._idle.pop()
                if idle.file == self._files:
                    return idle
                idle.connection.invalidate()  # it remembers what the file was before
        files, connection = self._files, self._connect()
        file.note_connection()
        # Not while the data is made: a signal's exception would be lost in the handler.
        raw = cast("sqlite3.Connection", connection.driver_connection)
        raw.set_progress_handler(lambda: remaining_s() <= 0, _STEPS_BETWEEN_CHECKS)
        return _Idle(connection, files)

    def _open_anew(self) -> None:
        """Let nobody use a connection any more that is open now."""
        self._files += 1
        self.engine.dispose()

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except BookstoreError:
            raise
        except Exception as error:
            if self._file is not None and is_damage(error):
                raise self._file.damaged(error) from error
            self.require_file()
            if remaining_s() <= 0:
                raise timed_out() from error
            raise Unavailable(f"the database does not answer: {first_line(error)}") from error
