"""What the resolvers of one request share."""

from collections.abc import Callable
from typing import TypeVar

import strawberry

from graphql_api.access import Access, Soon, Work
from graphql_api.loaders import Loaders

Result = TypeVar("Result")


class Context:
    """The way to the database, and the loaders of this request."""

    __slots__ = ("_access", "_make_loaders", "loaders")

    def __init__(self, access: Access, make_loaders: Callable[[Access], Loaders]) -> None:
        self._access = access
        self._make_loaders = make_loaders
        self.loaders = make_loaders(access)

    def read(self, work: Work[Result]) -> Soon[Result]:
        """The result of one statement, or a future of it."""
        return self._access.read(work)

    async def write(self, work: Work[Result]) -> Result:
        """The result of a write transaction; what was loaded before it is forgotten."""
        try:
            return await self._access.write(work)
        finally:
            self.loaders = self._make_loaders(self._access)


Info = strawberry.Info[Context, None]
