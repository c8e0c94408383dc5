"""Authors over REST."""

from rest_api.framework import Resource
from rest_api.openapi.operation_responses import changed, created, deleted, one, page_of, replaced
from rest_api.web.answer import Answer, NoContent
from rest_api.web.current import reading, shown, writing
from rest_api.web.parameters import AuthorFields, AuthorList, BooksOfAuthorList, IdPath
from rest_api.web.preconditions import expected, unless_known
from rest_api.web.responses import (
    represent_created,
    represent_one,
    represent_page,
    represent_replaced,
)
from shared.models import Author, AuthorCreate, AuthorReplace, AuthorUpdate, Book
from shared.operations import authors as bookstore
from shared.operations.books import list_books_of_author as books_of_author
from shared.reading.catalogue import AUTHOR

authors = Resource("authors", "Authors, and the books that each has written.")


@authors.get("/authors", responses=page_of(Author))
def list_authors(query: AuthorList) -> Answer:
    """List authors.

    A page of all authors, or those with the `ids`.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = bookstore.list_authors(connection, query, view.selection)
    return represent_page(page, query, view)


@authors.post("/authors", responses=created(Author))
def create_author(query: AuthorFields, body: AuthorCreate) -> Answer:
    """Add an author.

    The e-mail address must be new.
    """
    view = shown(query)
    with writing() as connection:
        author = bookstore.create_author(connection, body, view.tagged)
    return represent_created(author, view)


@authors.get("/authors/<id>", responses=one(Author))
def get_author(path: IdPath, query: AuthorFields) -> Answer:
    """Get an author.

    With `fields`, only these members, and those of their books.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        unless_known(connection, view, path.id)
        author = bookstore.get_author(connection, path.id, view.tagged)
    return represent_one(author, view)


@authors.put("/authors/<id>", responses=replaced(Author))
def replace_author(path: IdPath, query: AuthorFields, body: AuthorReplace) -> Answer:
    """Replace an author.

    What the body leaves out becomes empty.
    """
    view, versions = shown(query), expected(AUTHOR, path.id)
    with writing() as connection:
        author = bookstore.replace_author(connection, path.id, body, view.tagged, expected=versions)
    return represent_replaced(author, view)


@authors.patch("/authors/<id>", responses=changed(Author))
def update_author(path: IdPath, query: AuthorFields, body: AuthorUpdate) -> Answer:
    """Change an author.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    view, versions = shown(query), expected(AUTHOR, path.id)
    with writing() as connection:
        author = bookstore.update_author(connection, path.id, body, view.tagged, expected=versions)
    return represent_one(author, view)


@authors.delete("/authors/<id>", responses=deleted())
def delete_author(path: IdPath) -> Answer:
    """Delete an author.

    One who has books stays: 409.
    """
    versions = expected(AUTHOR, path.id)
    with writing() as connection:
        bookstore.delete_author(connection, path.id, expected=versions)
    return NoContent()


@authors.get("/authors/<id>/books", responses=page_of(Book, within=True))
def list_books_of_author(path: IdPath, query: BooksOfAuthorList) -> Answer:
    """List an author's books.

    As `/books?author_id=`, and 404 where there is no such author.
    """
    view = shown(query)
    with reading(view.selection) as connection:
        page = books_of_author(connection, path.id, query, view.selection)
    return represent_page(page, query, view)
