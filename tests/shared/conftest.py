"""Databases for the bookstore's unit tests; each test runs on SQLite and on PostgreSQL."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from shared.config import Settings
from shared.database import Connection, Database
from shared.serving.bookstore import Bookstore, open_bookstore
from tests import bookstores
from tests.model import Model
from tests.postgresql_cluster import shared_cluster
from tests.shared.shelf import Shelf

BOOKS = 300


class _Undo(Exception):
    pass


class Stopped(BaseException):
    """What a signal handler raises."""


@pytest.fixture
def stopping() -> Iterator[None]:
    """SIGUSR1 raises, as the servers' handlers do."""

    def stop(_number: int, _frame: object) -> None:
        raise Stopped

    before = signal.signal(signal.SIGUSR1, stop)
    yield
    signal.signal(signal.SIGUSR1, before)


def private_settings(**given: Any) -> Settings:
    """Settings of a bookstore for unit tests that nobody else has."""
    return bookstores.private_settings(**{"books": BOOKS, **given})


@pytest.fixture(scope="module")
def postgresql_url(request: pytest.FixtureRequest) -> str:
    """A database of the module's own, empty at first."""
    return shared_cluster(request).new_database()


@pytest.fixture
def fresh_postgresql_url(request: pytest.FixtureRequest) -> str:
    """A database of the test's own, empty at first."""
    return shared_cluster(request).new_database()


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def bookstore(request: pytest.FixtureRequest) -> Iterator[Bookstore]:
    """An open bookstore with the sample data, which no test changes for good."""
    url = shared_cluster(request).new_database() if request.param == "postgresql" else None
    opened = open_bookstore(private_settings(database_url=url))
    yield opened
    opened.close()


@pytest.fixture
def database(bookstore: Bookstore) -> Database:
    """The database of the open bookstore."""
    return bookstore.database


@pytest.fixture
def connection(database: Database) -> Iterator[Connection]:
    """A transaction that is rolled back when the test ends."""
    with suppress(_Undo), database.writing() as connection:
        yield connection
        raise _Undo


@pytest.fixture
def shelf(connection: Connection) -> Shelf:
    """Books of the test's own, in the transaction that is rolled back."""
    return Shelf(connection)


@pytest.fixture
def in_ram() -> Iterator[Bookstore]:
    """A small bookstore in RAM of the test's own, whose writes may stay."""
    opened = open_bookstore(private_settings(books=30))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def model() -> Model:
    """The sample data in plain Python; not to be changed."""
    return Model(BOOKS)


@pytest.fixture
def refused(database: Database) -> Callable[..., Any]:
    """`with refused(NotFound, "there is no") as connection:` in a transaction of its own."""

    @contextmanager
    def expect(error: type[Exception], match: str) -> Iterator[Connection]:
        with pytest.raises(error, match=match), database.writing() as connection:
            yield connection

    return expect
