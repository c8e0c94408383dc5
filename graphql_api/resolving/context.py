"""What the resolvers of one request share."""

from asyncio import Future, sleep
from collections.abc import Callable
from typing import TypeVar

import strawberry

from graphql_api.resolving.access import Access, Soon, Work
from graphql_api.resolving.loaders import Loaders
from shared.reading.catalogue import Entity
from shared.reading.fetching import Record
from shared.reading.selection import Selection, own_fields

Result = TypeVar("Result")


class Context:
    """The way to the database, and the loaders of this request.

    Attributes:
        access: what the loaders read by.
        shows_private: whether this request sees what only the holder of the token sees.
        require_version: whether a change must say which version it changes.
    """

    __slots__ = ("_make_loaders", "access", "loaders", "require_version", "shows_private")

    def __init__(
        self,
        access: Access,
        make_loaders: Callable[[Access], Loaders],
        shows_private: bool = True,
        require_version: bool = False,
    ) -> None:
        self.access = access
        self._make_loaders = make_loaders
        self.shows_private = shows_private
        self.require_version = require_version
        self.loaders = make_loaders(access)

    def fields(self, entity: Entity) -> Selection:
        """All fields of an entity, as far as this request may see them."""
        selection = own_fields(entity)
        return selection if self.shows_private else selection.public

    def one(self, entity: Entity, row_id: int) -> Future[Record | None]:
        """The object with this id, or None, read by the loaders."""
        return self.loaders.one(self.fields(entity), row_id)

    def read(self, work: Work[Result]) -> Soon[Result]:
        """The result of one statement, or a future of it."""
        return self.access.read(work)

    async def write(self, work: Work[Result]) -> Result:
        """The result of a write transaction; the loaders then forget what they have loaded."""
        try:
            written = self.access.write(work)
            if isinstance(written, Future):
                return await written
            await sleep(0)  # others have their turn before the next write of this operation
            return written
        finally:
            self.loaders = self._make_loaders(self.access)


Info = strawberry.Info[Context, None]
