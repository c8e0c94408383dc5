"""One connection's statements: how each runs on the driver's cursor, counted, timed and delayed."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, cast

import psycopg
from sqlalchemy import Dialect
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import Executable

from shared.storage import search_index
from shared.storage.driver_errors import (
    is_damage,
    is_refusal_of_rights,
    is_refusal_to_write,
    timed_out,
    translated,
)
from shared.storage.instrumentation import current_timing
from shared.storage.named_file import NamedFile
from shared.storage.schema import Schema
from shared.storage.statements import Statement

Row = tuple[Any, ...]
Taken = TypeVar("Taken")


class HandOver(BaseException):
    """Raised on an event loop where work would block it: nothing is done, and a thread has to.

    Not an `Exception`, since frameworks' handlers would make an answer of that.
    """


class Checks(NamedTuple):
    """What a statement may have failed for: SQLite's file, and the tables."""

    file: NamedFile | None
    schema: Schema


def as_ours(error: Exception, checks: Checks | None) -> Exception:
    """The driver's error as one of ours; what it tells of the database is remembered."""
    if checks is None:
        return translated(error)
    if (file := checks.file) is not None:
        if is_damage(error):
            return file.damaged(error)
        if is_refusal_to_write(error):
            file.refused_to_write(error)
        file.next_look = 0.0  # it may be the file's fault
    ours = translated(error)
    if ours is error or is_refusal_of_rights(error):
        return checks.schema.explained(ours)
    return ours


class Connection:
    """Runs statements of one request or one transaction."""

    __slots__ = ("_at_once", "_checks", "_cursor", "_delay", "_dialect")

    def __init__(
        self,
        cursor: DBAPICursor,
        dialect: Dialect,
        delay: float,
        checks: Checks | None = None,
        *,
        at_once: bool = False,
    ) -> None:
        """Args:
        at_once: whether this is on an event loop, so that nothing may take long.
        """
        self._cursor = cursor
        self._dialect = dialect
        self._delay = delay
        self._checks = checks
        self._at_once = at_once

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
            raise as_ours(error, self._checks) from error

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open, on SQLite."""
        return cast("sqlite3.Cursor", self._cursor).connection.in_transaction

    def may_take_long(self) -> None:
        """Announce a statement that may hold an event loop for longer than others may wait.

        Raises:
            HandOver: this is on one; what was written until now is rolled back.
        """
        if self._at_once:
            raise HandOver

    def statement(self, construct: Executable) -> Statement:
        """A statement that only this database will run."""
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
            raise as_ours(error, self._checks) from error

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
            raise as_ours(error, self._checks) from error
        finally:
            if timing is not None:
                timing.record(time.perf_counter_ns() - start, compiled.text)


# Generators around these two would take as long as a statement. Their cursors are closed after use:
# a cursor left to the garbage collector is reset by whichever thread that runs in, and this thread
# then waits until the connection's own statement ends, such as one that waits for a lock.


class SqliteReading(Connection):
    """For single statements."""

    __slots__ = ()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: object) -> None:
        self._cursor.close()


class SqliteSnapshot(Connection):
    """A transaction that reads."""

    __slots__ = ()

    def __enter__(self) -> Connection:
        try:
            self.run("BEGIN")
        except BaseException:
            self._cursor.close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self.run("COMMIT")
        finally:
            if self.in_transaction:  # not where SQLite has rolled back itself
                self.run("ROLLBACK")
            self._cursor.close()
