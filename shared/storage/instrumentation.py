"""Counts a request's SQL statements and time, for `Server-Timing` and for its deadline."""

import json
from contextvars import ContextVar, Token
from math import inf
from time import perf_counter_ns
from typing import Self

from shared import limits
from shared.errors import TooComplex


class Timing:
    """The cost of a request so far: `with Timing(timeout_s) as timing:` around its work.

    Threads that copy the context share the count. It ends with the `with` statement: a deadline
    that stayed in the context would end whatever asks the database next.

    Statements of one GraphQL request may run in several threads at once: appending to a list
    is atomic, adding to a number is not.
    """

    __slots__ = ("_deadline", "_durations", "_most", "_start", "_token")

    _token: "Token[Timing | None]"

    def __init__(self, timeout_s: float = inf) -> None:
        self._start = perf_counter_ns()
        self._deadline = self._start + timeout_s * 1e9
        self._durations: list[int] = []
        self._most: float = limits.MAX_STATEMENTS

    def __enter__(self) -> Self:
        self._token = _current.set(self)
        return self

    def __exit__(self, *_: object) -> None:
        _current.reset(self._token)

    @property
    def remaining_s(self) -> float:
        """Seconds until the request's deadline; negative once it is over."""
        return (self._deadline - perf_counter_ns()) / 1e9

    @property
    def elapsed_s(self) -> float:
        """Seconds since the request has come."""
        return (perf_counter_ns() - self._start) / 1e9

    def lift_timeout(self) -> None:
        """Remove the limits of time and of statements: the answer is a stream."""
        self._deadline = self._most = inf

    def record(self, nanoseconds: int, text: str) -> None:
        """Count one statement.

        Raises:
            TooComplex: it is one more than a request may take.
        """
        self._durations.append(nanoseconds)
        if len(self._durations) > self._most:
            raise TooComplex(
                f"a request must take at most {limits.MAX_STATEMENTS:,} statements of SQL; ask for "
                "less at once, or in a way that reads objects together",
                limits.MAX_STATEMENTS,
            )

    @property
    def statements(self) -> int:
        """Statements sent to the database; BEGIN, COMMIT, ROLLBACK and PRAGMA do not count."""
        return len(self._durations)

    def header(self) -> str:
        """The value of `Server-Timing`; milliseconds (W3C Server Timing)."""
        total = (perf_counter_ns() - self._start) / 1e6
        db = sum(self._durations) / 1e6
        count = len(self._durations)
        noun = "statement" if count == 1 else "statements"
        return f'total;dur={total:.2f}, db;dur={db:.2f};desc="{count} {noun}"'

    def headers(self) -> list[tuple[str, str]]:
        """What a whole answer says of what it took; of a stream nobody knows that beforehand."""
        return [("Server-Timing", self.header())]


class Trace(Timing):
    """Keeps the text of each statement as well, for the header `SQL-Trace`."""

    __slots__ = ("_run",)

    def __init__(self, timeout_s: float = inf) -> None:
        super().__init__(timeout_s)
        self._run: list[tuple[str, int]] = []

    def record(self, nanoseconds: int, text: str) -> None:
        """Count one statement, as `Timing` does, and keep its text."""
        self._run.append((text, nanoseconds))
        super().record(nanoseconds, text)

    def headers(self) -> list[tuple[str, str]]:
        """The statements as well."""
        return [*super().headers(), ("SQL-Trace", self.trace())]

    def trace(self) -> str:
        """The statements in the order in which they ended, as JSON in ASCII.

        `texts` has each text once, `statements` for each statement the place of its text and its
        milliseconds, and `more` the number of those that had no room. There are no values in it.
        """
        places: dict[str, int] = {}
        told: list[tuple[int, float]] = []
        room = limits.MAX_TRACE_BYTES
        for text, nanoseconds in self._run:
            entry = places.get(text, len(places)), round(nanoseconds / 1e6, 3)
            room -= len(_json(entry)) + (0 if text in places else len(_json(text)))
            if room < 0:
                break
            places.setdefault(text, entry[0])
            told.append(entry)
        more = len(self._run) - len(told)
        return _json({"texts": [*places], "statements": told, "more": more})


def timing_class(*, traces: bool) -> type[Timing]:
    """What counts a request's statements."""
    return Trace if traces else Timing


def _json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


_current: ContextVar[Timing | None] = ContextVar("bookstore_timing", default=None)


def current_timing() -> Timing | None:
    """That of the request under way, if there is one."""
    return _current.get()


def remaining_s() -> float:
    """Seconds that the request under way may take; without an end where there is none."""
    timing = _current.get()
    return inf if timing is None else timing.remaining_s
