"""Where the database is, and how a statement runs on it: counted, timed, delayed if so set.

Everything else sees a `Connection`; only this module knows the drivers and their errors.
"""

import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.pool import PoolProxiedConnection, QueuePool

from shared.errors import Unavailable
from shared.instrumentation import record_statement
from shared.statements import Statement

Row = tuple[Any, ...]
Taken = TypeVar("Taken")

BUSY_TIMEOUT_MS = 5_000
POOL_SIZE = 10  # connections to PostgreSQL per process


class ConstraintViolation(Exception):
    """A unique or foreign key constraint refused a write.

    Attributes:
        unique: the name of the unique constraint, e.g. `uq_author_email`; None for a foreign key.
    """

    def __init__(self, unique: str | None) -> None:
        super().__init__(unique or "foreign key")
        self.unique = unique


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

    def all(self, statement: Statement, **values: Any) -> Sequence[Row]:
        """All rows."""
        return self._run(statement, values, self._cursor.fetchall)

    def first(self, statement: Statement, **values: Any) -> Row | None:
        """The first row, or None."""
        return self._run(statement, values, self._cursor.fetchone)

    def change(self, statement: Statement, **values: Any) -> int:
        """The number of rows that it changed."""
        return self._run(statement, values, lambda: self._cursor.rowcount)

    def _run(
        self, statement: Statement, values: dict[str, Any], take: Callable[[], Taken]
    ) -> Taken:
        # SQLite works while rows are fetched, so that belongs to the time.
        compiled = statement.compiled(self._dialect)
        start = time.perf_counter_ns()
        try:
            if self._delay:
                time.sleep(self._delay)
            self._cursor.execute(compiled.text, compiled.bind(values))
            return take()
        except (sqlite3.Error, psycopg.Error) as error:
            raise _translated(error) from error
        finally:
            record_statement(time.perf_counter_ns() - start)


# What the machine or another process does to SQLite; its other operational errors are ours.
_STATES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
    }
)


def _is_state(error: Exception) -> bool:
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _STATES  # the lowest byte is the primary code


def _translated(error: Exception) -> Exception:
    """The driver's error as one of ours; an error that nobody expects stays as it is."""
    if isinstance(error, sqlite3.IntegrityError):
        text = str(error)
        if text.startswith("UNIQUE constraint failed: "):
            return ConstraintViolation("uq_" + text.rsplit(": ", 1)[1].replace(".", "_"))
        return ConstraintViolation(None) if text.startswith("FOREIGN KEY") else error
    if isinstance(error, psycopg.errors.UniqueViolation):
        return ConstraintViolation(error.diag.constraint_name)
    if isinstance(error, psycopg.errors.ForeignKeyViolation):
        return ConstraintViolation(None)
    if isinstance(error, psycopg.OperationalError) or _is_state(error):
        return Unavailable(f"the database does not answer now: {str(error).strip()}")
    return error


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
        self._idle: deque[PoolProxiedConnection] = deque()
        begin = "BEGIN" if self.embedded else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
        self._begin_snapshot = begin
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

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """For several statements that must see one state of the bookstore."""
        with self._cursor() as cursor, self._transaction(cursor, self._begin_snapshot):
            yield Connection(cursor, self.dialect, self._delay)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """For writes: all of them, or none."""
        with self._cursor() as cursor, self._transaction(cursor, self._begin_write):
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
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        except (sqlite3.Error, psycopg.Error) as error:
            raise _translated(error) from error

    @contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        if self.embedded:
            yield self._own_connection().cursor()
            return
        connection = self._connect()
        try:
            yield connection.cursor()
        except Unavailable:
            connection.invalidate()
            raise
        finally:
            connection.close()

    def _own_connection(self) -> PoolProxiedConnection:
        # A file is opened once per thread: a check-out from the pool costs as much as the read.
        lent: _Lent | None = getattr(self._local, "lent", None)
        if lent is None:
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._connect()
            lent = self._local.lent = _Lent(connection, self._idle)
        return lent.connection

    def _connect(self) -> PoolProxiedConnection:
        try:
            return self.engine.raw_connection()
        except Exception as error:
            reason = str(error).strip().splitlines()[0]
            raise Unavailable(f"the database does not answer: {reason}") from error


def sqlite_engine(path: Path, *, lasting: bool) -> Engine:
    """An engine for a SQLite file; one that lasts is synchronised to the disk at each commit."""
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, max_overflow=-1)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # BEGIN is ours to say
        for pragma in (
            f"busy_timeout = {BUSY_TIMEOUT_MS}",
            "journal_mode = WAL",
            f"synchronous = {'FULL' if lasting else 'OFF'}",
            "foreign_keys = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def postgresql_engine(url: str) -> Engine:
    """An engine for PostgreSQL over psycopg 3; transactions are begun by us."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT",
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"connect_timeout": 5},
    )
