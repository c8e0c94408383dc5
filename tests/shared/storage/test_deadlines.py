"""A request ends when it has taken as long as it may, in the midst of a statement too."""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from sqlalchemy import text

from shared.database import Database
from shared.errors import TimedOut
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.storage.instrumentation import Timing
from shared.storage.statements import Statement
from tests.shared.conftest import private_settings
from tests.waiting import LIMIT_S

POINT = Statement(text("SELECT 1"))
FOR_HOURS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
    "SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(3600)",
}
RENAME_FOR_HOURS = {
    "sqlite": f"UPDATE author SET name = ({FOR_HOURS['sqlite']}) WHERE id = 1",
    "postgresql": "UPDATE author SET name = 'x' || pg_sleep(3600) WHERE id = 1",
}
SPAN_S = 0.3


@pytest.fixture
def impatient(bookstore: Bookstore, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database of a kind, whose own limit for a statement is short where it has one."""
    if bookstore.database.embedded:
        yield bookstore.database
        return
    url = request.getfixturevalue("postgresql_url")
    opened = open_bookstore(private_settings(database_url=url, request_timeout_s=SPAN_S))
    yield opened.database
    opened.close()


def read(database: Database, statement: Statement) -> None:
    with Timing(SPAN_S), database.reading() as connection:
        connection.all(statement)


def test_a_statement_that_takes_too_long_is_ended_in_the_database(impatient: Database) -> None:
    began = time.monotonic()
    with pytest.raises(TimedOut, match="took longer than it may"):
        read(impatient, Statement(text(FOR_HOURS[impatient.dialect.name])))
    assert time.monotonic() - began < LIMIT_S, "it would have run for hours"
    with impatient.reading() as connection:  # which is as good as new
        connection.all(POINT)


def test_a_write_that_is_ended_leaves_nothing(impatient: Database) -> None:
    rename = Statement(text("UPDATE author SET bio = 'half' WHERE id = 1"))
    name = Statement(text("SELECT name, bio FROM author WHERE id = 1"))

    def write() -> None:
        with Timing(SPAN_S), impatient.writing() as connection:
            connection.change(rename)
            connection.change(Statement(text(RENAME_FOR_HOURS[impatient.dialect.name])))

    with impatient.reading() as connection:
        before = connection.first(name)
    with pytest.raises(TimedOut):
        write()
    with impatient.reading() as connection:
        assert connection.first(name) == before


def test_the_client_looks_at_the_clock_too(postgresql_url: str) -> None:
    """A server that is frozen does not end what takes too long."""
    settings = private_settings(database_url=postgresql_url, pool_size=1)
    opened = open_bookstore(settings)
    unlimited = Statement(text("SET statement_timeout = 0"))
    with opened.database.reading() as connection:
        connection.change(unlimited)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        read(opened.database, Statement(text(FOR_HOURS["postgresql"])))
    assert time.monotonic() - began < 60, "it would have run for hours"
    limit = Statement(text("SELECT setting FROM pg_settings WHERE name = 'statement_timeout'"))
    with opened.database.reading() as connection:
        assert connection.first(limit) == ("10000",), "it is another connection"
    opened.close()


def test_nothing_is_sent_when_the_time_is_over(database: Database) -> None:
    with Timing(0.01) as timing:
        time.sleep(0.02)  # longer than the request may take
        with database.reading() as connection, suppress(TimedOut):
            connection.all(POINT)
    assert timing.statements == 0


def test_what_comes_after_a_request_has_no_end(database: Database) -> None:
    with Timing(0.0):
        pass
    with database.reading() as connection:
        assert connection.all(POINT) == [(1,)]


def test_a_delay_that_passes_the_end_is_cut_short(database: Database) -> None:
    slow = Database(database.engine, delay_ms=10 * LIMIT_S * 1_000)
    began = time.monotonic()
    with pytest.raises(TimedOut):
        read(slow, POINT)
    assert SPAN_S <= time.monotonic() - began < LIMIT_S


def test_a_stream_has_no_end(database: Database) -> None:
    with Timing(0.01) as timing:
        timing.lift_timeout()
        time.sleep(0.02)  # longer than the request may take
        with database.reading() as connection:
            assert connection.all(POINT) == [(1,)]


def test_a_writer_waits_for_another_no_longer_than_it_may() -> None:
    # On PostgreSQL a lock is waited for within a statement, which is ended as any other.
    opened = open_bookstore(private_settings())
    change = Statement(text("UPDATE author SET bio = bio WHERE id = 1"))
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with opened.database.writing() as connection:
            connection.change(change)
            held.set()
            done.wait(LIMIT_S)

    def write() -> None:
        with Timing(SPAN_S), opened.database.writing() as connection:
            connection.change(change)

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(LIMIT_S)
    try:
        with pytest.raises(TimedOut):
            write()
    finally:
        done.set()
        holder.join()
    with opened.database.writing() as connection:
        connection.change(change)
    opened.close()
