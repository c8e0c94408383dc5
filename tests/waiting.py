"""Waiting for what is to come, with a limit, and never for a guess of time."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")
LIMIT_S = 60.0  # a busy machine may take long; who gets it at once waits for nothing
POLL_S = 0.005


def wait_until(condition: Callable[[], Found], what: str, limit_s: float = LIMIT_S) -> Found:
    """The first true value of the condition; `what` names it for the failure."""
    deadline = time.monotonic() + limit_s
    while not (found := condition()):
        assert time.monotonic() < deadline, f"not within {limit_s:g} s: {what}"
        time.sleep(POLL_S)  # between two looks, whose answer counts
    return found


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended; one that nobody waited for has."""
    with suppress(FileNotFoundError, ProcessLookupError):  # it ends while it is looked at
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
