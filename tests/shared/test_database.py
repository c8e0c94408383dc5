"""Transactions, constraints and delays, on each database."""

import gc
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from sqlalchemy import bindparam, insert, select, update

from shared.database import Connection, Database, HandOver
from shared.errors import TimedOut, Unavailable
from shared.models import AuthorUpdate
from shared.operations import authors
from shared.serving.bookstore import Bookstore
from shared.storage import tables
from shared.storage.driver_errors import ConstraintViolation, first_line
from shared.storage.instrumentation import Timing
from shared.storage.statements import Statement
from tests.waiting import LIMIT_S

NAME = Statement(select(tables.author.c.name).where(tables.author.c.id == bindparam("row_id")))
RENAME = Statement(
    update(tables.author).where(tables.author.c.id == bindparam("row_id"))
    .values(name=bindparam("new_name"))
)  # fmt: skip
ADD_AUTHOR = Statement(
    insert(tables.author).values(name=bindparam("name"), email=bindparam("email"))
)
MOVE_BOOK = Statement(
    update(tables.book).where(tables.book.c.id == 1).values(author_id=bindparam("to"))
)


def name_of(database: Database, row_id: int = 1) -> str:
    with database.reading() as connection:
        row = connection.first(NAME, row_id=row_id)
    assert row
    return str(row[0])


@pytest.fixture
def renamed_back(database: Database) -> Iterator[None]:
    """For tests whose writes must be seen by another connection: undone at the end."""
    before = name_of(database)
    yield
    with database.writing() as connection:
        connection.change(RENAME, row_id=1, new_name=before)


def test_a_write_at_once_that_may_take_long_has_done_nothing(bookstore: Bookstore) -> None:
    database = bookstore.database
    before = name_of(database)

    def rename() -> None:
        with database.writing(at_once=True) as connection:
            connection.change(RENAME, row_id=1, new_name="New")
            connection.may_take_long()

    with pytest.raises(HandOver):
        rename()
    assert name_of(database) == before
    with database.writing() as connection:
        connection.may_take_long()  # not at once: it may


@pytest.mark.usefixtures("renamed_back")
def test_a_write_is_seen_by_others_when_it_is_whole(database: Database) -> None:
    with database.writing() as connection:
        assert connection.change(RENAME, row_id=1, new_name="New") == 1
        seen: list[str] = []
        other = threading.Thread(target=lambda: seen.append(name_of(database)))
        other.start()
        other.join()
    assert seen == ["Ada Marlowe"]
    assert name_of(database) == "New"


def test_an_error_undoes_all_of_a_transaction(database: Database) -> None:
    def fail() -> None:
        with database.writing() as connection:
            connection.change(RENAME, row_id=1, new_name="Half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert name_of(database) == "Ada Marlowe"


@pytest.mark.usefixtures("renamed_back")
def test_a_snapshot_sees_one_state(database: Database) -> None:
    def rename() -> None:
        with database.writing() as connection:
            connection.change(RENAME, row_id=1, new_name="Meanwhile")

    with database.snapshot() as connection:
        first = connection.first(NAME, row_id=1)
        other = threading.Thread(target=rename)
        other.start()
        other.join()
        assert connection.first(NAME, row_id=1) == first
    assert name_of(database) == "Meanwhile"


def test_writers_take_turns_and_lose_nothing(in_ram: Bookstore) -> None:
    database, count = in_ram.database, 40

    def append(letter: str) -> None:
        for _ in range(count):
            with database.writing() as connection:
                row = connection.first(NAME, row_id=1)
                assert row
                connection.change(RENAME, row_id=1, new_name=row[0] + letter)

    threads = [threading.Thread(target=append, args=(letter,)) for letter in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    letters = name_of(database).removeprefix("Ada Marlowe")
    assert sorted(letters) == sorted("abcd" * count)


def test_constraints_are_named(database: Database) -> None:
    def violate(statement: Statement, **values: object) -> ConstraintViolation:
        with pytest.raises(ConstraintViolation) as raised, database.writing() as connection:
            connection.change(statement, **values)
        return raised.value

    taken = {"name": "X", "email": "ada.marlowe@example.com"}
    assert violate(ADD_AUTHOR, **taken).unique == "uq_author_email"
    assert violate(MOVE_BOOK, to=99_999).unique is None


def test_stock_never_falls_below_zero_in_the_database_itself(database: Database) -> None:
    statement = Statement(update(tables.book).where(tables.book.c.id == 1).values(stock=-1))
    with pytest.raises(Exception, match=r"(?i)check"), database.writing() as connection:
        connection.change(statement)


def test_statements_are_counted_and_transactions_are_not(database: Database) -> None:
    with Timing() as timing, database.writing() as connection:
        authors.get_author(connection, 1)
        authors.update_author(connection, 1, AuthorUpdate())
    assert timing.statements == 2


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_header_says_time_and_statements(database: Database, count: int) -> None:
    with Timing() as timing, database.reading() as connection:
        for _ in range(count):
            connection.first(NAME, row_id=1)
    noun = "statement" if count == 1 else "statements"
    total, db = timing.header().split(", ")
    assert total.startswith("total;dur=")
    assert db.endswith(f';desc="{count} {noun}"')
    seconds = float(db.removeprefix("db;dur=").partition(";")[0])
    assert 0 <= seconds <= float(total.removeprefix("total;dur="))
    assert (seconds > 0) == (count > 0)


def test_a_delay_is_added_to_each_statement(in_ram: Bookstore) -> None:
    slow = Database(in_ram.database.engine, delay_ms=30)
    assert slow.blocks
    assert not in_ram.database.blocks
    start = time.perf_counter()
    with slow.reading() as connection:
        for _ in range(3):
            connection.first(NAME, row_id=1)
    assert time.perf_counter() - start >= 0.09


@pytest.mark.parametrize(
    ("in_this_process", "reason"),
    [(True, "other writes take too long"), (False, "database is locked")],
)
def test_a_writer_that_waits_too_long_gets_a_clear_error(
    in_ram: Bookstore, monkeypatch: pytest.MonkeyPatch, in_this_process: bool, reason: str
) -> None:
    for module in ("database", "storage.engines"):
        monkeypatch.setattr(f"shared.{module}.BUSY_TIMEOUT_MS", 50)
    held, done = threading.Event(), threading.Event()
    # Another one over the same file knows as little of this one as another process does.
    holding = in_ram.database if in_this_process else Database(in_ram.database.engine)

    def hold() -> None:
        with holding.writing():
            held.set()
            done.wait(LIMIT_S)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(LIMIT_S)
    errors: list[Exception] = []

    def write() -> None:
        try:
            with in_ram.database.writing():
                pass
        except Unavailable as error:
            errors.append(error)

    # A connection of its own, opened with the shorter limit.
    late = threading.Thread(target=write)
    late.start()
    late.join()
    done.set()
    other.join()
    assert [type(error) for error in errors] == [Unavailable]
    assert f"the database does not answer now: {reason}" in str(errors[0])


@pytest.mark.parametrize("way", ["reading", "snapshot", "writing"])
@pytest.mark.parametrize("fails", [False, True])
def test_a_cursor_is_closed_where_it_is_used_up(database: Database, way: str, fails: bool) -> None:
    """One that the garbage collector closes may make another thread wait for its connection."""
    with suppress(ZeroDivisionError), getattr(database, way)() as connection:
        assert connection.first(NAME, row_id=1)
        cursor = connection._cursor
        if fails:
            raise ZeroDivisionError
    with pytest.raises((sqlite3.ProgrammingError, psycopg.InterfaceError), match="closed"):
        cursor.execute("SELECT 1")


def test_some_connections_are_left_to_those_that_read(database: Database) -> None:
    assert database.writers < max(2, database.places)
    busy = threading.Barrier(database.writers + 1)
    done = threading.Event()

    def write() -> None:
        with database.writing():
            busy.wait(LIMIT_S)
            done.wait(LIMIT_S)

    threads = [threading.Thread(target=write) for _ in range(database.writers)]
    for thread in threads:
        thread.start()
    busy.wait(LIMIT_S)
    late: list[Exception] = []

    def write_too() -> None:
        try:
            with Timing(0.1), database.writing():
                pass
        except Unavailable as error:
            late.append(error)

    one_more = threading.Thread(target=write_too)
    one_more.start()
    one_more.join(20)
    assert [type(error) for error in late] == [TimedOut]
    assert name_of(database) == "Ada Marlowe"
    done.set()
    for thread in threads:
        thread.join(20)


def test_threads_that_end_leave_their_connection_to_the_next(in_ram: Bookstore) -> None:
    def read() -> None:
        with in_ram.database.reading() as connection:
            connection.first(NAME, row_id=1)

    before = in_ram.database.engine.pool.checkedout()  # by this thread, when it was opened
    for _ in range(20):
        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert in_ram.database.engine.pool.checkedout() == before + 1
    in_ram.database.close()
    assert in_ram.database.engine.pool.checkedout() == 0


def test_a_statement_of_one_database_keeps_its_text_alone(database: Database) -> None:
    construct = select(tables.author.c.name).where(tables.author.c.id == bindparam("row_id"))
    gone = weakref.ref(construct)
    with database.reading() as connection:
        statement = connection.statement(construct)
        del construct
        gc.collect()
        assert gone() is None
        assert connection.first(statement, row_id=1) == ("Ada Marlowe",)


def test_a_database_that_is_gone_when_it_is_first_searched_is_told_as_ever(
    database: Database,
) -> None:
    class Gone:
        def execute(self, _text: str) -> None:
            raise psycopg.OperationalError("the connection is lost")

    cursor: Any = Gone()
    unasked = type(database.dialect)()
    with pytest.raises(Unavailable, match="the connection is lost"):
        _ = Connection(cursor, unasked, 0.0).has_search_index


@pytest.mark.parametrize(
    ("error", "line"),
    [(OSError("\nno answer\nHINT: start it\n"), "no answer"), (OSError(), "OSError()")],
)
def test_of_an_error_its_first_line_is_told(error: Exception, line: str) -> None:
    assert first_line(error) == line


def test_pragmas_of_the_database_in_ram(in_ram: Bookstore) -> None:
    def pragma(name: str) -> object:
        with in_ram.database.engine.connect() as connection:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    assert pragma("foreign_keys") == 1
    assert pragma("journal_mode") == "wal"
    assert pragma("busy_timeout") == 5_000
    assert pragma("synchronous") == 0
