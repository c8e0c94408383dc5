"""What another program takes away of the tables, while the bookstore has them open."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from sqlalchemy import text

from shared.database import Database
from shared.errors import Unavailable
from shared.models import AuthorUpdate, OrderCreate
from shared.operations import authors, books, orders
from shared.reading.listing import BookQuery
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.serving.health import check_health
from shared.storage import schema
from shared.storage.statements import Statement
from tests.shared.conftest import private_settings
from tests.waiting import wait_until

ORDER = OrderCreate.model_validate({"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]})


class Opened(NamedTuple):
    """An open bookstore, and another program that changes its database."""

    store: Bookstore
    run: Callable[[str], Any]


@contextmanager
def opened_file(path: Path) -> Iterator[Opened]:
    store = open_bookstore(private_settings(books=30, database_url=f"sqlite:///{path}"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        yield Opened(store, other.execute)
    store.close()


# What a test takes away, it gives back.
@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    with opened_file(tmp_path_factory.mktemp("schema") / "books.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def postgresql(postgresql_url: str) -> Iterator[Opened]:
    """Open for a user who may do what he is granted."""
    with psycopg.connect(postgresql_url, autocommit=True) as other:
        other.execute("CREATE ROLE shop LOGIN")
        other.execute("GRANT CREATE ON SCHEMA public TO shop")
        url = postgresql_url.replace("bookstore@", "shop@")
        store = open_bookstore(private_settings(books=30, database_url=url))
        yield Opened(store, lambda statement: other.execute(statement.encode()))
        store.close()
        other.execute("DROP OWNED BY shop CASCADE")  # a worker may come back to this module
        other.execute("DROP ROLE shop")


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Opened:
    found: Opened = request.getfixturevalue(request.param)
    return found


on_each = pytest.mark.parametrize("opened", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture(autouse=True)
def heard(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    monkeypatch.setattr(schema.log, "disabled", False)  # as who sets up logging may leave it
    return lambda: [one.levelname for one in caplog.records if one.levelno >= logging.WARNING]


def read(database: Database) -> None:
    with database.reading() as connection:
        books.get_book(connection, 1)


def sort(database: Database) -> None:
    with database.snapshot() as connection:
        books.list_books(connection, BookQuery(sort="title"))


def search(database: Database) -> None:
    with database.reading() as connection:
        books.list_books(connection, BookQuery(search="python"))


def write(database: Database) -> None:
    with database.writing() as connection:
        authors.update_author(connection, 1, AuthorUpdate(bio="changed"))


def order(database: Database) -> None:
    with database.writing() as connection:
        orders.place_order(connection, ORDER)


def make(database: Database) -> None:
    with database.writing() as connection:
        row = "INSERT INTO author (name, email) VALUES ('A', 'a' || (SELECT count(*) FROM author))"
        connection.change(Statement(text(row)))


TRIGGER = """
CREATE TRIGGER book_search_add AFTER INSERT ON book BEGIN
INSERT INTO book_search(rowid, search_text) VALUES (new.id, new.search_text); END
"""
INDEX = "CREATE INDEX ix_book_by_title ON book (title, id, price_cents)"
VERSION = (
    "ALTER TABLE author ALTER version TYPE INTEGER USING version::integer, "
    "ALTER version SET DEFAULT 1"
)
RENAMED = [
    (read, "ALTER TABLE book RENAME TO away", "ALTER TABLE away RENAME TO book", "table book"),
    (order, 'ALTER TABLE "order" RENAME TO x', 'ALTER TABLE x RENAME TO "order"', "table order"),
    (
        write,
        "ALTER TABLE author RENAME bio TO life",
        "ALTER TABLE author RENAME life TO bio",
        "column bio of author",
    ),
    (
        read,
        "ALTER TABLE book DROP COLUMN description",
        "ALTER TABLE book ADD COLUMN description TEXT",
        "column description of book",
    ),
]
TAKEN_AWAY = [
    *(("sqlite", *one) for one in RENAMED),
    ("sqlite", sort, "DROP INDEX ix_book_by_title", INDEX, "index ix_book_by_title of book"),
    ("sqlite", order, "DROP TRIGGER book_search_add", TRIGGER, "trigger book_search_add of book"),
    *(("postgresql", *one) for one in RENAMED),
    (
        "postgresql",
        read,
        "ALTER SCHEMA public RENAME TO away",
        "ALTER SCHEMA away RENAME TO public",
        "the table author, the table book, the table bookstore and 5 more",
    ),
    (
        "postgresql",
        write,
        "ALTER TABLE author ALTER version DROP DEFAULT, ALTER version TYPE TEXT",
        VERSION,
        "column version of author as it was",
    ),
    (
        "postgresql",
        make,
        "ALTER TABLE author ALTER id DROP DEFAULT",
        "ALTER TABLE author ALTER id SET DEFAULT nextval('author_id_seq')",
        "column id of author as it was",
    ),
    (
        "postgresql",
        read,
        "REVOKE SELECT ON book FROM shop",
        "GRANT SELECT ON book TO shop",
        "privilege SELECT of book",
    ),
    (
        "postgresql",
        write,
        "REVOKE UPDATE ON author FROM shop",
        "GRANT UPDATE ON author TO shop",
        "privilege UPDATE of author",
    ),
]


@pytest.mark.parametrize(
    ("opened", "act", "away", "back", "named"), TAKEN_AWAY, indirect=["opened"]
)
def test_what_is_taken_away_is_named_until_it_is_back(
    opened: Opened,
    act: Callable[[Database], None],
    away: str,
    back: str,
    named: str,
    heard: Callable[[], list[str]],
) -> None:
    database = opened.store.database
    act(database)
    opened.run(away)
    for _ in range(3):
        with pytest.raises(Unavailable, match=f"lacks the .*{named}|lacks {named}"):
            act(database)
        with pytest.raises(Unavailable, match=named):
            check_health(opened.store)
    assert heard() == ["ERROR"]
    opened.run(back)
    for _ in range(10):  # statements that connections have prepared are of use again
        act(database)
    assert check_health(opened.store)["status"] == "ok"
    wait_until(lambda: heard() == ["ERROR", "WARNING"], "it is told that it is back")


@on_each
def test_health_says_what_is_missing_though_nobody_has_asked_for_it(opened: Opened) -> None:
    assert check_health(opened.store)["status"] == "ok"
    opened.run("ALTER TABLE idempotency_key RENAME TO away")
    read(opened.store.database)
    with pytest.raises(Unavailable, match="lacks the table idempotency_key"):
        check_health(opened.store)
    opened.run("ALTER TABLE away RENAME TO idempotency_key")
    assert check_health(opened.store)["status"] == "ok"


@on_each
def test_that_it_is_back_is_told_though_nobody_asks(
    opened: Opened, heard: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "_CHECK_S", 0.01)
    opened.run("ALTER TABLE book RENAME TO away")
    with pytest.raises(Unavailable):
        read(opened.store.database)
    opened.run("ALTER TABLE away RENAME TO book")
    wait_until(lambda: heard() == ["ERROR", "WARNING"], "it is told that it is back")


@on_each
@pytest.mark.parametrize("wrong", ["SELECT nothing FROM book", "SELECT 1 FROM nowhere", "SELEC 1"])
def test_a_wrong_statement_stays_an_error(
    opened: Opened, wrong: str, heard: Callable[[], list[str]]
) -> None:
    database = opened.store.database
    for context in (database.reading, database.snapshot, database.writing):
        with pytest.raises((sqlite3.OperationalError, psycopg.ProgrammingError)), context() as it:
            it.first(Statement(text(wrong)))
    assert check_health(opened.store)["status"] == "ok"
    assert heard() == []


@on_each
def test_what_others_add_may_come_and_go_and_rows_too(
    opened: Opened, heard: Callable[[], list[str]]
) -> None:
    database = opened.store.database
    for statement in (
        "CREATE TABLE theirs (id INTEGER)",
        "ALTER TABLE book ADD COLUMN shelf INTEGER",
        "CREATE INDEX ix_theirs ON book (shelf)",
        "DELETE FROM order_item",
        "DROP INDEX ix_theirs",
        "ALTER TABLE book DROP COLUMN shelf",
        "DROP TABLE theirs",
        "DROP INDEX ix_order_item_book_id",  # what needs it is slow, and right
    ):
        opened.run(statement)
        for act in (read, sort, search, write, order):
            act(database)
        assert check_health(opened.store)["status"] == "ok"
    assert heard() == []


def test_without_its_trigger_no_write_leaves_the_search_behind(tmp_path: Path) -> None:
    with opened_file(tmp_path / "books.db") as opened:
        _no_write_leaves_the_search_behind(opened)


def _no_write_leaves_the_search_behind(opened: Opened) -> None:
    database = opened.store.database
    search(database)
    for away, named in (
        ("DROP TRIGGER book_search_add", "the trigger book_search_add of book"),
        ("DROP TABLE book_search", "the table book_search, the trigger book_search_add of book"),
    ):
        opened.run(away)
        with pytest.raises(Unavailable, match=f"lacks {named}"):
            write(database)
        read(database)
    with pytest.raises(Unavailable, match="the table book_search"):
        search(database)


def test_an_index_that_is_missing_keeps_nobody_from_writing(sqlite: Opened) -> None:
    sqlite.run("DROP INDEX ix_book_by_title")
    with pytest.raises(Unavailable, match="ix_book_by_title"):
        sort(sqlite.store.database)
    write(sqlite.store.database)
    sqlite.run(INDEX)
