"""Streams in threads of their own, so that requests keep those that Granian has for them.

Granian sends a WSGI body from the thread that has made it: as many threads as there may be streams
would then compete for the ordinary requests, too, and 258 of them, though only 8 were let to work
at once, answered 4,500 requests/s where 8 answer 7,500 (200 clients). Here a stream's thread lasts
as long as the stream, of which there are no more than the budget, and requests notice nothing.
"""

import threading
from collections.abc import Callable
from typing import Any, Protocol

from granian import wsgi
from granian.server import mp

Headers = list[tuple[str, str]]


class Stream:
    """A body that takes its time. Granian closes it when its client is gone or it has ended."""

    def close(self) -> None:
        """Let others have its place; once more does no harm."""
        raise NotImplementedError


class _Exchange(Protocol):
    """What Granian sends an answer by, from whatever thread."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...

    def response_iter(self, status: int, headers: Headers, body: Any) -> None: ...


class _Dividing:
    """Hands streams to threads of their own, and all else on."""

    __slots__ = ("_exchange", "response_bytes")

    def __init__(self, exchange: _Exchange) -> None:
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


def _call_wrapper(*arguments: Any) -> Callable[[_Exchange, Any], int]:
    call = wsgi._callback_wrapper(*arguments)
    return lambda exchange, scope: int(call(_Dividing(exchange), scope))


def divide_streams() -> None:
    """Have this process's Granian worker, which is about to start, treat streams so."""
    # Granian has no public place for it; its exact version is pinned.
    assert mp._wsgi_call_wrap is wsgi._callback_wrapper  # type: ignore[attr-defined]
    mp._wsgi_call_wrap = _call_wrapper  # type: ignore[attr-defined,assignment]
