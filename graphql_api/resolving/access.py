"""How resolvers reach the database: on the event loop where a read is short, else in a thread."""

from asyncio import Future, get_running_loop
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from typing import TypeAlias, TypeVar

from graphql_api.resolving.long_operations import LongOperations
from shared.database import Connection, Database, HandOver
from shared.operations.order_watch import Watch, watch_database
from shared.serving.running import Pools, runs_on_loop

Result = TypeVar("Result")
Work = Callable[[Connection], Result]
Soon: TypeAlias = Result | Future[Result]


class Access:
    """Reads and writes of one process.

    A read of the embedded database takes about 6 µs, less than handing it to a thread, so it
    runs where it is asked for. So does a write to the database in RAM, if nobody else writes.

    Attributes:
        apart: threads for operations that take long.
        blocks: whether reads run in threads, as the database may wait.
    """

    def __init__(self, database: Database, watch: Watch | None = None) -> None:
        self.database = database
        self.watch = watch or watch_database(database)
        self.apart = LongOperations(database)
        self.blocks = not runs_on_loop(database)
        self._writes_at_once = runs_on_loop(database, writes=True)
        self._pools = Pools(database)

    def read(self, work: Work[Result]) -> Soon[Result]:
        """The result of one statement, or a future of it where the database may wait."""
        if self.blocks:
            return _in_thread(self._pools.readers, self._read, work)
        return self._read(work)

    def read_all(self, work: Work[Result], *, at_once: bool) -> Soon[Result]:
        """The result of several statements that see one state of the bookstore.

        Args:
            at_once: whether there is only one statement, which needs no transaction.
        """
        read = self._read if at_once else self._read_snapshot
        return _in_thread(self._pools.readers, read, work) if self.blocks else read(work)

    def write(self, work: Work[Result]) -> Soon[Result]:
        """The result of a write transaction, or a future of it where it may have to wait."""
        if self._writes_at_once:
            with suppress(HandOver), self.database.writing(at_once=True) as connection:
                return work(connection)
        return _in_thread(self._pools.writers, self._write, work)

    def close(self) -> None:
        """Wait for what is under way."""
        self.apart.close()  # before those that it waits for
        self._pools.close()

    def _read(self, work: Work[Result]) -> Result:
        with self.database.reading() as connection:
            return work(connection)

    def _read_snapshot(self, work: Work[Result]) -> Result:
        with self.database.snapshot() as connection:
            return work(connection)

    def _write(self, work: Work[Result]) -> Result:
        with self.database.writing() as connection:
            return work(connection)


class Refusing(Access):
    """In place of an `Access` whose database has failed: raises that error at once."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, _: Work[Result]) -> Soon[Result]:
        """Raises:
        Exception: the database's error.
        """
        raise self._error


def _in_thread(
    threads: ThreadPoolExecutor, run: Callable[[Work[Result]], Result], work: Work[Result]
) -> Future[Result]:
    # The context carries the request's count of statements along.
    return get_running_loop().run_in_executor(threads, copy_context().run, run, work)
