"""Decides whether work runs on the event loop or in a thread.

Handing work to a thread and back takes about 50 µs, several times a short read of the embedded
database; and threads compete for the interpreter, so that together they answer half as many
requests as the loop alone. But work that waits on the loop makes every client wait.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from shared import limits
from shared.database import Database

# Reads under way at once; SQLite has a connection for each.
_READERS_THAT_WAIT: Final = 32
_LONG_READERS: Final = 4  # which do not wait, but work: more would only fight for the processor


def is_short(effort: float) -> bool:
    """Whether work that looks at so many rows is short enough for the event loop."""
    return effort <= limits.MAX_EFFORT_ON_LOOP


def runs_on_loop(database: Database, *, writes: bool = False, effort: float = 0.0) -> bool:
    """Whether work may run on the event loop: it must be short, and never wait.

    Args:
        database: the one that it reads or writes.
        writes: whether it writes, which may wait for a disk. A write to the database in RAM only
            waits for other writers, so it may begin there: `at_once` (see `Database.writing`).
        effort: rows that are looked at to find what is asked for.
    """
    waits = database.blocks or (writes and database.lasting)
    return not waits and is_short(effort)


class Pools:
    """The threads of a process for work that may wait: a pool for writes, and one for the rest.

    So reads go on, however many writers wait for each other.

    Attributes:
        readers: for reads that do not run on the event loop.
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
