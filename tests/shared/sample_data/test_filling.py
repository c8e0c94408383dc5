"""How a new database is filled: whole or not at all, in which order, and what is there then."""

import itertools
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, Table, inspect
from sqlalchemy.schema import CreateTable

from launcher.ports import free_port
from shared.config import CHECKOUT, Settings
from shared.sample_data import filling, interruptible
from shared.sample_data.interruptible import interruptibly
from shared.sample_data.progress import Progress
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.storage import tables
from shared.storage.engines import postgresql_engine, sqlite_engine
from shared.storage.ram_folder import folder_for
from tests.shared.conftest import Stopped, private_settings
from tests.waiting import LIMIT_S, wait_until

# As a terminal leaves it: what runs in the background may have been told to ignore it.
OPEN = """
import signal
from shared.config import read_settings
from shared.serving.bookstore import open_bookstore
signal.signal(signal.SIGINT, signal.default_int_handler)
open_bookstore(read_settings())
"""
TOLD = re.compile(r"bookstore: making 200,000 books: \d+% \(.*\)")
STEPS = ("rows of order", "index ix_order_item_book_id", "search index", "statistics")


@pytest.fixture(params=["sqlite", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings with a database that lasts, and that has nothing of a bookstore yet."""
    if request.param == "sqlite":
        yield private_settings(books=60, database_url=f"sqlite:///{tmp_path}/books.db")
        return
    settings = private_settings(books=60, database_url=request.getfixturevalue("postgresql_url"))
    opened = open_bookstore(settings)  # it is there for other tests too: begin it anew
    with opened.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM bookstore WHERE name = 'complete'")
    opened.close()
    yield settings


def rows_of(bookstore: Bookstore, sql: str) -> list[Any]:
    with bookstore.database.engine.connect() as connection:
        return list(connection.exec_driver_sql(sql))


@pytest.mark.parametrize("step", STEPS)
def test_what_was_cut_short_is_filled_anew(
    lasting: Settings, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def begin(_self: Progress, what: str) -> None:
        if what == step:
            raise Stopped

    with monkeypatch.context() as patch:
        patch.setattr(Progress, "begin", begin)
        with pytest.raises(Stopped):
            open_bookstore(lasting)
    # Of another size: nothing of the first filling may be left.
    opened = open_bookstore(lasting.model_copy(update={"books": 40}))
    assert rows_of(opened, "SELECT count(*) FROM book") == [(40,)]
    assert rows_of(opened, "SELECT value FROM bookstore WHERE name = 'complete'") == [("yes",)]
    if opened.database.embedded:  # FTS5's own check that it has what the books have
        with opened.database.engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO book_search(book_search, rank) VALUES ('integrity-check', 1)"
            )
    opened.close()


def test_what_was_cut_short_among_its_tables_is_filled_anew(
    lasting: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def create(table: Table, **given: Any) -> CreateTable:
        if len(made) == 3:
            raise Stopped
        made.append(table)
        return CreateTable(table, **given)

    with monkeypatch.context() as patch:
        patch.setattr(filling, "CreateTable", create)
        with pytest.raises(Stopped):
            open_bookstore(lasting)
    opened = open_bookstore(lasting)
    assert rows_of(opened, "SELECT count(*) FROM book") == [(60,)]
    opened.close()


def test_every_index_is_there_and_the_planner_knows_the_rows(bookstore: Bookstore) -> None:
    engine = bookstore.database.engine
    for table in tables.metadata.sorted_tables:
        found = {index["name"] for index in inspect(engine).get_indexes(table.name)}
        assert {index.name for index in table.indexes} <= found
    known = "SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'book'"
    if not bookstore.database.embedded:
        known = "SELECT count(*) FROM pg_stats WHERE tablename = 'book' AND attname = 'genre'"
    assert rows_of(bookstore, known)[0][0] > 0


def test_every_foreign_key_is_there_and_holds(bookstore: Bookstore) -> None:
    engine = bookstore.database.engine
    for table in tables.metadata.sorted_tables:
        found = inspect(engine).get_foreign_keys(table.name)
        assert {key["constrained_columns"][0] for key in found} == {
            key.column_keys[0] for key in table.foreign_key_constraints
        }
    if bookstore.database.embedded:
        assert rows_of(bookstore, "PRAGMA foreign_key_check") == []


def test_making_one_database_changes_nothing_for_the_next(
    lasting: Settings, tmp_path: Path
) -> None:
    open_bookstore(lasting).close()
    after = open_bookstore(
        private_settings(books=30, database_url=f"sqlite:///{tmp_path}/after.db")
    )
    assert len(inspect(after.database.engine).get_foreign_keys("order_item")) == 2
    after.close()


def test_a_database_of_an_earlier_version_gets_the_indexes_of_this_one(
    lasting: Settings,
) -> None:
    opened = open_bookstore(lasting)
    with opened.database.engine.begin() as connection:
        for index in tables.book.indexes:
            connection.exec_driver_sql(f'DROP INDEX "{index.name}"')
        connection.exec_driver_sql("CREATE INDEX ix_book_genre ON book (genre, id)")
    opened.close()
    again = open_bookstore(lasting)
    found = {str(index["name"]) for index in inspect(again.database.engine).get_indexes("book")}
    assert {index.name for index in tables.book.indexes} <= found
    assert "ix_book_genre" not in found
    again.close()


@pytest.mark.parametrize(("free", "store"), [(10**12, 1), (0, 2)], ids=["files", "memory"])
def test_indexes_are_sorted_in_files_only_where_there_is_room(
    free: int, store: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "free_bytes", lambda _place: free)
    engine = sqlite_engine(tmp_path / "books.db", lasting=False)
    with filling._sole_connection(engine, 1_000_000) as connection:
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == store
    with engine.connect() as connection:  # what serves keeps its own
        assert connection.exec_driver_sql("PRAGMA temp_store").scalar() == 2
    engine.dispose()


def test_a_filled_file_has_its_log_before_others_may_open_it(tmp_path: Path) -> None:
    """Two that open it at once would both make it so, and one be told that it is locked."""
    engine = sqlite_engine(tmp_path / "books.db", lasting=False)
    filling.fill(engine, private_settings(books=30))
    with closing(sqlite3.connect(tmp_path / "books.db")) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


# -- signals ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("stopping")
def test_a_signal_ends_a_statement_that_would_take_for_ever(tmp_path: Path) -> None:
    engine: Engine = sqlite_engine(tmp_path / "books.db", lasting=False)
    with filling._sole_connection(engine, 30) as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.create_function("tell", 0, lambda: os.kill(os.getpid(), signal.SIGUSR1))
        endless = (
            "WITH RECURSIVE n(i) AS (SELECT tell() UNION ALL SELECT 1 FROM n) SELECT max(i) FROM n"
        )
        with pytest.raises(Stopped):
            interruptibly(connection, lambda _: list(raw.execute(endless)))


@pytest.mark.usefixtures("stopping")
def test_a_signal_ends_a_statement_on_postgresql_too(postgresql_url: str) -> None:
    engine = postgresql_engine(postgresql_url)
    with filling._sole_connection(engine, 30) as connection:
        raw = connection.connection.driver_connection
        assert isinstance(raw, psycopg.Connection)
        raw.add_notice_handler(lambda _notice: os.kill(os.getpid(), signal.SIGUSR1))
        long = "DO $$ BEGIN RAISE NOTICE 'it runs'; PERFORM pg_sleep(3600); END $$"
        with pytest.raises(Stopped):
            interruptibly(connection, lambda _: list(raw.execute(long)))


@pytest.mark.parametrize("is_begun", [False, True])
def test_a_handler_that_raises_while_the_work_begins_ends_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_begun: bool
) -> None:
    """As one does for a signal that another thread has taken, while the main one blocks them."""
    begun, ended = threading.Event(), threading.Event()

    class Beginning(threading.Thread):
        def start(self) -> None:
            if is_begun:
                super().start()
                assert begun.wait(LIMIT_S)
            raise Stopped

    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    engine = sqlite_engine(tmp_path / "books.db", lasting=False)
    with filling._sole_connection(engine, 30) as connection:

        def work(_stop: threading.Event) -> None:
            begun.set()
            try:
                connection.exec_driver_sql(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT 1 FROM n) "
                    "SELECT max(i) FROM n"
                ).all()
            finally:
                ended.set()

        monkeypatch.setattr(interruptible, "threading", SimpleNamespace(Thread=Beginning))
        with pytest.raises(Stopped):
            interruptibly(connection, work)
    assert begun.is_set() == ended.is_set() == is_begun
    assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == blocked


@pytest.mark.usefixtures("stopping")
def test_a_signal_ends_it_between_two_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt ends a statement; of those that take a moment, it seldom meets one."""
    began = time.monotonic()

    def endless(_books: int, _seed: int) -> Iterator[Any]:
        os.kill(os.getpid(), signal.SIGUSR1)
        for number in itertools.count():
            if time.monotonic() > began + LIMIT_S:
                break
            yield tables.bookstore, ("name", "value"), [(f"row {number}", "")]

    monkeypatch.setattr(filling.generator, "generate", endless)
    monkeypatch.setattr(interruptible, "_interrupt", lambda _connection: None)
    engine = sqlite_engine(tmp_path / "books.db", lasting=False)
    with pytest.raises(Stopped):
        filling.fill(engine, private_settings(books=30))
    assert time.monotonic() < began + LIMIT_S


@pytest.mark.parametrize(
    ("server", "number"),
    [
        ("rest_api", signal.SIGTERM),
        pytest.param("graphql_api", signal.SIGINT, marks=pytest.mark.slow),
        pytest.param("rest_api", signal.SIGINT, marks=pytest.mark.slow),
    ],
)
def test_a_server_that_is_stopped_while_it_fills_leaves_no_folder(
    server: str, number: signal.Signals
) -> None:
    instance = private_settings().instance
    folder = folder_for(CHECKOUT, instance, 0)
    environment = {**os.environ, "BOOKSTORE_INSTANCE": instance, "BOOKSTORE_BOOKS": "200000"}
    program = [sys.executable, str(CHECKOUT / server / "app.py"), "--port", str(free_port())]
    process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        database = folder / "bookstore.db"
        wait_until(lambda: database.exists() and database.stat().st_size > 1e6, "it fills")
        process.send_signal(number)
        said = process.communicate(timeout=LIMIT_S)[1]
        # Where that takes longer, how far it is was told meanwhile.
        assert [line for line in said.splitlines() if not TOLD.fullmatch(line)] == []
        assert process.returncode == 0
    finally:
        process.kill()
        process.wait()
    assert not folder.exists()


@pytest.mark.slow
def test_a_file_whose_filling_ctrl_c_ended_is_filled_anew(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    settings = private_settings(database_url=f"sqlite:///{path}", books=30)
    environment = {
        **os.environ,
        "BOOKSTORE_DATABASE_URL": f"sqlite:///{path}",
        "BOOKSTORE_BOOKS": "500000",
        "PYTHONPATH": str(CHECKOUT),
    }
    program = [sys.executable, "-c", OPEN]
    process = subprocess.Popen(program, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        wait_until(lambda: path.exists() and path.stat().st_size > 1e6, "it fills")
        process.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in process.communicate(timeout=LIMIT_S)[1]
    finally:
        process.kill()
        process.wait()
    opened = open_bookstore(settings)
    assert rows_of(opened, "SELECT count(*) FROM book") == [(30,)]
    opened.close()
