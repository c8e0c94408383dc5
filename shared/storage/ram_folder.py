"""A private folder in RAM that lives as long as some process has it open.

There are two locks in the folder. Each process that has the database open holds `users` shared, so
a process that gets it exclusively is the only one. `gate` is held while a process joins or leaves,
since turning an exclusive lock into a shared one is not atomic (flock(2)). The kernel releases both
when a process dies, however it dies.
"""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from shared.errors import StartError

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - the folder below it is private and checked


def folder_for(checkout: Path, instance: str, needed_bytes: int) -> Path:
    """Where the database of this user, checkout and instance is, or will be.

    A folder that is there already is taken, so that the second process finds the first one's.
    """
    mark = hashlib.sha256(os.fsencode(checkout)).hexdigest()[:10]
    name = f"bookstore-{os.getuid()}-{mark}-{instance}"
    temporary = Path(tempfile.gettempdir())
    candidates = [place for place in (SHARED_MEMORY, temporary) if os.access(place, os.W_OK)]
    for place in candidates:
        if (place / name).exists():
            return place / name
    for place in candidates:
        if free_bytes(place) > needed_bytes:
            return place / name
    raise _no_room(needed_bytes, *candidates)


def require_room(place: Path, needed_bytes: int, taken: int = 0) -> None:
    """Refuse to start where there is no room for the bookstore.

    Args:
        place: the folder that it will be in.
        needed_bytes: about what it will take.
        taken: bytes that are its own already, left by a filling that was cut short.

    Raises:
        StartError: there is too little room; names how much is needed and free, and the fix.
    """
    if free_bytes(place) + taken <= needed_bytes:
        raise _no_room(needed_bytes - taken, place)


def free_bytes(place: Path) -> int:
    """Bytes that can be written there; in a folder in RAM, at most the RAM that is free."""
    free = shutil.disk_usage(place).free
    if not place.is_relative_to(SHARED_MEMORY):
        return free
    return min(free, _available_memory() or free)


def _available_memory() -> int | None:
    """Bytes, as Linux tells them; None elsewhere."""
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return None


def _no_room(needed_bytes: int, *places: Path) -> StartError:
    free = " and ".join(f"{place} has {_mb(free_bytes(place))} free" for place in places)
    return StartError(
        f"no room for the bookstore: it needs about {_mb(needed_bytes)}, and {free}; set "
        "BOOKSTORE_BOOKS lower, or BOOKSTORE_DATABASE_URL to a database where there is more"
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:,.0f} MB"


class RamFolder:
    """This process's hold on the folder."""

    def __init__(self, path: Path, prepare: Callable[[bool], None]) -> None:
        """Join; `prepare(alone)` runs while no other process can join or leave.

        Raises:
            StartError: the folder belongs to another user.
            Exception: what `prepare` raises; the folder is left before.
        """
        self.path = path
        self._users: int | None = None
        try:
            self._come_in(prepare)
        except StartError:
            raise  # the folder is not ours
        except BaseException:
            _remove_what_nobody_has(path)  # such as a signal has left between two steps
            raise
        os.register_at_fork(after_in_child=self._forget)

    def _come_in(self, prepare: Callable[[bool], None]) -> None:
        with self._gate():
            self._users = _open_lock(self.path / "users")
            alone = _try_exclusive(self._users)
            try:
                if alone:
                    _clear(self.path, "gate", "users")
                prepare(alone)
            except BaseException:
                self._leave()
                raise
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def close(self) -> None:
        """Leave; the last process removes the folder. A second call does nothing."""
        if self._users is not None and self.path.exists():
            with self._gate():
                self._leave()

    def _leave(self) -> None:
        if self._users is None:
            return
        if _try_exclusive(self._users):
            _remove(self.path)
        os.close(self._users)
        self._users = None

    def _forget(self) -> None:
        """In a forked child, which would hold on for its parent: it comes in by itself, or not."""
        if self._users is not None:
            os.close(self._users)
            self._users = None

    @contextmanager
    def _gate(self) -> Iterator[None]:
        while True:
            try:
                _private_folder(self.path)
                gate = _open_lock(self.path / "gate")
            except FileNotFoundError:
                continue  # removed between one step and the next: begin anew
            try:
                fcntl.flock(gate, fcntl.LOCK_EX)
                if _is_still(self.path / "gate", gate):
                    yield
                    return
                # The last one has removed the folder while we waited: begin anew.
            finally:
                os.close(gate)


def _private_folder(path: Path) -> None:
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise StartError(
            f"{path} is not a folder of this user's alone (mode 0700); "
            "remove it, or set BOOKSTORE_INSTANCE to another name"
        )


def _open_lock(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)


def _try_exclusive(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_still(path: Path, lock: int) -> bool:
    try:
        found = path.stat()
    except FileNotFoundError:
        return False
    return found.st_ino == os.fstat(lock).st_ino


def _clear(path: Path, *but: str) -> None:
    """Remove the files, such as a process that was killed has left; `but` are names to keep."""
    for file in path.iterdir():
        if file.name not in but:
            file.unlink()


def _remove_what_nobody_has(path: Path) -> None:
    """Remove the folder if it is empty, or has a gate that nobody holds and nothing else."""
    with suppress(OSError):
        if [file.name for file in path.iterdir()] == ["gate"]:
            gate = _open_lock(path / "gate")
            try:
                if _try_exclusive(gate) and _is_still(path / "gate", gate):
                    (path / "gate").unlink()
            finally:
                os.close(gate)
        path.rmdir()


def _remove(path: Path) -> None:
    """Remove the folder, the gate last: who finds no gate makes one and is the first again."""
    _clear(path, "gate")
    (path / "gate").unlink()
    with suppress(OSError):  # somebody has made a gate already: the folder is theirs
        path.rmdir()
