"""Sees what another program has taken away of the tables, while the bookstore uses them.

A statement that fails for want of a table may be wrong, or the table be gone. So what there is now
is compared with what there was when the database was opened: only where something is missing, the
bookstore is not to blame.
"""

import logging
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager, suppress
from typing import Final, NamedTuple

import psycopg
from sqlalchemy import Engine
from sqlalchemy.engine.interfaces import DBAPICursor

from shared.errors import BookstoreError, Unavailable
from shared.storage import search_index, tables
from shared.storage.driver_errors import first_line

log = logging.getLogger(__name__)

_CHECK_S: Final = 1.0  # from one look for what was missing to the next
_MOST_NAMED: Final = 3

_NAMES: Final = ", ".join(f"'{name}'" for name in tables.metadata.tables)
# The indexes that SQLite's statements name; without one they fail.
_INDEXES: Final = {str(index.name) for table in tables.LISTED for index in table.indexes}
_ON_SQLITE: Final = f"""
SELECT 'column', m.name, c.name, CASE c.pk WHEN 0 THEN '' ELSE 'key' END
FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table' AND m.name IN ({_NAMES})
UNION ALL
SELECT type, tbl_name, name, '' FROM sqlite_master
WHERE name IN ({", ".join(f"'{name}'" for name in (*_INDEXES, *search_index.PARTS))})
OR (name LIKE 'sqlite_autoindex%' AND tbl_name IN ({_NAMES}))
"""  # noqa: S608 - our own names
_ON_POSTGRESQL: Final = f"""
WITH ours AS (
    SELECT oid, relname::text FROM pg_class
    WHERE relname IN ({_NAMES}) AND pg_table_is_visible(oid)
)
SELECT 'column', relname, attname::text,
    typcategory::text || CASE WHEN atthasdef THEN ', default' ELSE '' END
FROM ours JOIN pg_attribute ON attrelid = ours.oid JOIN pg_type ON pg_type.oid = atttypid
WHERE attnum > 0 AND NOT attisdropped
UNION ALL
SELECT 'constraint', relname, conname::text, '' FROM ours JOIN pg_constraint ON conrelid = ours.oid
UNION ALL
SELECT 'privilege', relname, name, ''
FROM ours, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS name
WHERE has_table_privilege(oid, name)
"""  # noqa: S608 - our own names


class _Part(NamedTuple):
    """Something that a table has; `detail` is what else of it matters."""

    kind: str
    table: str
    name: str
    detail: str


_Parts = frozenset[_Part]


class Schema:
    """Remembers what the tables had, and what of it is missing until that is there again."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._where = engine.url.set(drivername=engine.dialect.name).render_as_string()
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._lock = threading.Lock()  # one looks at a time
        self._closed = threading.Event()
        self._missing: str | None = None
        self._version: int | None = None  # SQLite's, of the schema that was found whole last
        with self._cursor() as cursor:
            self._had = self._parts(cursor)

    def explained(self, error: Exception) -> Exception:
        """The error, or what is missing if it may be due to that; logged once."""
        with self._lock:
            if self._missing is None:
                try:
                    with self._cursor() as cursor:
                        self._look(cursor)
                except (sqlite3.Error, psycopg.Error) as unseen:
                    return Unavailable(f"the database does not answer now: {first_line(unseen)}")
            return error if self._missing is None else _unavailable(self._missing)

    def require(self, cursor: DBAPICursor, names: AbstractSet[str] = frozenset()) -> None:
        """Refuse to go on where something is missing, whether or not a statement has met with it.

        On SQLite it takes 2 µs, unless somebody has changed the schema.

        Args:
            names: only of these it matters if they are missing.

        Raises:
            Unavailable: something is missing; logged once.
        """
        version = None
        if self._is_sqlite:
            cursor.execute("PRAGMA schema_version")
            ((version,),) = cursor.fetchall()
            if version == self._version:
                return
        with self._lock:
            missing = self._look(cursor)
            if self._missing is None:
                self._version = version
            elif not names or names & {part.name for part in missing}:
                raise _unavailable(self._missing)

    def close(self) -> None:
        """Look no more."""
        self._closed.set()

    @contextmanager
    def _cursor(self) -> Iterator[DBAPICursor]:
        """Of a connection of its own: another one may be in a transaction that has failed."""
        connection = self._engine.pool.recreate().connect()
        try:
            with closing(connection.cursor()) as cursor:
                yield cursor
        finally:
            connection.detach()  # from its pool, which is gone: it is closed
            connection.close()

    def _parts(self, cursor: DBAPICursor) -> _Parts:
        cursor.execute(_ON_SQLITE if self._is_sqlite else _ON_POSTGRESQL)
        return frozenset(filter(_is_ours, (_Part(*row) for row in cursor.fetchall())))

    def _look(self, cursor: DBAPICursor) -> _Parts:
        now = self._parts(cursor)
        missing = self._had - now
        before, self._missing = self._missing, _told(missing, now) if missing else None
        if before is None and self._missing is not None:
            log.error(
                "%s: another program has taken away %s; requests that need it are answered 503 "
                "until it is there again",
                self._where,
                self._missing,
            )
            threading.Thread(target=self._wait, name="schema", daemon=True).start()
        elif before is not None and self._missing is None:
            log.warning("%s has again what was missing: the bookstore answers", self._where)
        return missing

    def _wait(self) -> None:
        """Until nothing is missing any more, look again and again."""
        while not self._closed.wait(_CHECK_S):
            with (
                suppress(sqlite3.Error, psycopg.Error, BookstoreError),
                self._lock,
                self._cursor() as cursor,
            ):
                if self._missing is not None:
                    self._look(cursor)
                if self._missing is None:
                    return


def missing_columns(found: Iterable[tuple[str, str]]) -> str | None:
    """What of all columns is not among these, each the name of its table and its own."""
    ours = {
        _Part("column", table.name, column.name, "")
        for table in tables.metadata.sorted_tables
        for column in table.columns
    }
    now = frozenset(_Part("column", table, name, "") for table, name in found)
    return _told(frozenset(ours - now), now) if ours - now else None


def _is_ours(part: _Part) -> bool:
    """Whether it is not what somebody has added to a table."""
    table = tables.metadata.tables.get(part.table)
    if table is None or part.kind not in ("column", "constraint"):
        return True
    return part.name in table.columns or part.name in {one.name for one in table.constraints}


def _told(missing: _Parts, now: _Parts) -> str:
    """The missing parts in words, a table as a whole if it has no columns any more."""
    gone = {part.table for part in missing if part.kind == "column"}
    gone -= {part.table for part in now if part.kind == "column"}
    told = [f"the table {name}" for name in sorted(gone)]
    told += [_named(part, now) for part in sorted(missing) if part.table not in gone]
    more = len(told) - _MOST_NAMED
    return ", ".join(told[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _named(part: _Part, now: _Parts) -> str:
    if part.name == part.table:
        return f"the {part.kind} {part.name}"
    changed = " as it was" if part[:3] in {other[:3] for other in now} else ""
    return f"the {part.kind} {part.name} of {part.table}{changed}"


def _unavailable(missing: str) -> Unavailable:
    return Unavailable(f"the database does not answer now: it lacks {missing}")
