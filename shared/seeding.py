"""Opens the bookstore's database: the one in RAM, a SQLite file, or PostgreSQL; filled once."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, make_url, select, text

from shared import sample_data, tables
from shared.config import CHECKOUT, Settings
from shared.database import Database
from shared.engines import postgresql_engine, sqlite_engine
from shared.errors import StartError
from shared.ram import RamFolder, folder_for
from shared.watching import watch_database

_BYTES_PER_BOOK = 1_500  # with its share of the other tables; about 700 at 50,000 books
_SPARE_BYTES = 20_000_000  # the write-ahead log, and what users add
_SETUP_LOCK = 0x626F6F6B  # "book": PostgreSQL's advisory lock while tables are made


class Bookstore:
    """The open database with what must be let go of at the end."""

    def __init__(self, database: Database, instance: str, folder: RamFolder | None = None) -> None:
        self.database = database
        self.instance = instance
        self.watch = watch_database(database)
        self._folder = folder

    def close(self) -> None:
        """Close the database; whoever is last removes the one in RAM."""
        self.watch.close()
        self.database.close()
        if self._folder is not None:
            self._folder.close()


def open_bookstore(settings: Settings) -> Bookstore:
    """Open the database that the settings name, and fill it if it is new.

    Raises:
        StartError: it cannot be reached, or another process has it with another size or seed.
    """
    try:
        if settings.database_url is None:
            return _open_in_ram(settings)
        return _open_lasting(settings, settings.database_url)
    except StartError:
        raise
    except Exception as error:  # whatever the driver says, it is one line for the user
        url = settings.database_url
        where = make_url(url).render_as_string() if url else "the database in RAM"  # no password
        reason = str(error).strip().splitlines()[0]
        raise StartError(f"cannot open {where}: {reason}; check BOOKSTORE_DATABASE_URL") from error


def _open_in_ram(settings: Settings) -> Bookstore:
    needed = settings.books * _BYTES_PER_BOOK + _SPARE_BYTES
    path = folder_for(CHECKOUT, settings.instance, needed)
    engine = sqlite_engine(path / "bookstore.db", lasting=False)

    def prepare(alone: bool) -> None:
        if alone:
            _create(engine, settings)
        else:
            _require_same(engine, settings)

    folder = RamFolder(path, prepare)
    return Bookstore(Database(engine, settings.db_latency_ms), _read(engine)["instance"], folder)


def _open_lasting(settings: Settings, url: str) -> Bookstore:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")).resolve()
        if not path.parent.is_dir():
            raise StartError(
                f"the folder {path.parent} does not exist; create it, or set BOOKSTORE_DATABASE_URL"
            )
        engine = sqlite_engine(path, lasting=True)
        lock = _folder_lock(path.parent)
    else:
        engine = postgresql_engine(url)
        lock = _advisory_lock(engine)
    with lock:
        known = _read(engine) if inspect(engine).has_table(tables.bookstore.name) else {}
        if known.get("complete") != "yes":  # new, or its filling was cut short
            tables.metadata.drop_all(engine)
            _create(engine, settings)
        else:
            _add_what_is_new(engine)
    instance = _read(engine)["instance"]
    if engine.dialect.name == "postgresql":  # from now on, statements may take only so long
        engine.dispose()
        engine = postgresql_engine(url, settings.request_timeout_s)
    return Bookstore(Database(engine, settings.db_latency_ms), instance)


@contextmanager
def _folder_lock(folder: Path) -> Iterator[None]:
    # On the folder itself: nothing is left behind, and the database's file may not be there yet.
    lock = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


@contextmanager
def _advisory_lock(engine: Engine) -> Iterator[None]:
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _SETUP_LOCK})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _SETUP_LOCK})


def _require_same(engine: Engine, settings: Settings) -> None:
    """Refuse to share a database that was made with another size or seed."""
    made = _read(engine)
    for name, value in (("books", settings.books), ("seed", settings.seed)):
        if made[name] != str(value):
            raise StartError(
                f"BOOKSTORE_{name.upper()} is {value} here but {made[name]} in the process that "
                "has this bookstore open; give both the same, or set another BOOKSTORE_INSTANCE"
            )


def _read(engine: Engine) -> dict[str, str]:
    with engine.connect() as connection:
        rows = connection.execute(select(tables.bookstore.c.name, tables.bookstore.c.value))
        return {name: value for name, value in rows}  # noqa: C416 - rows are not pairs to mypy


def _create(engine: Engine, settings: Settings) -> None:
    """Make the tables and fill them, in committed batches; `complete` is written last."""
    tables.metadata.create_all(engine)
    made = {
        "instance": secrets.token_hex(8),
        "books": str(settings.books),
        "seed": str(settings.seed),
    }
    with engine.begin() as connection:
        _insert(connection, tables.bookstore.name, ("name", "value"), list(made.items()))
    for table, columns, rows in sample_data.generate(settings.books, settings.seed):
        with engine.begin() as connection:
            _insert(connection, table.name, columns, rows)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            _move_sequences(connection)
        else:
            connection.exec_driver_sql("ANALYZE")
        _insert(connection, tables.bookstore.name, ("name", "value"), [("complete", "yes")])


def _add_what_is_new(engine: Engine) -> None:
    """The tables and indexes that a database made by an earlier version has not."""
    tables.metadata.create_all(engine)
    for table in tables.metadata.sorted_tables:
        for index in table.indexes:
            index.create(engine, checkfirst=True)


def _insert(
    connection: Connection, table: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> None:
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    marks = ", ".join([mark] * len(columns))
    names = ", ".join(columns)
    connection.exec_driver_sql(
        f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608 - our own names
        rows,
    )


def _move_sequences(connection: Connection) -> None:
    # Ids were given, so the sequences have not moved.
    for table in tables.RESOURCES:
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('\"{table.name}\"', 'id'), "  # noqa: S608
                f'(SELECT max(id) FROM "{table.name}"))'
            )
        )
