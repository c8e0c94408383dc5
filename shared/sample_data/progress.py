"""Progress of work on a large bookstore: a bar in a terminal, else a line now and then."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

SHOWN_FROM = 20_000  # books; fewer are made within a second or two, or rewritten in some
LINE_EVERY_S = 10.0


class Progress:
    """Shows nothing, as a small bookstore is soon done; base of those that show progress."""

    def __init__(self, title: str, total: float) -> None:
        self.title = title
        self.total = total
        self.done = 0.0

    def begin(self, what: str) -> None:
        """Say what is done now."""

    def advance(self, amount: float) -> None:
        """Say how much more of the total is done."""
        self.done += amount

    @property
    def percent(self) -> int:
        """How much is done; 100 is for what is complete."""
        return min(99, int(100 * self.done / self.total))


class _Lines(Progress):
    """Progress for a log: the first line comes after some seconds; a short wait has none."""

    def __init__(self, title: str, total: float) -> None:
        super().__init__(title, total)
        self._what = ""
        self._said = time.monotonic()

    def begin(self, what: str) -> None:
        self._what = what
        self.advance(0)

    def advance(self, amount: float) -> None:
        super().advance(amount)
        if time.monotonic() - self._said >= LINE_EVERY_S:
            self._said = time.monotonic()
            line = f"bookstore: {self.title}: {self.percent}% ({self._what})"
            print(line, file=sys.stderr, flush=True)


@contextmanager
def shown_progress(title: str, books: int, total: float) -> Iterator[Progress]:
    """Progress that suits the number of books and where standard error goes."""
    if books < SHOWN_FROM:
        yield Progress(title, total)
    elif not sys.stderr.isatty():
        yield _Lines(title, total)
    else:
        with _bar(title, total) as bar:
            yield bar


@contextmanager
def _bar(title: str, total: float) -> Iterator[Progress]:
    # Only here: a server that makes nothing large starts without it.
    from rich.console import Console
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Display

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[what]}"),
    )
    # It draws by a thread of its own, so that time is seen to pass in a long statement.
    display = Display(*columns, console=Console(stderr=True), transient=True, refresh_per_second=5)
    task = display.add_task(title, total=total, what="")

    class Bar(Progress):
        def begin(self, what: str) -> None:
            display.update(task, what=what)

        def advance(self, amount: float) -> None:
            super().advance(amount)
            display.advance(task, amount)

    with display:
        yield Bar(title, total)
