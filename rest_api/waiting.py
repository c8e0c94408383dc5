"""Answers that wait for what happens to an order: Server-Sent Events, and long polls.

Each has a thread while it is open. Granian says that a client is gone when it is written to,
by closing the iterator, so that both write something now and then: a comment between events
(HTML, 9.2.6), white space before JSON (RFC 8259, 2). For a long poll, to cap the wait instead
would free a thread as soon, but have clients that are well ask again and again.
"""

import threading
import time
from contextlib import ExitStack
from typing import Final

from rest_api.stream_threads import Stream
from shared.bodies import to_json
from shared.errors import Unavailable
from shared.fetching import Record
from shared.limits import HEARTBEAT_S
from shared.order_events import News, read_more_news
from shared.seeding import Bookstore
from shared.streams import Streams

RETRY_MS: Final = 1_000  # after which a browser connects again
_COMMENT: Final = b":\n\n"


class Waiter:
    """Waits for news of an order, on behalf of an answer that is open."""

    def __init__(self, bookstore: Bookstore, streams: Streams, order_id: int, after: int) -> None:
        """Subscribe to the order.

        Raises:
            TooManyStreams: as many as may be are open already.
        """
        self._bookstore = bookstore
        self._order_id = order_id
        self._after = after
        self._woken = threading.Event()
        self._woken.set()  # what happened before it was subscribed, it has to look for
        self._is_unread = False
        with ExitStack() as resources:
            resources.enter_context(streams.one_more())
            resources.enter_context(bookstore.watch.subscribed(order_id, self._woken.set))
            self._resources = resources.pop_all()

    @property
    def is_ending(self) -> bool:
        """Whether the server stops."""
        return self._bookstore.watch.is_ending

    def wait(self, seconds: float) -> News | None:
        """What has happened since it was asked last; None if nothing has in this time."""
        ends = time.monotonic() + seconds
        while True:
            is_woken = self._woken.wait(ends - time.monotonic())
            if self.is_ending or not (is_woken or self._is_unread):
                return None
            self._woken.clear()
            news = self._read()
            if news.events or news.is_over:
                return news
            if not is_woken:
                return None

    def _read(self) -> News:
        self._is_unread = True
        try:
            with self._bookstore.database.reading() as connection:
                news = read_more_news(connection, self._order_id, self._after)
        except Unavailable:
            return News([], False)  # the next time will show it
        self._is_unread = False
        if news.events:
            self._after = news.events[-1]["id"]
        return news

    def close(self) -> None:
        """Let others have its place; once more does no harm."""
        self._resources.close()


class EventStream(Stream):
    """The body of Server-Sent Events: those that are known, then those that come."""

    def __init__(self, waiter: Waiter, news: News) -> None:
        self._waiter = waiter
        self._next = b"retry: %d\n\n%b" % (RETRY_MS, _events(news.events))
        self._is_over = news.is_over

    def __iter__(self) -> "EventStream":
        return self

    def __next__(self) -> bytes:
        chunk, self._next = self._next, b""
        if chunk:
            return chunk
        if self._is_over or self._waiter.is_ending:
            self.close()
            raise StopIteration
        news = self._waiter.wait(HEARTBEAT_S)
        if news is None:
            return _COMMENT
        self._is_over = news.is_over
        return _events(news.events) or _COMMENT

    def close(self) -> None:
        """What the server calls when the client is gone, too."""
        self._waiter.close()


class LongPoll(Stream):
    """The body of a long poll: white space, then the events as JSON, or none in time."""

    def __init__(self, waiter: Waiter, seconds: float) -> None:
        self._waiter = waiter
        self._ends = time.monotonic() + seconds
        self._is_told = False

    def __iter__(self) -> "LongPoll":
        return self

    def __next__(self) -> bytes:
        if self._is_told:
            self.close()
            raise StopIteration
        left = self._ends - time.monotonic()
        news = self._waiter.wait(max(0.0, min(left, HEARTBEAT_S)))
        if news is None and left > HEARTBEAT_S and not self._waiter.is_ending:
            return b" "
        self._is_told = True
        return to_json(news.events if news else [])

    def close(self) -> None:
        """What the server calls when the client is gone, too."""
        self._waiter.close()


def _events(events: list[Record]) -> bytes:
    return b"".join(
        b"id: %d\nevent: status\ndata: %b\n\n" % (event["id"], to_json(event)) for event in events
    )
