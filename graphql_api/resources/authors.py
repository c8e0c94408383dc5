"""Authors: queries and mutations."""

from asyncio import Future
from enum import Enum

import strawberry
from strawberry import UNSET

from graphql_api.resolving.access import Soon
from graphql_api.resolving.context import Info
from graphql_api.resolving.decorators import field, mutation
from graphql_api.resources.argument_rules import checked, checked_id, connection_query, listing
from graphql_api.resources.arguments import ExpectedVersion, Given, Id, Ids, Offset, RootLimit
from graphql_api.resources.connections import After, Connection, First
from graphql_api.resources.objects import Author
from graphql_api.resources.operation_calls import create, delete, read_connection, read_list, update
from shared import limits, models
from shared.operations import authors
from shared.reading.catalogue import AUTHOR
from shared.reading.fetching import Record
from shared.reading.listing import AuthorQuery


@strawberry.enum(description="What authors are sorted by; equal ones by id.")
class AuthorSort(Enum):
    """The sort keys of authors."""

    ID = "id"
    ID_DESC = "-id"
    NAME = "name"
    NAME_DESC = "-name"


@strawberry.input(description="A new author.")
class AuthorCreate:
    """Mirrors `shared.models.AuthorCreate`, which has the rules."""

    name: str
    email: str
    bio: str | None = UNSET


@strawberry.input(description="Changes of an author: what is left out stays, null empties.")
class AuthorUpdate:
    """Mirrors `shared.models.AuthorUpdate`, which has the rules."""

    name: str | None = UNSET
    email: str | None = UNSET
    bio: str | None = UNSET


@strawberry.type
class AuthorQueries:
    """The fields of `Query` for authors."""

    @field(Author | None, "The author with this id; null if there is none.")
    def author(self, info: Info, author_id: Id) -> Future[Record | None]:
        return info.context.one(AUTHOR, checked_id(author_id))

    @field(list[Author], "A page of all authors.")
    def authors(
        self,
        info: Info,
        ids: Ids = UNSET,
        sort: AuthorSort | None = UNSET,
        limit: RootLimit = UNSET,
        offset: Offset = 0,
    ) -> Soon[list[Record]]:
        query = listing(AuthorQuery, ids=ids, sort=sort, limit=limit, offset=offset)
        return read_list(info, AUTHOR, query, authors.list_authors)

    @field(Connection[Author], "All authors, by cursors.")
    def authors_connection(
        self,
        info: Info,
        first: First = limits.DEFAULT_LIMIT,
        after: After = UNSET,
        sort: AuthorSort | None = UNSET,
    ) -> Soon[Record]:
        query = connection_query(AuthorQuery, first=first, after=after, sort=sort)
        return read_connection(info, AUTHOR, query, authors.list_authors)


@strawberry.type
class AuthorMutations:
    """The fields of `Mutation` for authors."""

    @mutation(Author, "Add an author.")
    async def create_author(self, info: Info, given: Given[AuthorCreate]) -> Record:
        return await create(
            info, AUTHOR, checked(models.AuthorCreate, given), authors.create_author
        )

    @mutation(Author, "Change an author.")
    async def update_author(
        self,
        info: Info,
        author_id: Id,
        given: Given[AuthorUpdate],
        expected_version: ExpectedVersion = UNSET,
    ) -> Record:
        row_id, changes = checked_id(author_id), checked(models.AuthorUpdate, given)
        return await update(info, AUTHOR, row_id, changes, expected_version, authors.update_author)

    @mutation(int, "Remove an author who has no books; gives the id.")
    async def delete_author(
        self, info: Info, author_id: Id, expected_version: ExpectedVersion = UNSET
    ) -> int:
        return await delete(info, author_id, expected_version, authors.delete_author)
