"""Reading the bodies of requests, apart from the threads that work on requests.

Granian's body blocks the thread that reads it until it has come, and is gone when the call that
was given it returns: so it is read in Granian's own threads, which do nothing else, and a client
that keeps its body to itself holds nobody up. Each read has a deadline. Only an answer that ends
too soon makes Granian give up the connection, and lets the thread go on.
"""

import threading
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any, Final, Protocol

from shared import limits
from shared.errors import BodyTimedOut, BookstoreError, TooManyBodies

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]

# Bodies that are waited for at once, and the threads beside them: so many requests can come in
# while as many clients as may be send nothing. 64 and 8 cost a quarter of the requests/s where 200
# clients ask at once; these, about nothing.
WAITING: Final = 28
BESIDE: Final = 4
SLOW_S: Final = 0.5  # that a body takes before it counts as waited for
_LOOK_S: Final = 0.05
_FLUSH_S: Final = 0.05  # until the beginning of an answer has left, before the connection ends
_PIECE_BYTES: Final = 65_536
_READ_AWAY_BYTES: Final = 32 * limits.MAX_BODY_BYTES
_WITHOUT_BODY: Final = ("GET", "HEAD", "OPTIONS")


class Exchange(Protocol):
    """What Granian sends an answer by, from whatever thread."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...

    def response_iter(self, status: int, headers: Headers, body: Any) -> None: ...


class _Waiting:
    """A body that is being read."""

    def __init__(self, exchange: Exchange, scope: dict[str, Any]) -> None:
        self.exchange = exchange
        self.scope = scope
        self.since = time.monotonic()


class Bodies:
    """Reads bodies, each until its deadline, and so many at once.

    Args:
        timeout_s: seconds that a body may take.
        answer: makes the answer for an error.
        refuses: whether a request would be refused without its body, by its head alone.
    """

    def __init__(
        self,
        timeout_s: float,
        answer: Callable[[dict[str, Any], BookstoreError], Answer],
        refuses: Callable[[dict[str, Any]], bool],
    ) -> None:
        self._timeout_s = timeout_s
        self._answer = answer
        self._refuses = refuses
        self._lock = threading.Lock()
        self._waiting: dict[_Waiting, None] = {}  # the oldest first
        self._slow = 0
        self._some = threading.Event()
        threading.Thread(target=self._watch, name="bodies", daemon=True).start()

    def read(self, exchange: Exchange, scope: dict[str, Any]) -> bool:
        """Put the body's bytes in its place; False if the request has been answered instead."""
        if not _has_body(scope):
            return True
        if scope["REQUEST_METHOD"] in _WITHOUT_BODY:
            scope["wsgi.input"] = BytesIO()
            return True
        # A client that waits for leave to send is asked for nothing that is then refused.
        if "HTTP_EXPECT" in scope and self._refuses(scope):
            scope["wsgi.input"] = BytesIO()
            return True
        if self._slow >= WAITING:
            exchange.response_bytes(*self._answer(scope, _too_many()))
            return False
        waiting = _Waiting(exchange, scope)
        with self._lock:
            self._waiting[waiting] = None
        self._some.set()
        body = _read(scope["wsgi.input"])
        with self._lock:
            if waiting not in self._waiting:
                return False
            del self._waiting[waiting]
        scope["wsgi.input"] = BytesIO(body)
        return True

    def _watch(self) -> None:
        while True:
            self._some.wait()
            time.sleep(_LOOK_S)
            for late, error in self._give_up():
                threading.Thread(
                    target=self._end, args=(late, error), name="late body", daemon=True
                ).start()

    def _give_up(self) -> list[tuple[_Waiting, BookstoreError]]:
        """Those that have taken too long, and the oldest where there are too many."""
        now = time.monotonic()
        with self._lock:
            slow = [one for one in self._waiting if now - one.since >= min(SLOW_S, self._timeout_s)]
            too_many = len(slow) - WAITING
            given_up: list[tuple[_Waiting, BookstoreError]] = []
            for number, one in enumerate(slow):
                if now - one.since >= self._timeout_s:
                    given_up.append((one, _too_late(self._timeout_s)))
                elif number < too_many:
                    given_up.append((one, _too_many()))
            for one, _ in given_up:
                del self._waiting[one]
            self._slow = len(slow) - len(given_up)
            if not self._waiting:
                self._some.clear()
        return given_up

    def _end(self, late: _Waiting, error: BookstoreError) -> None:
        scope = {**late.scope, "wsgi.input": BytesIO()}
        status, headers, body = self._answer(scope, error)
        length = ("Content-Length", str(len(body) + 1))  # of which the last byte never comes
        headers = [header for header in headers if header[0].lower() != "content-length"]
        late.exchange.response_iter(
            status, [*headers, length, ("Connection", "close")], _CutShort(body)
        )


class _CutShort:
    """A body that ends before the length that was said, once what there is has been sent."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body

    def __next__(self) -> bytes:
        body, self._body = self._body, None
        if body is None:
            time.sleep(_FLUSH_S)
            raise StopIteration
        return body

    def close(self) -> None:
        """Nothing is held."""


def _has_body(scope: dict[str, Any]) -> bool:
    return scope.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in scope


def _read(stream: Any) -> bytes:
    """The body, or its beginning if it is over the limit; it is enough to see that it is.

    The rest is read away: most clients send all before they look for an answer, though not without
    an end.
    """
    body: bytes = stream.read(limits.MAX_BODY_BYTES + 1)
    if len(body) > limits.MAX_BODY_BYTES:
        for _ in range(_READ_AWAY_BYTES // _PIECE_BYTES):
            if not stream.read(_PIECE_BYTES):
                break
    return body


def _too_late(timeout_s: float) -> BodyTimedOut:
    return BodyTimedOut(f"the body must come within {timeout_s:g} s")


def _too_many() -> TooManyBodies:
    return TooManyBodies(f"{WAITING} clients keep this server waiting for bodies already")
