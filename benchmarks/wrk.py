"""One run of wrk, the load generator, on a core of its own or wherever there is room."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final, NamedTuple

SERVER_CORE, CLIENT_CORE = 0, 1
CORES = {SERVER_CORE, CLIENT_CORE}
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_P99 = re.compile(r"^ +99%\s+([0-9.]+)(us|ms|s|m)$", re.MULTILINE)
_MS: Final = {"us": 0.001, "ms": 1.0, "s": 1_000.0, "m": 60_000.0}
_FAILED = re.compile(r"Non-2xx or 3xx responses:\s+(\d+)")
_SOCKET = re.compile(r"Socket errors: (.*)")


class Load(NamedTuple):
    """How a server did.

    Attributes:
        rate: requests per second that were answered well.
        p99: ms that all but one in a hundred took at most.
    """

    rate: float
    p99: float


class LoadFailed(Exception):
    """wrk could not run, or an answer was not a good one."""


def pinned(core: int) -> list[str]:
    """The words before a command that keep it on one core; none where that cannot be had."""
    if shutil.which("taskset") is None or not CORES.issubset(os.sched_getaffinity(0)):
        return []
    return ["taskset", "-c", str(core)]


def load(
    url: str, body: bytes | None, *, seconds: int, connections: int = 16, alone: bool = True
) -> Load:
    """What comes of asking as fast as it is answered.

    Args:
        alone: wrk has a core that the servers have not; else it is where there is room.

    Raises:
        LoadFailed: wrk is missing, or there was no answer, or an answer other than 2xx, or a
            connection that broke.
    """
    if shutil.which("wrk") is None:
        raise LoadFailed("wrk is not installed; install the package wrk of your system")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "request.lua"
        script.write_text(_script(body))
        pin = pinned(CLIENT_CORE) if alone else []
        command = [*pin, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
        output = subprocess.run(  # noqa: S603 - our own words
            [*command, "-s", str(script), url], capture_output=True, text=True, check=False
        )
    rate, p99 = _RATE.search(output.stdout), _P99.search(output.stdout)
    failed, errors = _FAILED.search(output.stdout), _SOCKET.search(output.stdout)
    if rate is None or p99 is None or failed or errors:
        print(output.stdout, output.stderr, file=sys.stderr)
        raise LoadFailed(f"{url}: not every request was answered well")
    if float(rate.group(1)) == 0:
        raise LoadFailed(f"{url}: no answer within {seconds} s; give each turn more --seconds")
    return Load(float(rate.group(1)), float(p99.group(1)) * _MS[p99.group(2)])


def _script(body: bytes | None) -> str:
    if body is None:
        return ""
    quoted = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    return (
        "wrk.method = 'POST'\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
        f"wrk.body = '{quoted}'\n"
    )
