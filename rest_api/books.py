"""Books over REST."""

from rest_api.documentation import changed, created, deleted, one, page_of
from rest_api.framework import Resource, reading, writing
from rest_api.inputs import BookFields, BookList, IdPath
from rest_api.representations import (
    Answer,
    NoContent,
    represent,
    represent_created,
    represent_page,
    with_id,
)
from shared import books as bookstore
from shared.models import Book, BookCreate, BookUpdate

books = Resource("books", "Books, with their prices and how many copies there are.")


@books.get("/books", responses=page_of(Book))
def list_books(query: BookList) -> Answer:
    """List books.

    A page of the books that pass all filters, or those with the `ids`.
    """
    with reading(query.fields) as connection:
        page = bookstore.list_books(connection, query, query.fields)
    return represent_page(page, query)


@books.post("/books", responses=created(Book))
def create_book(query: BookFields, body: BookCreate) -> Answer:
    """Add a book.

    Its author must exist, and its ISBN must be new.
    """
    with writing() as connection:
        book = bookstore.create_book(connection, body, with_id(query.fields))
    return represent_created(book, query.fields)


@books.get("/books/<id>", responses=one(Book))
def get_book(path: IdPath, query: BookFields) -> Answer:
    """Get a book.

    With `fields`, only these members, and those of its author.
    """
    with reading(query.fields) as connection:
        book = bookstore.get_book(connection, path.id, query.fields)
    return represent(book)


@books.put("/books/<id>", responses=changed(Book))
def replace_book(path: IdPath, query: BookFields, body: BookCreate) -> Answer:
    """Replace a book.

    What the body leaves out becomes empty, the stock 0.
    """
    with writing() as connection:
        book = bookstore.replace_book(connection, path.id, body, query.fields)
    return represent(book)


@books.patch("/books/<id>", responses=changed(Book))
def update_book(path: IdPath, query: BookFields, body: BookUpdate) -> Answer:
    """Change a book.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    with writing() as connection:
        book = bookstore.update_book(connection, path.id, body, query.fields)
    return represent(book)


@books.delete("/books/<id>", responses=deleted())
def delete_book(path: IdPath) -> Answer:
    """Delete a book.

    One that orders have stays: 409.
    """
    with writing() as connection:
        bookstore.delete_book(connection, path.id)
    return NoContent()
