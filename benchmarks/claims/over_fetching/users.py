"""Users who ask for the same again and again, with a pause between an answer and the next request.

So they are never more than there are, and a server that takes long for each answer makes all of
them wait for each other: the load of k6's virtual users.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from threading import Event, Lock, Thread
from urllib.parse import urlsplit

from client_examples.comparison.errors import LoadFailed

LIMIT_S = 60.0  # for an answer
_POLL_S = 0.01


@dataclass(frozen=True)
class Asked:
    """What is asked for: by GET, or a GraphQL request by POST."""

    url: str
    body: bytes | None = None

    @property
    def method(self) -> str:
        """Of the request."""
        return "GET" if self.body is None else "POST"


@dataclass(frozen=True)
class Loaded:
    """How long the answers of a while took, in ms, and how many there were in a second."""

    times: list[float]
    per_s: float


def answer(asked: Asked, connection: HTTPConnection) -> tuple[bytes, float]:
    """The body of the answer and how long it took, in ms.

    Raises:
        LoadFailed: there is none, or its status is not 200.
    """
    parts = urlsplit(asked.url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {} if asked.body is None else {"Content-Type": "application/json"}
    start = time.perf_counter()
    try:
        connection.request(asked.method, path, asked.body, headers)
        response = connection.getresponse()
        body = response.read()
    except (OSError, HTTPException) as error:
        raise LoadFailed(f"no answer: {error!r}", method=asked.method, url=asked.url) from error
    took = (time.perf_counter() - start) * 1_000
    if response.status != 200:
        said = body[:200].decode(errors="replace")
        status = response.status
        raise LoadFailed(
            "not answered well", method=asked.method, url=asked.url, status=status, said=said
        )
    return body, took


@contextmanager
def connected(asked: Asked) -> Iterator[HTTPConnection]:
    """A connection to the server that is asked, opened by the first request."""
    parts = urlsplit(asked.url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=LIMIT_S)
    try:
        yield connection
    finally:
        connection.close()


def by_one(asked: Asked, times: int) -> list[float]:
    """How long answers take, in ms, while nobody else asks.

    Raises:
        LoadFailed: one was not answered well.
    """
    with connected(asked) as connection:
        answer(asked, connection)  # opens the connection
        return [answer(asked, connection)[1] for _ in range(times)]


def by_many(asked: Asked, users: int, pause_s: float, seconds: float, least: int = 30) -> Loaded:
    """The answers of so many seconds, from when each user has had one.

    Of a server that has fewer than `least` answers in that time, up to four times as long.

    Raises:
        LoadFailed: one was not answered well, or not as the one before.
    """
    crowd = _Users(asked, pause_s)
    threads = [Thread(target=crowd.use, args=(number / users,)) for number in range(users)]
    for thread in threads:
        thread.start()
    try:
        while len(crowd.answered) < users and not crowd.over.is_set():
            crowd.over.wait(_POLL_S)
        began, before = time.perf_counter(), len(crowd.answers)
        crowd.over.wait(seconds)
        while len(crowd.answers) < before + least and not crowd.over.is_set():
            if time.perf_counter() - began >= 4 * seconds:
                break
            crowd.over.wait(_POLL_S)
        ended = time.perf_counter()
    finally:
        crowd.over.set()
        for thread in threads:
            thread.join()
    if crowd.failure is not None:
        raise crowd.failure
    times = [took for at, took in crowd.answers if began <= at <= ended]
    return Loaded(times, len(times) / (ended - began))


@dataclass
class _Users:
    """What all users of a server share: the answers, by when they came, and the first failure."""

    asked: Asked
    pause_s: float
    answers: list[tuple[float, float]] = field(default_factory=list)
    answered: set[float] = field(default_factory=set)
    failure: Exception | None = None
    over: Event = field(default_factory=Event)
    _lock: Lock = field(default_factory=Lock)
    _body: bytes | None = None

    def use(self, phase: float) -> None:
        """Be a user until it is over, who begins at a part of the pause of their own (0 to 1)."""
        self.over.wait(phase * self.pause_s)
        try:
            with connected(self.asked) as connection:
                while not self.over.is_set():
                    self._add(phase, *answer(self.asked, connection))
                    self.over.wait(self.pause_s)
        except Exception as error:  # whatever it is, by_many raises it
            self.failure = self.failure or error
            self.over.set()

    def _add(self, user: float, body: bytes, took: float) -> None:
        with self._lock:
            self._body = self._body or body
            if body != self._body:
                raise LoadFailed("answered in two ways", url=self.asked.url)
            self.answers.append((time.perf_counter(), took))
            self.answered.add(user)
