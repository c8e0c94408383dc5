"""Decides whether work runs on the event loop or in a thread.

To hand work to a thread and back takes about 50 µs, several times what a short read of the
embedded database takes; and threads fight for the interpreter, so that all of them answer half as
much as the loop alone. But whatever waits on the loop, everybody waits for.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from shared import limits
from shared.database import Database

# Reads under way at once; SQLite has a connection for each.
_READERS_THAT_WAIT: Final = 32
_LONG_READERS: Final = 4  # which do not wait, but work: more would only fight for the processor


def is_short(effort: float) -> bool:
    """Whether work that takes as long as looking at so many rows keeps nobody waiting."""
    return effort <= limits.MAX_EFFORT_ON_LOOP


def runs_on_loop(database: Database, *, writes: bool = False, effort: float = 0.0) -> bool:
    """Whether the work may run on the event loop: where it can wait for nothing, and is short.

    Args:
        database: that it reads, or writes to.
        writes: whether it does; a write may wait for other writers.
        effort: rows that are looked at to find what is asked for.
    """
    return not (writes or database.blocks) and is_short(effort)


class Pools:
    """The threads of a process that reads and writes wait in, each in its own.

    However many writers wait for each other, reads go on.

    Attributes:
        readers: for what does not run on the loop, but for writes.
        writers: for writes.
    """

    def __init__(self, database: Database) -> None:
        readers = _READERS_THAT_WAIT if database.blocks else _LONG_READERS
        readers = readers if database.embedded else database.places
        self.readers = ThreadPoolExecutor(readers, "read")
        self.writers = ThreadPoolExecutor(database.writers, "write")

    def close(self) -> None:
        """Wait for what is under way."""
        self.readers.shutdown()
        self.writers.shutdown()
