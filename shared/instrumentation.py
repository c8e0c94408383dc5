"""Statements and time of one request, for the `Server-Timing` header."""

from contextvars import ContextVar
from time import perf_counter_ns


class Timing:
    """What one request has cost until now.

    Statements of one GraphQL request may run in several threads at once: appending to a list
    is atomic, adding to a number is not.
    """

    __slots__ = ("_durations", "_start")

    def __init__(self) -> None:
        self._start = perf_counter_ns()
        self._durations: list[int] = []

    def record(self, nanoseconds: int) -> None:
        """Count one statement."""
        self._durations.append(nanoseconds)

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


def start_timing() -> Timing:
    """Count from now on for this request's context; threads that copy it share the count."""
    timing = Timing()
    _current.set(timing)
    return timing


def record_statement(nanoseconds: int) -> None:
    """Count one statement for the request under way, if there is one."""
    timing = _current.get()
    if timing is not None:
        timing.record(nanoseconds)
