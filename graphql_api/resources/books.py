"""Books: queries and mutations."""

from asyncio import Future
from typing import Annotated

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field, mutation
from graphql_api.resources.argument_rules import checked, checked_id, connection_query, listing
from graphql_api.resources.arguments import (
    ExpectedVersion,
    Given,
    Id,
    Ids,
    Limit,
    Offset,
    RootLimit,
)
from graphql_api.resources.connections import After, Connection, First
from graphql_api.resources.objects import Book, BookSort
from graphql_api.resources.operation_calls import create, delete, read_connection, read_list, update
from graphql_api.resources.scalars import Date
from shared import limits, models
from shared.operations import books
from shared.reading.catalogue import BOOK
from shared.reading.fetching import Record
from shared.reading.listing import BookQuery


@strawberry.input(description="Which books; all of what is given must hold.")
class BookFilter:
    """Mirrors the filters of `shared.reading.listing.BookQuery`, which has the rules."""

    author_id: int | None = strawberry.field(default=UNSET, description="By this author.")
    genre: str | None = strawberry.field(default=UNSET, description="Of this genre, exactly.")
    min_price: float | None = strawberry.field(default=UNSET, description="At least this price.")
    max_price: float | None = strawberry.field(default=UNSET, description="At most this price.")
    search: str | None = strawberry.field(
        default=UNSET,
        description="Title or description contains this, in any case; "
        f"at least {limits.MIN_SEARCH} characters.",
    )


@strawberry.input(description="A new book.")
class BookCreate:
    """Mirrors `shared.models.BookCreate`, which has the rules."""

    title: str
    isbn: str = strawberry.field(description="10 or 13 digits, with or without hyphens.")
    price: float = strawberry.field(description="From 0, with at most two decimals.")
    publication_date: Date
    author_id: int
    genre: str
    description: str | None = UNSET
    stock: int = 0


@strawberry.input(description="Changes of a book: what is left out stays, null empties.")
class BookUpdate:
    """Mirrors `shared.models.BookUpdate`, which has the rules."""

    title: str | None = UNSET
    isbn: str | None = UNSET
    price: float | None = UNSET
    publication_date: Date | None = UNSET
    author_id: int | None = UNSET
    genre: str | None = UNSET
    description: str | None = UNSET
    stock: int | None = UNSET


@strawberry.type
class BookQueries:
    """The fields of `Query` for books."""

    @field(Book | None, "The book with this id; null if there is none.")
    def book(self, info: Info, book_id: Id) -> Future[Record | None]:
        return info.context.one(BOOK, checked_id(book_id))

    @field(list[Book], "A page of the books that pass the filter.")
    def books(
        self,
        info: Info,
        filters: Annotated[BookFilter | None, strawberry.argument(name="filter")] = UNSET,
        ids: Ids = UNSET,
        sort: BookSort | None = UNSET,
        limit: RootLimit = UNSET,
        offset: Offset = 0,
    ) -> Soon[list[Record]]:
        query = listing(BookQuery, filters=filters, ids=ids, sort=sort, limit=limit, offset=offset)
        return read_list(info, BOOK, query, books.list_books)

    @field(
        list[Book],
        "A page of the books whose title or description contains the query.",
    )
    def search_books(
        self,
        info: Info,
        query: Annotated[
            str,
            strawberry.argument(
                description=f"At least {limits.MIN_SEARCH} characters; case does not matter."
            ),
        ],
        limit: Limit = limits.DEFAULT_LIMIT,
        offset: Offset = 0,
    ) -> Soon[list[Record]]:
        names = {"search": ("query",)}
        found = listing(BookQuery, search=query, limit=limit, offset=offset, names=names)
        return read_list(info, BOOK, found, books.list_books)

    @field(Connection[Book], "The books that pass the filter, by cursors.")
    def books_connection(
        self,
        info: Info,
        first: First = limits.DEFAULT_LIMIT,
        after: After = UNSET,
        filters: Annotated[BookFilter | None, strawberry.argument(name="filter")] = UNSET,
        sort: BookSort | None = UNSET,
    ) -> Soon[Record]:
        query = connection_query(BookQuery, first=first, after=after, sort=sort, filters=filters)
        return read_connection(info, BOOK, query, books.list_books)


@strawberry.type
class BookMutations:
    """The fields of `Mutation` for books."""

    @mutation(Book, "Add a book.")
    async def create_book(self, info: Info, given: Given[BookCreate]) -> Record:
        return await create(info, BOOK, checked(models.BookCreate, given), books.create_book)

    @mutation(Book, "Change a book.")
    async def update_book(
        self,
        info: Info,
        book_id: Id,
        given: Given[BookUpdate],
        expected_version: ExpectedVersion = UNSET,
    ) -> Record:
        row_id, changes = checked_id(book_id), checked(models.BookUpdate, given)
        return await update(info, BOOK, row_id, changes, expected_version, books.update_book)

    @mutation(int, "Remove a book that no order has; gives the id.")
    async def delete_book(
        self, info: Info, book_id: Id, expected_version: ExpectedVersion = UNSET
    ) -> int:
        return await delete(info, book_id, expected_version, books.delete_book)
