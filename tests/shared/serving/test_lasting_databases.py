"""Databases that last: what is kept, what is made anew, and what is said of one that cannot be."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import inspect, select, text

from shared.config import Settings
from shared.errors import StartError
from shared.models import AuthorUpdate
from shared.operations import authors
from shared.serving.bookstore import open_bookstore
from shared.storage import tables
from shared.storage.engines import postgresql_engine, sqlite_engine
from shared.storage.statements import Statement
from tests.shared.conftest import private_settings


def test_a_sqlite_file_lasts(tmp_path: Path) -> None:
    settings = private_settings(books=30, database_url=f"sqlite:///{tmp_path}/books.db")
    first = open_bookstore(settings)
    with first.database.writing() as connection:
        authors.update_author(connection, 1, AuthorUpdate(name="Kept"))
    with first.database.engine.connect() as raw:
        assert raw.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    first.close()
    # Another size is no reason to refuse: it only says how a new one is filled.
    again = open_bookstore(settings.model_copy(update={"books": 40}))
    with again.database.reading() as connection:
        assert authors.get_author(connection, 1)["name"] == "Kept"
    assert again.instance == first.instance
    again.close()


def test_a_file_whose_filling_was_cut_short_is_filled_anew(tmp_path: Path) -> None:
    path = tmp_path / "books.db"
    settings = private_settings(books=30, database_url=f"sqlite:///{path}")
    open_bookstore(settings).close()
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM bookstore WHERE name = 'complete'")
        raw.execute("DELETE FROM order_item")
        raw.execute("DELETE FROM book WHERE id > 5")
    raw.close()
    opened = open_bookstore(settings)
    with opened.database.reading() as connection:
        assert len(connection.all(Statement(select(tables.book.c.id)))) == 30
    opened.close()


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("sqlite:////no/such/folder/books.db", "/no/such/folder does not exist"),
        ("postgresql://nobody@127.0.0.1:1/none", "cannot open postgresql://nobody@127.0.0.1:1/"),
        ("postgresql://me:secret@127.0.0.1:1/none", "cannot open postgresql://me:***@127"),
    ],
)
def test_a_database_that_cannot_be_opened_is_named(url: str, names: str) -> None:
    with pytest.raises(StartError) as raised:
        open_bookstore(Settings(database_url=url))
    assert names in str(raised.value)
    assert "BOOKSTORE_DATABASE_URL" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes, and not a database. " * 100)
    with pytest.raises(StartError, match="file is not a database"):
        open_bookstore(Settings(database_url=f"sqlite:///{path}"))
    assert path.read_text().startswith("These are notes")


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_cannot_keep_all_text_is_refused(
    encoding: str, postgresql_url: str
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        of = f"TEMPLATE template0 LOCALE 'C' ENCODING '{encoding}'"
        connection.execute(f"CREATE DATABASE in_{encoding} {of}".encode())
    url = f"{postgresql_url.rpartition('/')[0]}/in_{encoding.lower()}"
    with pytest.raises(StartError, match=f"keeps text as {encoding}, which is not UTF-8") as raised:
        open_bookstore(Settings(database_url=url))
    assert "createdb --encoding=UTF8" in str(raised.value)


def test_the_environment_does_not_say_how_text_is_sent(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    opened = open_bookstore(private_settings(books=30, database_url=postgresql_url))
    with opened.database.writing() as connection:
        authors.update_author(connection, 1, AuthorUpdate(name="\u65e5\u672c"))
    with opened.database.reading() as connection:
        assert authors.get_author(connection, 1)["name"] == "\u65e5\u672c"
    opened.close()


def test_tables_of_somebody_else_stay(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as raw:
        raw.execute('CREATE TABLE "order" (what TEXT)')
        raw.execute("INSERT INTO \"order\" VALUES ('a chair')")
    with pytest.raises(StartError, match=r"no bookstore's \(order\); set BOOKSTORE_DATABASE_URL"):
        open_bookstore(Settings(database_url=f"sqlite:///{path}"))
    assert raw.execute('SELECT what FROM "order"').fetchall() == [("a chair",)]
    raw.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_of_an_earlier_version_gets_what_is_new(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/books.db"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    settings = private_settings(books=300, database_url=url)
    opened = open_bookstore(settings)
    with opened.database.writing() as connection:
        connection.change(Statement(text("DROP TABLE order_event")))
        connection.change(Statement(text("DROP INDEX ix_book_genre_by_title")))
    opened.close()
    again = open_bookstore(settings)
    assert again.instance == opened.instance
    found = inspect(again.database.engine)
    assert found.has_table("order_event")
    assert "ix_book_genre_by_title" in {index["name"] for index in found.get_indexes("book")}
    again.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_database_that_lacks_a_table_or_a_column_is_refused_as_it_is(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/books.db"
    if kind == "postgresql":
        url = request.getfixturevalue("fresh_postgresql_url")
    settings = private_settings(books=30, database_url=url)
    open_bookstore(settings).close()
    engine = sqlite_engine(tmp_path / "books.db", lasting=True)
    if kind == "postgresql":
        engine = postgresql_engine(url)
    for away, back, named in (
        ("author RENAME TO a", "a RENAME TO author", "lacks the table author, which another"),
        ("book RENAME genre TO g", "book RENAME g TO genre", "lacks the column genre of book, "),
    ):
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {away}")
        with pytest.raises(StartError, match=named) as raised:
            open_bookstore(settings)
        assert "restore it, or set BOOKSTORE_DATABASE_URL" in str(raised.value)
        with engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {back}")
        open_bookstore(settings).close()
    engine.dispose()
