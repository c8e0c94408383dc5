"""Waits on an event loop for events of an order, for answers that stay open."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from shared.database import Connection
from shared.errors import Unavailable
from shared.operations.order_events import News, read_more_news
from shared.operations.order_watch import Watch

# Reads with a connection, wherever the database is to be read.
Read: TypeAlias = Callable[[Callable[[Connection], News]], Awaitable[News]]


class OrderNews:
    """Waits for news of an order, on behalf of an answer that is open."""

    def __init__(self, watch: Watch, order_id: int, after: int, read: Read) -> None:
        """Args:
        after: the id of the event that was seen last.
        """
        self._watch = watch
        self._order_id = order_id
        self._after = after
        self._read = read
        self._woken = asyncio.Event()
        self._woken.set()  # what happened before it was subscribed, it has to look for
        self._is_unread = False

    @property
    def is_ending(self) -> bool:
        """Whether the server stops."""
        return self._watch.is_ending

    @contextmanager
    def subscribed(self) -> Iterator[None]:
        """Be woken by news within the context, on the event loop that this is called on."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        with self._watch.subscribed(self._order_id, wake):
            yield

    async def wait(self, seconds: float) -> News | None:
        """The news since the last call; None if there is none within this time.

        A database that does not answer is asked again at the end of it.
        """
        ends = time.monotonic() + seconds
        while True:
            is_woken = await self._is_woken_before(ends)
            if self.is_ending or not (is_woken or self._is_unread):
                return None
            self._woken.clear()
            news = await self._next()
            if news.events or news.is_over:
                return news
            if not is_woken:
                return None

    async def _is_woken_before(self, ends: float) -> bool:
        try:
            async with asyncio.timeout(max(0.0, ends - time.monotonic())):
                return await self._woken.wait()
        except TimeoutError:
            return False

    async def _next(self) -> News:
        self._is_unread = True
        order_id, after = self._order_id, self._after
        try:
            news = await self._read(lambda connection: read_more_news(connection, order_id, after))
        except Unavailable:
            return News([], False)  # the next time will show it
        self._is_unread = False
        if news.events:
            self._after = news.events[-1]["id"]
        return news
