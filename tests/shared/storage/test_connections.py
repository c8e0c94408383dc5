"""The connections to PostgreSQL: how many there are, and what becomes of those that die."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from shared.database import Database
from shared.errors import TimedOut, Unavailable
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.storage.instrumentation import Timing
from shared.storage.statements import Statement
from tests.shared.conftest import private_settings
from tests.waiting import LIMIT_S, wait_until

POINT = Statement(text("SELECT 1"))
_NAMED = "FROM pg_stat_activity WHERE application_name = 'ended'"
END_NAMED = Statement(text(f"SELECT count(pg_terminate_backend(pid)) {_NAMED}"))
COUNT_NAMED = Statement(text(f"SELECT count(*) {_NAMED}"))
NAME = Statement(text("SET application_name = 'ended'"))
RENAME = Statement(text("UPDATE author SET bio = 'half' WHERE id = 1"))
BIO = Statement(text("SELECT bio FROM author WHERE id = 1"))


@pytest.fixture
def narrow(postgresql_url: str) -> Iterator[Bookstore]:
    """A bookstore with two connections."""
    opened = open_bookstore(private_settings(database_url=postgresql_url, pool_size=2))
    yield opened
    opened.close()


@contextmanager
def held(database: Database) -> Iterator[None]:
    """While this lasts, all connections are in use by other threads."""
    done = threading.Event()
    holding = threading.Barrier(database.places + 1)

    def hold() -> None:
        with database.reading() as connection:
            connection.all(POINT)
            holding.wait(LIMIT_S)
            done.wait(LIMIT_S)

    threads = [threading.Thread(target=hold) for _ in range(database.places)]
    for thread in threads:
        thread.start()
    holding.wait(LIMIT_S)
    try:
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join()


def read(database: Database, span_s: float) -> None:
    with Timing(span_s), database.reading() as connection:
        connection.all(POINT)


def test_who_needs_one_more_than_there_are_waits_no_longer_than_it_may(
    narrow: Bookstore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert narrow.database.places == 2
    monkeypatch.setattr("shared.database._PLACE_S", LIMIT_S)  # who has more time
    with held(narrow.database), pytest.raises(TimedOut):
        read(narrow.database, 0.2)
    read(narrow.database, 60)


def test_who_has_more_time_is_told_what_it_waits_for(
    narrow: Bookstore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.database._PLACE_S", 0.05)
    with held(narrow.database), pytest.raises(Unavailable, match="all connections to it are in"):
        read(narrow.database, 60)


def end(database: Database, other: Database) -> None:
    """Have the server end the connections of `database` that are idle."""
    with held(database):
        pass  # so that all of them are open
    for _ in range(database.places):  # each in its turn
        with database.reading() as connection:
            connection.change(NAME)
    end_named(other)


def end_named(other: Database) -> None:
    """Have the server end the connections that have the name, and wait until they are gone."""
    with other.reading() as connection:
        assert connection.first(END_NAMED) != (0,)
        wait_until(lambda: connection.first(COUNT_NAMED) == (0,), "they are gone")


def test_a_connection_that_the_server_has_ended_is_not_used_again(
    narrow: Bookstore, postgresql_url: str
) -> None:
    other = open_bookstore(private_settings(database_url=postgresql_url, pool_size=1))
    end(narrow.database, other.database)
    for _ in range(2 * narrow.database.places):
        with narrow.database.reading() as connection:
            assert connection.all(POINT) == [(1,)]
    other.close()


def test_a_transaction_that_loses_its_connection_leaves_nothing(
    narrow: Bookstore, postgresql_url: str
) -> None:
    other = open_bookstore(private_settings(database_url=postgresql_url, pool_size=1))
    with other.database.reading() as connection:
        before = connection.first(BIO)
    with (  # noqa: PT012 - what raises is the last statement, or the end
        pytest.raises(Unavailable, match="the database does not answer now"),
        narrow.database.writing() as connection,
    ):
        connection.change(NAME)
        connection.change(RENAME)
        end_named(other.database)
        connection.change(RENAME)
    with narrow.database.reading() as connection:
        assert connection.first(BIO) == before
    other.close()


def test_a_server_that_takes_no_writes_is_one_that_does_not_answer_now(narrow: Bookstore) -> None:
    read_only = Statement(text("SET TRANSACTION READ ONLY"))
    with (  # noqa: PT012 - it must come first
        pytest.raises(Unavailable, match="read-only transaction"),
        narrow.database.writing() as connection,
    ):
        connection.change(read_only)
        connection.change(RENAME)
