"""Which thread does what: Granian's read requests, ours work on them, streams have their own.

Granian reads and sends a WSGI body in the thread that has been called: as many threads as there
may be streams, or bodies that do not come, would then compete for the ordinary requests, too, and
258 of them, though only 8 were let to work at once, answered 4,500 requests/s where 8 answer 7,500
(200 clients). So its threads only read the body (`rest_api.body_threads`) and hand the request on
to the few that work; a stream's thread lasts as long as the stream, of which there are no more
than the budget.
"""

import logging
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Final

from granian import wsgi
from granian.server import mp

from rest_api.body_threads import Answer, Bodies, Exchange, Headers
from rest_api.middleware import REFUSED, Middleware
from shared.errors import BookstoreError

log = logging.getLogger(__name__)

_Scope = dict[str, Any]
_Call = Callable[[Any, _Scope], int]


class Stream:
    """A body that takes its time. Granian closes it when its client is gone or it has ended."""

    def close(self) -> None:
        """Let others have its place; once more does no harm."""
        raise NotImplementedError


class _Dividing:
    """Hands streams to threads of their own, and all else on."""

    __slots__ = ("_exchange", "response_bytes")

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self.response_bytes = exchange.response_bytes

    def response_iter(self, status: int, headers: Headers, body: Any) -> None:
        send = self._exchange.response_iter
        stream = body.inner
        if not isinstance(stream, Stream):
            send(status, headers, body)
            return
        thread = threading.Thread(
            target=send, args=(status, headers, body), name="stream", daemon=True
        )
        try:
            thread.start()
        except BaseException:
            stream.close()
            raise


class _Kept:
    """Keeps an answer instead of sending it."""

    answer: Answer

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.answer = (status, headers, body)


class _Workers:
    """The threads that work on requests."""

    def __init__(self, call: _Call, threads: int) -> None:
        self._call = call
        self._requests: SimpleQueue[tuple[Exchange, _Scope]] = SimpleQueue()
        self.hand = self._requests.put
        for _ in range(threads):
            threading.Thread(target=self._work, name="worker", daemon=True).start()

    def _work(self) -> None:
        while True:
            exchange, scope = self._requests.get()
            try:
                self._call(_Dividing(exchange), scope)
            except Exception:
                log.exception("a request failed outside of the application")
                exchange.response_bytes(500, [], b"")
            del exchange, scope  # not until the next request


def divide(middleware: Middleware, threads: int, timeout_s: float) -> None:
    """Have this process's Granian worker, which is about to start, treat requests so.

    Args:
        middleware: the application, with all that surrounds it.
        threads: that work on requests.
        timeout_s: seconds that a request's body may take.
    """

    def call_wrapper(*arguments: Any) -> _Call:
        call = wsgi._callback_wrapper(*arguments)

        def answer(scope: _Scope, error: BookstoreError) -> Answer:
            kept = _Kept()
            call(kept, {**scope, REFUSED: error})
            return kept.answer

        bodies = Bodies(timeout_s, answer, middleware.refuses)
        workers = _Workers(call, threads)

        def take(exchange: Exchange, scope: _Scope) -> int:
            if bodies.read(exchange, scope):
                workers.hand((exchange, scope))
            return _UNKNOWN

        return take

    # Granian has no public place for it; its exact version is pinned.
    assert mp._wsgi_call_wrap is wsgi._callback_wrapper  # type: ignore[attr-defined]
    mp._wsgi_call_wrap = call_wrapper  # type: ignore[attr-defined,assignment]


_UNKNOWN: Final = 0  # the status: what Granian's access log would show, which is off
