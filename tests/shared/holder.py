"""Processes that hold a bookstore open. They are forked from one that has imported it all."""

import multiprocessing
from multiprocessing.connection import Connection
from typing import Any

from sqlalchemy import func, select

from shared.config import Settings
from shared.errors import StartError
from shared.serving.bookstore import open_bookstore
from shared.storage import tables
from shared.storage.statements import Statement
from tests.waiting import LIMIT_S

_COUNT = Statement(select(func.count()).select_from(tables.book))
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload([__name__])


def _hold(settings: Settings, pipe: Connection) -> None:
    """Say what is found, then wait until told to leave."""
    try:
        opened = open_bookstore(settings)
    except StartError as error:
        pipe.send({"error": str(error)})
        return
    with opened.database.reading() as connection:
        counted = connection.first(_COUNT)
    assert counted
    pipe.send({"instance": opened.instance, "books": counted[0]})
    pipe.recv()
    opened.close()


class Holder:
    """A process that has a bookstore open."""

    def __init__(self, settings: Settings) -> None:
        self._pipe, theirs = _context.Pipe()
        self.process = _context.Process(target=_hold, args=(settings, theirs))
        self.process.start()
        theirs.close()
        self._found: dict[str, Any] | None = None

    def found(self) -> dict[str, Any]:
        """What it has opened, or the error."""
        if self._found is None:
            assert self._pipe.poll(LIMIT_S), "it has not opened the bookstore"
            self._found = self._pipe.recv()
        return self._found

    def ask_to_leave(self) -> None:
        """It closes the bookstore and ends."""
        self._pipe.send("leave")

    def leave(self) -> int | None:
        """Its exit status after it was asked to leave."""
        if self.process.is_alive():
            self.ask_to_leave()
        return self.ended()

    def ended(self) -> int | None:
        """Its exit status."""
        self.process.join(LIMIT_S)
        return self.process.exitcode

    def kill(self) -> None:
        """SIGKILL."""
        self.process.kill()
        self.process.join(LIMIT_S)
