"""Operations on books.

Those that change what is searched for may take long: with 100,000 books SQLite's FTS5 took up to
105 ms to merge its index, in the midst of a write.
"""

from typing import Any

from sqlalchemy import bindparam, select

from shared.database import Connection
from shared.models import BookCreate, BookUpdate
from shared.operations.rows import (
    Versions,
    change_row,
    delete_row,
    found,
    insert_row,
    not_found,
    require_row,
)
from shared.reading.catalogue import AUTHOR, BOOK
from shared.reading.fetching import Record, Records, fetch_one
from shared.reading.listing import BookQuery, BooksOfAuthorQuery, fetch_filtered, fetch_list
from shared.reading.selection import FULL_BOOK, Selection
from shared.rules.values import to_cents
from shared.storage import tables
from shared.storage.search_index import search_text
from shared.storage.statements import Statement

_SEARCHED = Statement(
    select(tables.book.c.title, tables.book.c.description)
    .where(tables.book.c.id == bindparam("row_id"))
    .with_for_update()
)


def list_books(
    connection: Connection, query: BookQuery, selection: Selection = FULL_BOOK
) -> Records:
    """A page of the books that pass the filters, or those with the ids that are given."""
    return fetch_list(connection, query, selection)


def list_books_of_author(
    connection: Connection,
    author_id: int,
    query: BooksOfAuthorQuery,
    selection: Selection = FULL_BOOK,
) -> Records:
    """A page of the books of one author that pass the filters.

    Raises:
        NotFound: there is no such author.
    """
    books = fetch_filtered(connection, query, selection, author_id=author_id)
    if not books.records:  # a book has its author, so only an empty page leaves it open
        require_row(connection, AUTHOR, author_id)
    return books


def get_book(connection: Connection, book_id: int, selection: Selection = FULL_BOOK) -> Record:
    """One book.

    Raises:
        NotFound: there is none with this id.
    """
    return found(BOOK, book_id, fetch_one(connection, selection, book_id))


def create_book(
    connection: Connection, book: BookCreate, selection: Selection = FULL_BOOK
) -> Record:
    """Add a book.

    Raises:
        Duplicate: the ISBN is taken.
        UnknownReference: the author does not exist.
    """
    connection.may_take_long()
    return get_book(connection, insert_row(connection, BOOK, _new_row(book)), selection)


def replace_book(
    connection: Connection,
    book_id: int,
    book: BookCreate,
    selection: Selection = FULL_BOOK,
    *,
    expected: Versions = None,
) -> Record:
    """Set every member of a book; what is left out becomes empty, the stock 0.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: a member that is read only is not as it is.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: the ISBN is taken.
        UnknownReference: the author does not exist.
    """
    connection.may_take_long()
    values = _new_row(book)
    return change_row(connection, BOOK, book_id, values, selection, expected, book.own())


def update_book(
    connection: Connection,
    book_id: int,
    book: BookUpdate,
    selection: Selection = FULL_BOOK,
    *,
    expected: Versions = None,
) -> Record:
    """Set the members that are given.

    Raises:
        NotFound: there is none with this id.
        ValidationFailed: a member that is read only is not as it is.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        Duplicate: the ISBN is taken.
        UnknownReference: the author does not exist.
    """
    changes = _in_cents(book.changes())
    if changes.keys() & {"title", "description"}:
        connection.may_take_long()
        row = connection.first(_SEARCHED, row_id=book_id)
        if row is None:
            raise not_found(BOOK, book_id)
        now = {"title": row[0], "description": row[1], **changes}
        changes["search_text"] = search_text(now["title"], now["description"])
    return change_row(connection, BOOK, book_id, changes, selection, expected, book.own())


def delete_book(connection: Connection, book_id: int, *, expected: Versions = None) -> None:
    """Remove a book.

    Raises:
        NotFound: there is none with this id.
        PreconditionFailed: it has another version than one of those expected.
        PreconditionRequired: none was named, and one must be.
        InUse: orders have it.
    """
    connection.may_take_long()
    delete_row(connection, BOOK, book_id, "orders", expected)


def _new_row(book: BookCreate) -> dict[str, Any]:
    return {
        **_in_cents(book.values()),
        "search_text": search_text(book.title, book.description),
    }


def _in_cents(values: dict[str, Any]) -> dict[str, Any]:
    if "price" in values:
        values["price_cents"] = to_cents(values.pop("price"))
    return values
