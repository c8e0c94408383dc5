"""The index for searches finds what a comparison of the whole text finds, and stays in step."""

import random
from collections.abc import Iterator
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import make_url

from shared.database import Connection
from shared.models import BookCreate, BookUpdate, OrderCreate
from shared.operations import books, orders
from shared.reading.listing import BookQuery
from shared.rules.normalization import folded, nfc
from shared.serving.bookstore import Bookstore, open_bookstore
from shared.storage import search_index, tables
from tests.shared.conftest import private_settings

TITLES = (
    "It's \"quoted\", 'twice'", "100% of a_b\\c", "AND OR NOT NEAR(x)", "Straße nach Gießen",
    "İstanbul ŉ ΐ ﬃ", "😀🎉📚 and \U00010400\U0001d518 x", "a\x1fb\tc\nd",
    "e\u0301te\u0301 ÉTÉ été",
    "日本語の本", "Ünïcödé", "--;/* */", "***^col:x {a b}", "  spaces   within  ", "ΌΣΟΣ όσος",
)  # fmt: skip


class _Undo(Exception):
    pass


def new_book(title: str, isbn: str = "080442957X") -> BookCreate:
    values = {"price": 1, "publication_date": "2024-01-01", "author_id": 1, "genre": "Art"}
    return BookCreate(title=title, isbn=isbn, **values)


def found(connection: Connection, text: str) -> list[int]:
    """The ids of the books, the newest first."""
    page = books.list_books(connection, BookQuery(search=text, limit=100, sort="-id"))
    return [book["id"] for book in page.records]


def has_index(bookstore: Bookstore) -> bool:
    with bookstore.database.reading() as connection:
        return connection.has_search_index


def test_both_databases_have_the_index(bookstore: Bookstore) -> None:
    assert has_index(bookstore)


@pytest.mark.parametrize("title", TITLES)
def test_any_part_of_any_text_is_found(connection: Connection, title: str) -> None:
    book = books.create_book(connection, new_book(title))
    title = nfc(title)
    chosen = random.Random(title)
    for _ in range(12):
        start = chosen.randrange(len(title) - 2)
        part = title[start : chosen.randrange(start + 3, len(title) + 1)]
        for text in (part, part.upper(), part.lower()):
            is_in = folded(nfc(text)) in folded(title)
            assert (book["id"] in found(connection, text)) == is_in, text
        assert book["id"] not in found(connection, f"{part}\x1e")


def test_no_match_spans_title_and_description(connection: Connection) -> None:
    assert 1 in found(connection, "programming")
    assert found(connection, "Programming\x1fFrom the first") == []
    book = books.create_book(connection, new_book("Two\x1fparts"))
    assert found(connection, "two\x1fparts") == [book["id"]]


def test_what_is_undone_is_not_found(in_ram: Bookstore) -> None:
    with suppress(_Undo), in_ram.database.writing() as connection:
        books.create_book(connection, new_book("Quillwork"))
        books.update_book(connection, 1, BookUpdate(title="Beadwork"))
        assert found(connection, "quillwork")
        raise _Undo
    with in_ram.database.reading() as connection:
        assert found(connection, "quillwork") == found(connection, "beadwork") == []
        assert 1 in found(connection, "python programming")


def test_an_order_leaves_the_index_as_it_is(in_ram: Bookstore) -> None:
    def blocks() -> list[tuple[int, bytes]]:
        with in_ram.database.engine.connect() as raw:
            rows = raw.exec_driver_sql("SELECT id, block FROM book_search_data ORDER BY id")
            return [(row[0], row[1]) for row in rows]

    before = blocks()
    with in_ram.database.writing() as connection:
        items = [{"book_id": row_id, "quantity": 1} for row_id in (1, 2, 3)]
        orders.place_order(connection, OrderCreate(customer_id=1, items=items))
        books.update_book(connection, 1, BookUpdate(price=5, stock=7))
    assert blocks() == before
    with in_ram.database.writing() as connection:
        books.update_book(connection, 1, BookUpdate(title="Beadwork"))
    assert blocks() != before


def test_no_index_has_what_an_order_changes_of_a_book() -> None:
    for index in tables.book.indexes:
        assert not {"stock", "version"} & set(index.columns.keys())


def test_an_index_that_was_not_kept_is_made_anew(in_ram: Bookstore) -> None:
    engine = in_ram.database.engine
    with engine.begin() as raw:
        raw.exec_driver_sql("DROP TRIGGER book_search_change")
        raw.exec_driver_sql("UPDATE book SET search_text = 'beadwork' WHERE id = 1")
    with engine.begin() as raw:
        search_index.create(raw)
        search_index.create(raw)  # it is there: nothing is done
    with in_ram.database.reading() as connection:
        assert found(connection, "beadwork") == [1]
        assert 1 not in found(connection, "python programming")


def test_searches_do_without_fts5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_index, "_has_fts5", lambda _connection: False)
    bookstore = open_bookstore(private_settings(books=30))
    try:
        assert not has_index(bookstore)
        with bookstore.database.writing() as connection:
            assert found(connection, "PYTHON")[-4:] == [4, 3, 2, 1]
            for sort in ("title", "-price"):
                page = books.list_books(connection, BookQuery(search="python", sort=sort))
                assert {1, 2, 3, 4} <= {book["id"] for book in page.records}
            books.update_book(connection, 1, BookUpdate(title="Beadwork"))
            assert found(connection, "beadwork") == [1]
    finally:
        bookstore.close()


@pytest.fixture
def limited_url(postgresql_url: str) -> Iterator[str]:
    """A database of PostgreSQL, as a user who may make tables in it but no extensions."""
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE limited LOGIN")
        connection.execute("CREATE DATABASE limited")
    url = make_url(postgresql_url).set(database="limited")
    text = url.render_as_string(hide_password=False)
    with psycopg.connect(text, autocommit=True) as connection:
        connection.execute("GRANT CREATE ON SCHEMA public TO limited")
    yield url.set(username="limited").render_as_string(hide_password=False)
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("DROP DATABASE limited WITH (FORCE)")
        connection.execute("DROP ROLE limited")


def test_searches_do_without_the_right_to_make_extensions(limited_url: str) -> None:
    bookstore = open_bookstore(private_settings(books=30, database_url=limited_url))
    try:
        assert not has_index(bookstore)
        with bookstore.database.reading() as connection:
            assert found(connection, "PYTHON")[-4:] == [4, 3, 2, 1]
    finally:
        bookstore.close()
