"""Makes the tables of a new database and fills them with the sample data.

The order makes it fast: the tables, their rows in committed batches, then the indexes, which are
sorted once instead of grown row by row, then the search index, then the statistics by which
statements are planned. `complete` is written last; a database without it is filled anew.
"""

import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, delete, text
from sqlalchemy.schema import AddConstraint, CreateTable, SetTableComment

from shared.config import Settings
from shared.sample_data import generator
from shared.sample_data.interruptible import interruptibly
from shared.sample_data.progress import Progress, shown_progress
from shared.storage import search_index, tables
from shared.storage.ram_folder import free_bytes

# What each part takes of the whole, for the bar: seconds for a million books on one core.
_ROWS, _INDEXES, _SEARCH, _STATISTICS = 22.0, 30.0, 6.0, 2.0
# In the table `bookstore`, where all text is in Unicode's NFC.
TEXT_FORM: Final = ("text", "NFC")
_BYTES_SORTED = 300  # of a book, in the largest index


def fill(engine: Engine, settings: Settings) -> None:
    """Make the tables and fill them in committed batches; removes what is left of an earlier try.

    An exception that a signal handler raises comes through at once, and leaves no `complete`.
    """
    total = _ROWS + _INDEXES + _SEARCH + _STATISTICS
    with (
        _sole_connection(engine, settings.books) as connection,
        shown_progress(f"making {settings.books:,} books", settings.books, total) as progress,
    ):
        interruptibly(connection, lambda stop: _fill(connection, settings, progress, stop))


def _fill(connection: Connection, settings: Settings, progress: Progress, stop: Event) -> None:
    others = [table for table in tables.metadata.sorted_tables if table is not tables.bookstore]
    _begin_anew(connection, others)
    _create_tables(connection, others)
    made = {
        "instance": secrets.token_hex(8),
        "books": str(settings.books),
        "seed": str(settings.seed),
        **dict([TEXT_FORM]),
    }
    _insert(connection, tables.bookstore, ("name", "value"), list(made.items()))
    counts = generator.Size(settings.books).rows
    for table, columns, rows in generator.generate(settings.books, settings.seed):
        if stop.is_set():
            return
        progress.begin(f"rows of {table.name}")
        _insert(connection, table, columns, rows)
        progress.advance(_ROWS * len(rows) / sum(counts.values()))
    _create_indexes(connection, counts, progress)
    progress.begin("search index")
    with connection.begin():
        search_index.create(connection)
    progress.advance(_SEARCH)
    progress.begin("statistics")
    gather_statistics(connection)
    if connection.dialect.name == "sqlite":
        mark_file(connection)
    _write_out(connection)
    _insert(connection, tables.bookstore, ("name", "value"), [("complete", "yes")])
    if connection.dialect.name == "sqlite":
        # While nobody else may open it: of two that find it without a write-ahead log, and would
        # begin one at once, SQLite tells one that the database is locked.
        _raw(connection).execute("PRAGMA journal_mode = WAL").close()


def _begin_anew(connection: Connection, others: list[Table]) -> None:
    """Leave only an empty table `bookstore`, which marks all other tables as ours."""
    with connection.begin():
        tables.bookstore.create(connection, checkfirst=True)
        connection.execute(delete(tables.bookstore))
    with connection.begin():
        search_index.drop(connection)
        tables.metadata.drop_all(connection, tables=others)


def _create_tables(connection: Connection, others: list[Table]) -> None:
    """The tables alone: without secondary indexes, and on PostgreSQL without foreign keys."""
    for table in others:
        with connection.begin():
            if connection.dialect.name == "sqlite":
                connection.execute(CreateTable(table))
                continue
            connection.execute(CreateTable(table, include_foreign_key_constraints=[]))
            if table.comment:
                connection.execute(SetTableComment(table))


def _create_indexes(connection: Connection, counts: Mapping[str, int], progress: Progress) -> None:
    found = [(t, index) for t in tables.metadata.sorted_tables for index in t.indexes]
    entries = sum(counts.get(table.name, 0) for table, _ in found)
    for table, index in sorted(found, key=lambda pair: str(pair[1].name)):
        progress.begin(f"index {index.name}")
        with connection.begin():
            index.create(connection)
        progress.advance(_INDEXES * counts.get(table.name, 0) / entries)
    if connection.dialect.name == "postgresql":
        _add_foreign_keys(connection)
        _move_sequences(connection)


def _add_foreign_keys(connection: Connection) -> None:
    # All at once by a join, where each row of its own takes as long as its insertion.
    for table in tables.metadata.sorted_tables:
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name)):
            with connection.begin():
                # Not taken out of the table, of which this process may make other databases.
                connection.execute(AddConstraint(key, isolate_from_table=False))


def _move_sequences(connection: Connection) -> None:
    # Ids were given, so the sequences have not moved.
    for table in tables.RESOURCES:
        with connection.begin():
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "  # noqa: S608
                    f'(SELECT max(id) FROM "{table.name}"))'
                )
            )


def gather_statistics(connection: Connection) -> None:
    """Have the database look at its rows, so that it plans statements by what there is."""
    # PostgreSQL: vacuuming marks the pages whose rows all see, so that an index alone can answer.
    names = [f'VACUUM (ANALYZE) "{table.name}"' for table in tables.metadata.sorted_tables]
    for statement in ["ANALYZE"] if connection.dialect.name == "sqlite" else names:
        with connection.begin():  # on PostgreSQL each commits itself
            connection.exec_driver_sql(statement)


def mark_file(connection: Connection) -> None:
    """Mark the file's header as this bookstore's (see `named_file`)."""
    with connection.begin():
        if connection.exec_driver_sql("PRAGMA user_version").scalar() == 0:
            mark = 1 + secrets.randbelow(2**31 - 1)
            connection.exec_driver_sql(f"PRAGMA user_version = {mark}")


def _write_out(connection: Connection) -> None:
    """Wait until everything is on the disk, so that `complete` never stands beside missing rows."""
    if connection.dialect.name == "sqlite":
        file = os.open(connection.engine.url.database or "", os.O_RDONLY)
        try:
            os.fsync(file)
        finally:
            os.close(file)


def _insert(
    connection: Connection, table: Table, columns: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """A batch, committed."""
    names = ", ".join(columns)
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        with connection.begin():
            connection.exec_driver_sql(
                f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})',  # noqa: S608 - our names
                rows,
            )
        return
    copying = f'COPY "{table.name}" ({names}) FROM STDIN'
    with _raw(connection).cursor() as cursor, cursor.copy(copying) as copy:
        for row in rows:
            copy.write_row(row)


@contextmanager
def _sole_connection(engine: Engine, books: int) -> Iterator[Connection]:
    """The only open connection, with settings for filling, which do not outlast it."""
    engine.dispose()
    try:
        with engine.connect() as connection:
            raw = _raw(connection)
            if connection.dialect.name == "sqlite":
                # Nobody else reads it yet: without the write-ahead log each page is written once,
                # and a statement that makes an index needs no second place for it.
                raw.execute("PRAGMA journal_mode = TRUNCATE")
                raw.execute("PRAGMA synchronous = OFF")
                raw.execute("PRAGMA foreign_keys = OFF")  # the rows are ours, and right
                _sort_in_files(raw, books)
            else:
                raw.execute("SET maintenance_work_mem = '256MB'")
                raw.execute("SET synchronous_commit = off")
            yield connection
    finally:
        engine.dispose()


def _sort_in_files(raw: sqlite3.Connection, books: int) -> None:
    """Let SQLite sort indexes in parts, by temporary files and a helper thread, if there is room.

    For 400,000 books this took half the time of sorting in memory, and 40 MB of memory instead of
    230.
    """
    places = {Path(place) for place in ("/var/tmp", tempfile.gettempdir())}  # noqa: S108 - SQLite's
    if all(free_bytes(place) > books * _BYTES_SORTED for place in places if place.is_dir()):
        raw.execute("PRAGMA temp_store = FILE")
        raw.execute("PRAGMA threads = 1")


def _raw(connection: Connection) -> Any:
    """The driver's connection."""
    return connection.connection.driver_connection
