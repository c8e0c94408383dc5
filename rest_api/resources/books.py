"""Books over REST."""

from rest_api.framework import Resource
from rest_api.openapi.operation_responses import changed, created, deleted, one, page_of, replaced
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import reading, shown, writing
from rest_api.web.parameters import BookFields, BookList, IdPath
from rest_api.web.preconditions import expected, unless_known
from rest_api.web.responses import (
    represent_created,
    represent_one,
    represent_page,
    represent_replaced,
)
from shared.models import Book, BookCreate, BookReplace, BookUpdate
from shared.operations import books as bookstore
from shared.reading.catalogue import BOOK

books = Resource("books", "Books, with their prices and how many copies there are.")


@books.get("/books", responses=page_of(Book))
def list_books(query: BookList) -> Answer:
    """List books.

    A page of the books that pass all filters, or those with the `ids`.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = bookstore.list_books(connection, query, view.selection)
    return represent_page(page, query, view)


@books.post("/books", responses=created(Book))
def create_book(query: BookFields, body: BookCreate) -> Answer:
    """Add a book.

    Its author must exist, and its ISBN must be new.
    """
    view = shown(query)
    with writing() as connection:
        book = bookstore.create_book(connection, body, view.tagged)
    return represent_created(book, view)


@books.get("/books/<id>", responses=one(Book))
def get_book(path: IdPath, query: BookFields) -> Answer:
    """Get a book.

    With `fields`, only these members, and those of its author.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        unless_known(connection, view, path.id)
        book = bookstore.get_book(connection, path.id, view.tagged)
    return represent_one(book, view)


@books.put("/books/<id>", responses=replaced(Book))
def replace_book(path: IdPath, query: BookFields, body: BookReplace) -> Answer:
    """Replace a book.

    What the body leaves out becomes empty, the stock 0.
    """
    view, versions = shown(query), expected(BOOK, path.id)
    with writing() as connection:
        book = bookstore.replace_book(connection, path.id, body, view.tagged, expected=versions)
    return represent_replaced(book, view)


@books.patch("/books/<id>", responses=changed(Book))
def update_book(path: IdPath, query: BookFields, body: BookUpdate) -> Answer:
    """Change a book.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    view, versions = shown(query), expected(BOOK, path.id)
    with writing() as connection:
        book = bookstore.update_book(connection, path.id, body, view.tagged, expected=versions)
    return represent_one(book, view)


@books.delete("/books/<id>", responses=deleted())
def delete_book(path: IdPath) -> Answer:
    """Delete a book.

    One that orders have stays: 409.
    """
    versions = expected(BOOK, path.id)
    with writing() as connection:
        bookstore.delete_book(connection, path.id, expected=versions)
    return NoContent()
