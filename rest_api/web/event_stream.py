"""Answers that wait for what happens to an order: Server-Sent Events, and long polls.

They are coroutines, which hold no thread while they wait. Only a write shows that a client is gone
without closing its connection, so both write something now and then: a comment between events
(HTML, 9.2.6), white space before JSON (RFC 8259, 2).
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack
from contextvars import copy_context
from typing import Final, Self

from shared.database import Connection
from shared.limits import HEARTBEAT_S
from shared.operations.order_events import News
from shared.reading.fetching import Record
from shared.serving.bookstore import Bookstore
from shared.serving.order_news import OrderNews
from shared.serving.running import runs_on_loop
from shared.serving.streams import Streams
from shared.web.bodies import to_json

RETRY_MS: Final = 1_000  # after which a browser connects again
_COMMENT: Final = b":\n\n"


class Stream:
    """A body sent over time; it counts as one of the open streams until it is closed.

    Attributes:
        end: what is sent last to a client that is done with it before it is over.
    """

    end = b""

    def __init__(self, bookstore: Bookstore, streams: Streams, order_id: int, after: int) -> None:
        """Count as an open stream.

        Raises:
            TooManyStreams: as many as may be are open already.
        """
        self._bookstore = bookstore
        self._order_id = order_id
        self._after = after
        with ExitStack() as place:
            place.enter_context(streams.one_more())
            self._place = place.pop_all()

    def __iter__(self) -> Iterator[bytes]:
        """Give nothing: WSGI alone would need a thread per stream, so the event loop sends it."""
        return iter(())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Count no longer; closing twice does no harm."""
        self._place.close()

    def chunks(self, readers: Executor) -> AsyncGenerator[bytes, None]:
        """What is sent, bit by bit.

        Args:
            readers: threads in which a database that may block is read.
        """
        raise NotImplementedError

    def _news(self, readers: Executor) -> OrderNews:
        """What happens to the order from now on."""
        database = self._bookstore.database

        def read_now(work: Callable[[Connection], News]) -> News:
            with database.reading() as connection:
                return work(connection)

        async def read(work: Callable[[Connection], News]) -> News:
            if runs_on_loop(database):
                return read_now(work)
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(readers, copy_context().run, read_now, work)

        return OrderNews(self._bookstore.watch, self._order_id, self._after, read)


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
        is_over, coming = self._known.is_over, self._news(readers)
        with coming.subscribed():
            while not (is_over or coming.is_ending):
                news = await coming.wait(HEARTBEAT_S)
                is_over = news is not None and news.is_over
                yield (_events(news.events) if news else b"") or _COMMENT


class LongPoll(Stream):
    """White space, then the events as JSON, or none in time."""

    end = to_json([])

    def __init__(
        self, bookstore: Bookstore, streams: Streams, order_id: int, after: int, seconds: float
    ) -> None:
        super().__init__(bookstore, streams, order_id, after)
        self._ends = time.monotonic() + seconds

    async def chunks(self, readers: Executor) -> AsyncGenerator[bytes, None]:
        """See `Stream`."""
        coming = self._news(readers)
        with coming.subscribed():
            while True:
                left = self._ends - time.monotonic()
                news = await coming.wait(max(0.0, min(left, HEARTBEAT_S)))
                if news is not None or left <= HEARTBEAT_S or coming.is_ending:
                    break
                yield b" "
        yield to_json(news.events if news else [])


def _events(events: list[Record]) -> bytes:
    return b"".join(
        b"id: %d\nevent: status\ndata: %b\n\n" % (event["id"], to_json(event)) for event in events
    )
