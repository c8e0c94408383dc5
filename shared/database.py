"""Where the database is, and how a statement runs on it: counted, timed, delayed if so set."""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any, TypeVar, cast

import psycopg
from sqlalchemy import Dialect, Engine
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection, QueuePool
from sqlalchemy.sql import Executable

from shared import search_index
from shared.driver_errors import first_line, timed_out, translated
from shared.engines import BUSY_TIMEOUT_MS
from shared.errors import Unavailable
from shared.instrumentation import current_timing, remaining_s
from shared.statements import Statement

_PLACE_S = 10.0  # that a request waits for a connection to PostgreSQL, unless it may take less
_BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"  # PostgreSQL's
_STEPS_BETWEEN_CHECKS = 10_000  # SQLite's, about 0.1 ms: no point read takes as many

Row = tuple[Any, ...]
Taken = TypeVar("Taken")


class Connection:
    """Runs statements of one request or one transaction."""

    __slots__ = ("_cursor", "_delay", "_dialect")

    def __init__(self, cursor: DBAPICursor, dialect: Dialect, delay: float) -> None:
        self._cursor = cursor
        self._dialect = dialect
        self._delay = delay

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._dialect.name

    @property
    def has_search_index(self) -> bool:
        """Whether searches can use an index."""
        try:
            return search_index.is_there(self._cursor, self._dialect)
        except (sqlite3.Error, psycopg.Error) as error:
            raise translated(error) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, on SQLite."""
        return cast("sqlite3.Cursor", self._cursor).connection.in_transaction

    def statement(self, construct: Executable) -> Statement:
        """One that this database alone will run."""
        return Statement(construct, self._dialect)

    def all(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """All rows."""
        return self._run(statement, values, self._cursor.fetchall)

    def first(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        return self._run(statement, values, self._cursor.fetchone)

    def change(self, statement: Statement, **values: Any) -> int:
        """The number of rows that it changed."""
        return self._run(statement, values, lambda: self._cursor.rowcount)

    def run(self, text: str) -> None:
        """Run what begins or ends a transaction, which is not counted."""
        try:
            self._cursor.execute(text)
        except (sqlite3.Error, psycopg.Error) as error:
            raise translated(error) from error

    def _run(
        self, statement: Statement, values: dict[str, Any], take: Callable[[], Taken]
    ) -> Taken:
        # SQLite works while rows are fetched, so that belongs to the time.
        compiled = statement.compiled(self._dialect)
        timing = current_timing()
        if timing is not None and timing.remaining_s <= self._delay:
            time.sleep(max(0.0, timing.remaining_s))
            raise timed_out()
        start = time.perf_counter_ns()
        try:
            if self._delay:
                time.sleep(self._delay)
            self._cursor.execute(compiled.text, compiled.bind(values))
            return take()
        except (sqlite3.Error, psycopg.Error) as error:
            raise translated(error) from error
        finally:
            if timing is not None:
                timing.record(time.perf_counter_ns() - start)


@contextmanager
def _within(turns: "threading.Lock | threading.Semaphore", s: float, why: str) -> Iterator[None]:
    """A turn, waited for no longer than so many seconds, and than the request may take."""
    if not turns.acquire(timeout=max(0.0, min(remaining_s(), s))):
        if remaining_s() <= 0:
            raise timed_out()
        raise Unavailable(f"the database does not answer now: {why}")
    try:
        yield
    finally:
        turns.release()


class _SqliteSnapshot:
    """A transaction that reads. Generators around it would take as long as a statement."""

    __slots__ = ("_connection",)

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __enter__(self) -> Connection:
        self._connection.run("BEGIN")
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._connection.run("COMMIT")
        elif self._connection.in_transaction:  # not where SQLite has rolled back itself
            self._connection.run("ROLLBACK")


class _Lent:
    """A thread's connection; it is kept for another thread when this one ends.

    It must not be closed then: a thread that Python did not start (Granian's, after 30 s without
    work) would have its state freed twice, which ends the process (CPython issue 119585, in 3.11).
    """

    __slots__ = ("_idle", "connection")

    def __init__(
        self, connection: PoolProxiedConnection, idle: deque[PoolProxiedConnection]
    ) -> None:
        self.connection = connection
        self._idle = idle

    def __del__(self) -> None:
        self._idle.append(self.connection)


class Database:
    """A database that is open: hands out connections for reading and for writing."""

    def __init__(self, engine: Engine, delay_ms: float = 0.0) -> None:
        self.engine = engine
        self.dialect = engine.dialect
        self.embedded = engine.dialect.name == "sqlite"
        self.delay_ms = delay_ms
        self._delay = delay_ms / 1000
        self._local = threading.local()
        self._writer = threading.Lock()
        self._idle: deque[PoolProxiedConnection] = deque()
        # How many statements can run at once, where they are not run in this process.
        self.places = 1 if self.embedded else cast("QueuePool", engine.pool).size()
        self._places = threading.BoundedSemaphore(self.places)
        self._begin_write = "BEGIN IMMEDIATE" if self.embedded else "BEGIN"

    @property
    def blocks(self) -> bool:
        """Whether a read may wait, so that it must not run on an event loop."""
        return not self.embedded or self._delay > 0

    def reading(self) -> AbstractContextManager[Connection]:
        """For a single statement: no transaction around it."""
        if self.embedded:
            # A thread keeps its connection: two generators around it took half as long as the read.
            cursor = self._own_connection().cursor()
            return nullcontext(Connection(cursor, self.dialect, self._delay))
        return self._reading_pooled()

    @contextmanager
    def _reading_pooled(self) -> Iterator[Connection]:
        with self._cursor() as cursor:
            yield Connection(cursor, self.dialect, self._delay)

    def snapshot(self) -> AbstractContextManager[Connection]:
        """For several statements that must see one state of the bookstore."""
        if self.embedded:
            cursor = self._own_connection().cursor()
            return _SqliteSnapshot(Connection(cursor, self.dialect, self._delay))
        return self._snapshot_pooled()

    @contextmanager
    def _snapshot_pooled(self) -> Iterator[Connection]:
        with self._cursor() as cursor, self._transaction(cursor, _BEGIN_SNAPSHOT):
            yield Connection(cursor, self.dialect, self._delay)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """For writes: all of them, or none."""
        with (
            self._cursor() as cursor,
            self._turn(),
            self._waiting_in_time(cursor),
            self._transaction(cursor, self._begin_write),
        ):
            yield Connection(cursor, self.dialect, self._delay)

    def close(self) -> None:
        """Close what the threads and the pool hold."""
        self._local = threading.local()
        while self._idle:
            self._idle.pop().close()
        self.engine.dispose()

    @contextmanager
    def _transaction(self, cursor: DBAPICursor, begin: str) -> Iterator[None]:
        try:
            cursor.execute(begin)
            try:
                yield
            except BaseException:
                self._roll_back(cursor)
                raise
            cursor.execute("COMMIT")
        except (sqlite3.Error, psycopg.Error) as error:
            raise translated(error) from error

    def _roll_back(self, cursor: DBAPICursor) -> None:
        # A write that SQLite was told to interrupt has been rolled back already.
        if not self.embedded or cast("sqlite3.Cursor", cursor).connection.in_transaction:
            cursor.execute("ROLLBACK")

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One writer of this process at a time, where the database has one anyway.

        SQLite's writers poll for its lock, ever more rarely. Of 8 threads that placed orders with
        up to 2 ms between, the slowest in a hundred took 19 to 34 ms and the slowest of all 79 to
        104 ms; in turns 4 to 6 ms and 7 to 11 ms.
        """
        if not self.embedded:
            yield
            return
        with _within(self._writer, BUSY_TIMEOUT_MS / 1000, "other writes take too long"):
            yield

    @contextmanager
    def _waiting_in_time(self, cursor: DBAPICursor) -> Iterator[None]:
        """SQLite's writers wait for each other, where nothing else can interrupt them."""
        left_ms = max(1, int(min(remaining_s() * 1000, BUSY_TIMEOUT_MS)))
        if not self.embedded or left_ms == BUSY_TIMEOUT_MS:
            yield
            return
        cursor.execute(f"PRAGMA busy_timeout = {left_ms}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    @contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        if self.embedded:
            yield self._own_connection().cursor()
            return
        with _within(self._places, _PLACE_S, "all connections to it are in use"):
            connection = self._connect()
            try:
                yield connection.cursor()
            finally:
                if cast("psycopg.Connection", connection.driver_connection).closed:
                    connection.invalidate()
                connection.close()

    def _own_connection(self) -> PoolProxiedConnection:
        # A file is opened once per thread: a check-out from the pool costs as much as the read.
        lent: _Lent | None = getattr(self._local, "lent", None)
        if lent is None:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
                # Not while the data is made: a signal's exception would be lost in the handler.
                raw = cast("sqlite3.Connection", connection.driver_connection)
                raw.set_progress_handler(lambda: remaining_s() <= 0, _STEPS_BETWEEN_CHECKS)
            lent = self._local.lent = _Lent(connection, self._idle)
        return lent.connection

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except Exception as error:
            raise Unavailable(f"the database does not answer: {first_line(error)}") from error
