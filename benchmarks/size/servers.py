"""Both servers over bookstores of several sizes, all at once, so that ratios are of one run."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.wrk import SERVER_CORE, pinned
from launcher.processes import GRAPHQL_PROGRAM, REST_PROGRAM, ServerPair
from shared.config import CHECKOUT
from shared.storage.ram_folder import folder_for


@dataclass(frozen=True)
class Making:
    """How a bookstore was made: what it took, and how large it is."""

    seconds: float
    memory_bytes: int | None  # the most of the process's own, without pages of files; on Linux
    database_bytes: int

    def as_json(self) -> dict[str, Any]:
        """For the results."""
        return asdict(self)


@dataclass(frozen=True)
class Sized:
    """Two servers over a bookstore of this size."""

    books: int
    urls: dict[str, str]
    making: Making


@contextmanager
def sized_servers(sizes: Sequence[int]) -> Iterator[list[Sized]]:
    """Servers over bookstores of these sizes, which are made one after the other."""
    with ExitStack() as stack:
        yield [_start(stack, books) for books in sizes]


def _start(stack: ExitStack, books: int) -> Sized:
    instance = f"size-{os.getpid()}-{books}"
    pin = pinned(SERVER_CORE)
    pair = ServerPair(
        environment={"BOOKSTORE_BOOKS": str(books), "BOOKSTORE_INSTANCE": instance},
        programs=([*pin, *REST_PROGRAM], [*pin, *GRAPHQL_PROGRAM]),
    )
    most = 0

    def pause(seconds: float) -> None:
        nonlocal most
        most = max(most, *(_own_memory(pid) for pid in pair.pids))
        time.sleep(seconds)

    began = time.monotonic()
    stack.callback(pair.stop)
    pair.start()
    pair.wait_until_healthy(pause=pause)
    took = time.monotonic() - began
    files = folder_for(CHECKOUT, instance, 0).iterdir()
    making = Making(took, most or None, sum(file.stat().st_size for file in files))
    return Sized(books, {"rest": pair.rest_url, "graphql": pair.graphql_url}, making)


def _own_memory(pid: int) -> int:
    """Bytes that are resident and of no file: RssAnon, see proc_pid_status(5)."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) * 1024
    except OSError:  # not on Linux
        pass
    return 0
