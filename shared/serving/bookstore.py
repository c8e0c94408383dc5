"""Opens the bookstore's database: the one in RAM, a SQLite file, or PostgreSQL; filled once."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, inspect, make_url, select, text

from shared.config import CHECKOUT, Settings
from shared.database import Database
from shared.errors import StartError
from shared.operations.order_watch import watch_database
from shared.sample_data.filling import fill
from shared.serving.renewal import renew
from shared.storage import tables
from shared.storage.driver_errors import first_line
from shared.storage.engines import postgresql_engine, sqlite_engine
from shared.storage.ram_folder import RamFolder, folder_for, require_room

_BYTES_PER_BOOK = 1_600  # with its share of all tables and indexes; 1,500 at a million books
_SPARE_BYTES = 20_000_000  # the write-ahead log, and what users add
_SETUP_LOCK = 0x626F6F6B  # "book": PostgreSQL's advisory lock while tables are made


class Bookstore:
    """The open database, and whatever must be released at the end.

    Attributes:
        books: about how many it had when it was opened: the largest id.
    """

    def __init__(self, database: Database, instance: str, folder: RamFolder | None = None) -> None:
        self.database = database
        self.books = _books(database)
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
        said = f"cannot open {where}: {first_line(error)}; check BOOKSTORE_DATABASE_URL"
        raise StartError(said) from error


def _open_in_ram(settings: Settings) -> Bookstore:
    needed = _needed_bytes(settings)
    path = folder_for(CHECKOUT, settings.instance, needed)
    engine = sqlite_engine(path / "bookstore.db", lasting=False)

    def prepare(alone: bool) -> None:
        if alone:
            require_room(path, needed)  # it may have been there before the others were full
            fill(engine, settings)
        else:
            _require_same(engine, settings)

    folder = RamFolder(path, prepare)
    instance = _read(engine)["instance"]
    engine.dispose()
    serving = sqlite_engine(path / "bookstore.db", lasting=False, existing=True)
    return Bookstore(Database(serving, settings.db_latency_ms, lasting=False), instance, folder)


def _needed_bytes(settings: Settings) -> int:
    return settings.books * _BYTES_PER_BOOK + _SPARE_BYTES


def _open_lasting(settings: Settings, url: str) -> Bookstore:
    path: Path | None = None
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")).absolute()
        folder = path.resolve().parent  # the same by whatever link it is named
        if not folder.is_dir():
            raise StartError(
                f"the folder {folder} does not exist; create it, or set BOOKSTORE_DATABASE_URL"
            )
        engine = sqlite_engine(path, lasting=True)
        lock = _folder_lock(folder)
    else:
        engine = postgresql_engine(url)
        lock = _advisory_lock(engine)
    try:
        if path is None:
            _require_unicode(engine)
        with lock:
            _prepare(engine, settings, path)
        instance = _read(engine)["instance"]
    except BaseException:
        engine.dispose()  # nothing holds the database open that did not open it
        raise
    engine.dispose()
    if path is None:  # from now on, statements may take only so long
        engine = postgresql_engine(url, settings.request_timeout_s, settings.pool_size)
    else:  # and a file that is gone is not made anew
        engine = sqlite_engine(path, lasting=True, existing=True)
    return Bookstore(Database(engine, settings.db_latency_ms), instance)


def _require_unicode(engine: Engine) -> None:
    """Refuse a database of PostgreSQL's that could not keep all text.

    Raises:
        StartError: its encoding is not UTF-8.
    """
    with engine.connect() as connection:
        encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        where = engine.url.render_as_string()
        raise StartError(
            f"{where} keeps text as {encoding}, which is not UTF-8; set BOOKSTORE_DATABASE_URL to "
            "one that does, made by createdb --encoding=UTF8 --template=template0"
        )


def _books(database: Database) -> int:
    with database.reading() as connection:
        row = connection.first(connection.statement(select(func.max(tables.book.c.id))))
    return row[0] or 0 if row else 0


def _prepare(engine: Engine, settings: Settings, path: Path | None) -> None:
    """Fill a database that lasts, or bring it up to date; `path` is its file, if it has one."""
    known = _read(engine) if _is_ours(engine) else {}
    if known.get("complete") == "yes":
        renew(engine)
        return
    if path is not None:
        require_room(path.parent, _needed_bytes(settings), taken=_size_of(path))
    fill(engine, settings)  # it is new, or its filling was cut short


def _is_ours(engine: Engine) -> bool:
    """Whether the database holds a bookstore, complete or not.

    Raises:
        StartError: it does not, but has another program's table of the same name.
    """
    found = set(inspect(engine).get_table_names())
    if tables.bookstore.name in found:
        return True
    if theirs := sorted(found & tables.metadata.tables.keys()):
        raise StartError(
            f"the database has tables that are no bookstore's ({', '.join(theirs)}); "
            "set BOOKSTORE_DATABASE_URL to a database of the bookstore's own"
        )
    return False


def _size_of(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


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
