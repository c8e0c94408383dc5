"""Answers that wait for what happens to an order: Server-Sent Events, and long polls.

They are coroutines, which hold no thread while they wait. Whoever is gone without a word is found
out by writing, so that both write something now and then: a comment between events (HTML, 9.2.6),
white space before JSON (RFC 8259, 2).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from contextvars import copy_context
from typing import Final, Self

from shared.errors import Unavailable
from shared.limits import HEARTBEAT_S
from shared.operations.order_events import News, read_more_news
from shared.reading.fetching import Record
from shared.serving.bookstore import Bookstore
from shared.serving.running import runs_on_loop
from shared.serving.streams import Streams
from shared.web.bodies import to_json

RETRY_MS: Final = 1_000  # after which a browser connects again
_COMMENT: Final = b":\n\n"


class Stream:
    """A body that takes its time; it has its place in the budget of streams until it is closed."""

    def __init__(self, bookstore: Bookstore, streams: Streams, order_id: int, after: int) -> None:
        """Take a place.

        Raises:
            TooManyStreams: there is none.
        """
        self._waiter = _Waiter(bookstore, order_id, after)
        with ExitStack() as place:
            place.enter_context(streams.one_more())
            self._place = place.pop_all()

    def __iter__(self) -> Iterator[bytes]:
        """Nothing: a server without an event loop would need a thread for each."""
        return iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let others have the place; once more does no harm."""
        self._place.close()

    def chunks(self, readers: Executor) -> AsyncGenerator[bytes, None]:
        """What is sent, bit by bit.

        Args:
            readers: threads in which a database that may block is read.
        """
        raise NotImplementedError


class EventStream(Stream):
    """Server-Sent Events: those that are known, then those that come, until the last."""

    def __init__(
        self, bookstore: Bookstore, streams: Streams, order_id: int, after: int, news: News
    ) -> None:
        seen = news.events[-1]["id"] if news.events else after
        super().__init__(bookstore, streams, order_id, seen)
        self._known = news

    async def chunks(self, readers: Executor) -> AsyncGenerator[bytes, None]:
        """See `Stream`."""
        yield b"retry: %d\n\n%b" % (RETRY_MS, _events(self._known.events))
        is_over = self._known.is_over
        with self._waiter.subscribed():
            while not (is_over or self._waiter.is_ending):
                news = await self._waiter.wait(HEARTBEAT_S, readers)
                is_over = news is not None and news.is_over
                yield (_events(news.events) if news else b"") or _COMMENT


class LongPoll(Stream):
    """White space, then the events as JSON, or none in time."""

    def __init__(
        self, bookstore: Bookstore, streams: Streams, order_id: int, after: int, seconds: float
    ) -> None:
        super().__init__(bookstore, streams, order_id, after)
        self._ends = time.monotonic() + seconds

    async def chunks(self, readers: Executor) -> AsyncGenerator[bytes, None]:
        """See `Stream`."""
        with self._waiter.subscribed():
            while True:
                left = self._ends - time.monotonic()
                news = await self._waiter.wait(max(0.0, min(left, HEARTBEAT_S)), readers)
                if news is not None or left <= HEARTBEAT_S or self._waiter.is_ending:
                    break
                yield b" "
        yield to_json(news.events if news else [])


class _Waiter:
    """Waits for news of an order, on behalf of an answer that is open."""

    def __init__(self, bookstore: Bookstore, order_id: int, after: int) -> None:
        self._bookstore = bookstore
        self._order_id = order_id
        self._after = after
        self._woken = asyncio.Event()
        self._woken.set()  # what happened before it was subscribed, it has to look for
        self._is_unread = False

    @property
    def is_ending(self) -> bool:
        """Whether the server stops."""
        return self._bookstore.watch.is_ending

    @contextmanager
    def subscribed(self) -> Iterator[None]:
        """Be woken by news, on the event loop that this is called on."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        with self._bookstore.watch.subscribed(self._order_id, wake):
            yield

    async def wait(self, seconds: float, readers: Executor) -> News | None:
        """What has happened since it was asked last; None if nothing has in this time."""
        ends = time.monotonic() + seconds
        while True:
            is_woken = await self._is_woken_before(ends)
            if self.is_ending or not (is_woken or self._is_unread):
                return None
            self._woken.clear()
            news = await self._read(readers)
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

    async def _read(self, readers: Executor) -> News:
        self._is_unread = True
        try:
            if runs_on_loop(self._bookstore.database):
                news = self._read_now()
            else:
                loop = asyncio.get_running_loop()
                news = await loop.run_in_executor(readers, copy_context().run, self._read_now)
        except Unavailable:
            return News([], False)  # the next time will show it
        self._is_unread = False
        if news.events:
            self._after = news.events[-1]["id"]
        return news

    def _read_now(self) -> News:
        with self._bookstore.database.reading() as connection:
            return read_more_news(connection, self._order_id, self._after)


def _events(events: list[Record]) -> bytes:
    return b"".join(
        b"id: %d\nevent: status\ndata: %b\n\n" % (event["id"], to_json(event)) for event in events
    )
