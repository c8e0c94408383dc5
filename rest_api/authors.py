"""Authors over REST."""

from rest_api.documentation import changed, created, deleted, one, page_of
from rest_api.framework import Resource, reading, writing
from rest_api.inputs import AuthorFields, AuthorList, BooksOfAuthorList, IdPath
from rest_api.representations import (
    Answer,
    NoContent,
    represent,
    represent_created,
    represent_page,
    with_id,
)
from shared import authors as bookstore
from shared.books import list_books_of_author as books_of_author
from shared.models import Author, AuthorCreate, AuthorUpdate, Book

authors = Resource("authors", "Authors, and the books that each has written.")


@authors.get("/authors", responses=page_of(Author))
def list_authors(query: AuthorList) -> Answer:
    """List authors.

    A page of all authors, or those with the `ids`.
    """
    with reading(query.fields) as connection:
        page = bookstore.list_authors(connection, query, query.fields)
    return represent_page(page, query)


@authors.post("/authors", responses=created(Author))
def create_author(query: AuthorFields, body: AuthorCreate) -> Answer:
    """Add an author.

    The e-mail address must be new.
    """
    with writing() as connection:
        author = bookstore.create_author(connection, body, with_id(query.fields))
    return represent_created(author, query.fields)


@authors.get("/authors/<id>", responses=one(Author))
def get_author(path: IdPath, query: AuthorFields) -> Answer:
    """Get an author.

    With `fields`, only these members, and those of their books.
    """
    with reading(query.fields) as connection:
        author = bookstore.get_author(connection, path.id, query.fields)
    return represent(author)


@authors.put("/authors/<id>", responses=changed(Author))
def replace_author(path: IdPath, query: AuthorFields, body: AuthorCreate) -> Answer:
    """Replace an author.

    What the body leaves out becomes empty.
    """
    with writing() as connection:
        author = bookstore.replace_author(connection, path.id, body, query.fields)
    return represent(author)


@authors.patch("/authors/<id>", responses=changed(Author))
def update_author(path: IdPath, query: AuthorFields, body: AuthorUpdate) -> Answer:
    """Change an author.

    What the body leaves out stays as it is; `null` empties what may be empty (RFC 7396).
    """
    with writing() as connection:
        author = bookstore.update_author(connection, path.id, body, query.fields)
    return represent(author)


@authors.delete("/authors/<id>", responses=deleted())
def delete_author(path: IdPath) -> Answer:
    """Delete an author.

    One who has books stays: 409.
    """
    with writing() as connection:
        bookstore.delete_author(connection, path.id)
    return NoContent()


@authors.get("/authors/<id>/books", responses=page_of(Book, within=True))
def list_books_of_author(path: IdPath, query: BooksOfAuthorList) -> Answer:
    """List an author's books.

    As `/books?author_id=`, and 404 where there is no such author.
    """
    with reading(query.fields) as connection:
        page = books_of_author(connection, path.id, query, query.fields)
    return represent_page(page, query)
