"""Checks that an open SQLite file is still the one at its path, and whole.

SQLite keeps writing to the file that it has opened, even if that is moved or removed: such writes
are lost to whoever opens the path. Nor does it read again what it holds in memory, if another
program writes over the file. So the file is looked at before and after each commit, and by readers
now and then.
"""

import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

from shared.errors import Unavailable
from shared.storage import search_index

log = logging.getLogger(__name__)

LOOK_S: Final = 0.25  # from one look of a reader to the next; each takes some 3 µs
_CHECK_S: Final = 1.0  # from one check of a damaged file to the next, at least
_QUIET_S: Final = 10.0  # without a refusal until a file is said to take writes again
_REST: Final = 10  # times what a check took
_HEADER_BYTES: Final = 100
_MAGIC: Final = b"SQLite format 3\0"


def connect(path: str | Path) -> sqlite3.Connection:
    """A connection to a file that is there: a missing one is not made anew, and empty."""
    address = f"file:{quote(os.fspath(path))}?mode=rw"
    return sqlite3.connect(address, uri=True, check_same_thread=False)


class _Header(NamedTuple):
    """What the beginning of a file says (SQLite's "Database File Format", 1.3).

    Attributes:
        changes: a counter that no change makes smaller.
        pages: of the whole file.
        mark: `user_version`, another one for each bookstore; 0 in files of earlier versions.
    """

    page_size: int
    changes: int
    pages: int
    mark: int


class NamedFile:
    """Looks at the file, and remembers what was wrong with it until that is right again.

    Attributes:
        next_look: `time.monotonic()` from which a reader has to look.
        takes_no_writes: whether the machine refuses writes, such as on a disk that is full.
    """

    def __init__(self, path: Path, when_whole_again: Callable[[], object]) -> None:
        """Args:
        when_whole_again: called when a damaged file has been found whole.
        """
        self._path = path
        self._real = path.resolve()  # the same, unless a link leads there
        # What SQLite has beside it. Without one of them, the next to open the file makes another,
        # and both then write over each other.
        self._beside = {
            "write-ahead log": f"{self._real}-wal",
            "index of its write-ahead log": f"{self._real}-shm",
        }
        self._when_whole_again = when_whole_again
        self._lock = threading.Lock()
        # One looks at a time: what one saw before another would be an earlier state to it, and
        # an earlier state of the file is damage.
        self._looking = threading.Lock()
        self._closed = threading.Event()
        # Open until the end: as POSIX has it, whoever closes a file gives back all locks that the
        # process has on it, SQLite's among them. The next one who comes and goes, such as the
        # program sqlite3, would then take itself for the last and remove the write-ahead log
        # ("How To Corrupt An SQLite Database File", 2.2).
        self._opened = path.open("rb", buffering=0)
        self._file = _identity(path)
        self._files_beside: dict[str, tuple[int, int]] = {}
        self._stamp: tuple[int, int] | None = None  # of the last look that found it right
        self._header: _Header | None = None
        self._damage: str | None = None
        self._told: str | None = None
        self.takes_no_writes = False
        self._refused_at = 0.0
        self.next_look = 0.0

    def note_connection(self) -> None:
        """Remember the files beside it: they stay as long as a connection is open."""
        for what, path in self._beside.items():
            if what not in self._files_beside and (file := _identity(path)) is not None:
                self._files_beside[what] = file

    def look(self) -> None:
        """Refuse to go on where the file at the path is another one, or known to be damaged.

        Raises:
            Unavailable: it is; logged once.
        """
        wrong = self._damage or self._what_is_wrong()
        if wrong is None and self._told is None:
            self.next_look = time.monotonic() + LOOK_S
            return
        self._tell(wrong)
        if wrong is not None:
            self.next_look = 0.0
            raise _unavailable(wrong)

    def damaged(self, error: Exception) -> Unavailable:
        """Remember that SQLite cannot read the file; it is checked anew from time to time."""
        wrong = f"the database's file is damaged ({error})"
        with self._lock:
            is_first, self._damage = self._damage is None, wrong
        self.next_look = 0.0
        if is_first:
            self._tell(wrong)
            threading.Thread(target=self._check, name="check", daemon=True).start()
        return _unavailable(wrong)

    def refused_to_write(self, error: Exception) -> None:
        """Tell once that nothing can be written, such as on a disk that is full; it is read on."""
        self._refused_at = time.monotonic()
        if not self.takes_no_writes:
            self.takes_no_writes = True
            log.error("%s: writes are answered 503 until there can be some: %s", self._path, error)

    def has_written(self) -> None:
        """Tell that it can be written again, once none was refused for a while: small ones fit."""
        if time.monotonic() - self._refused_at >= _QUIET_S:
            self.takes_no_writes = False
            log.warning("%s can be written again", self._path)

    def close(self) -> None:
        """Check no more; to be called when no connection to the file is open."""
        self._closed.set()
        self._opened.close()

    def _tell(self, wrong: str | None) -> None:
        with self._lock:
            if wrong is None and self._damage is not None:
                return  # another one has met with it since this one has looked
            before, self._told = self._told, wrong
        if wrong is None and before is not None:
            log.warning("%s is right again: the bookstore answers", self._path)
        elif wrong != before:
            log.error("%s: %s; all requests are answered 503 until it is right", self._path, wrong)

    def _what_is_wrong(self) -> str | None:
        with self._looking:
            return self._what_differs()

    def _what_differs(self) -> str | None:
        try:
            # Not what a link in its place leads to: SQLite would look for the log beside that.
            found = os.lstat(self._real)
            named = found if self._path == self._real else self._path.stat()
        except OSError:
            return "the database's file is not where it was"
        if {(one.st_dev, one.st_ino) for one in (found, named)} != {self._file}:
            return "the database's file has been replaced by another one"
        stamp = found.st_mtime_ns, found.st_size
        if stamp != self._stamp:
            wrong = self._wrong_header(found.st_size)
            if wrong is not None:
                return wrong
            self._stamp = stamp
        for what, file in self._files_beside.items():
            if _identity(self._beside[what]) != file:
                return f"the database's {what} is not where it was"
        return None

    def _wrong_header(self, size: int) -> str | None:
        """What the beginning of the file shows to be wrong, since it was looked at last."""
        header, before = _read_header(self._opened.fileno()), self._header
        if header is None:
            return "the database's file is damaged: it does not begin as one"
        if before is not None:
            if header.page_size != before.page_size or before.mark not in (0, header.mark):
                return "the database's file has been written over by another one"
            if header.changes < before.changes:
                return "the database's file has been written over by an earlier state of it"
        is_shorter = self._stamp is not None and size < self._stamp[1]
        if is_shorter and size < header.pages * header.page_size:  # VACUUM says what it leaves
            return "the database's file is damaged: its end is missing"
        self._header = header
        return None

    def _check(self) -> None:
        """Until SQLite finds the whole of the file in order, look through it again and again."""
        took = 0.0
        while not self._closed.wait(max(_CHECK_S, _REST * took)):
            began = time.monotonic()
            is_whole = self._what_is_wrong() is None and self._is_in_order()
            took = time.monotonic() - began
            if is_whole:
                self._when_whole_again()
                self._damage = None
                self._tell(None)
                return

    def _is_in_order(self) -> bool:
        try:
            # What other connections remember of the file, this one reads.
            with closing(connect(self._path)) as connection:
                rows = connection.execute("PRAGMA integrity_check(1)").fetchall()
                if rows == [("ok",)]:
                    search_index.require_in_order(connection)  # SQLite before 3.44 passes it over
        except sqlite3.Error:
            return False
        return rows == [("ok",)]


def _unavailable(wrong: str) -> Unavailable:
    return Unavailable(f"the database does not answer now: {wrong}")


def _identity(path: str | Path) -> tuple[int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - a Path's own takes twice as long
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _read_header(file: int) -> _Header | None:
    """The header; None where there is none. None of what is compared changes in a checkpoint.

    Args:
        file: its descriptor.
    """
    try:
        data = os.pread(file, _HEADER_BYTES, 0)
    except OSError:
        return None
    if len(data) < _HEADER_BYTES or not data.startswith(_MAGIC):
        return None

    def number(start: int, size: int = 4) -> int:
        return int.from_bytes(data[start : start + size], "big")

    page_size = number(16, 2)
    return _Header(65_536 if page_size == 1 else page_size, number(24), number(28), number(60))
