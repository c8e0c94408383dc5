"""Counts a request's SQL statements and time, for `Server-Timing` and for its deadline."""

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

    def record(self, nanoseconds: int) -> None:
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


_current: ContextVar[Timing | None] = ContextVar("bookstore_timing", default=None)


def current_timing() -> Timing | None:
    """That of the request under way, if there is one."""
    return _current.get()


def remaining_s() -> float:
    """Seconds that the request under way may take; without an end where there is none."""
    timing = _current.get()
    return inf if timing is None else timing.remaining_s
