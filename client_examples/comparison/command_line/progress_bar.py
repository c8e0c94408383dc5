"""A progress bar on standard error, if that is a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress

_DRAW_EVERY_S = 0.1


@contextmanager
def progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A function that shows how many loads are done, of how many.

    It draws when it is called, never by a thread of its own, which would disturb what is timed.
    """
    console = Console(stderr=True)
    bar = Progress(
        console=console, auto_refresh=False, transient=True, disable=not console.is_terminal
    )
    task = bar.add_task("loads", total=None)
    drawn = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal drawn
        due = time.monotonic() - drawn > _DRAW_EVERY_S
        bar.update(task, completed=done, total=total, refresh=due)
        drawn = time.monotonic() if due else drawn

    with bar:
        yield advance
