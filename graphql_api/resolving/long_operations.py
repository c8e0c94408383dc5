"""Runs long operations in threads, each with an event loop of its own.

Short operations are parsed, planned and executed on the event loop that serves all clients. Others
would make every client wait: a new document, one with many fields, one that looks at many rows.
"""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final, TypeVar

from shared.database import Database

Result = TypeVar("Result")

_THREADS: Final = 2  # they work: more would only fight for the interpreter, also with the loop
_THREADS_THAT_WAIT: Final = 32  # where the database does


class LongOperations:
    """The threads of one process."""

    def __init__(self, database: Database) -> None:
        threads = _THREADS_THAT_WAIT if database.blocks else _THREADS
        self._documents = ThreadPoolExecutor(_THREADS, "document")
        self._operations = ThreadPoolExecutor(threads, "operation")

    async def read(self, work: Callable[[], Result]) -> Result:
        """The result of parsing a document and deciding whether it may run."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._documents, copy_context().run, work)

    async def execute(
        self, work: Callable[[], Coroutine[Any, Any, Result]], *, needs_database: bool = True
    ) -> Result:
        """The result of executing an operation; those without reads have threads of their own."""
        loop = asyncio.get_running_loop()
        threads = self._operations if needs_database else self._documents
        return await loop.run_in_executor(threads, copy_context().run, _run, work)

    def close(self) -> None:
        """Wait for what is under way."""
        self._documents.shutdown()
        self._operations.shutdown()


def _run(work: Callable[[], Coroutine[Any, Any, Result]]) -> Result:
    # The context carries the request's count of statements along, and its deadline.
    with asyncio.Runner() as runner:
        return runner.run(work(), context=copy_context())
