"""One run of wrk, the load generator, on a core of its own."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SERVER_CORE, CLIENT_CORE = 0, 1
CORES = {SERVER_CORE, CLIENT_CORE}
_RATE = re.compile(r"Requests/sec:\s+([0-9.]+)")
_FAILED = re.compile(r"Non-2xx or 3xx responses:\s+(\d+)")
_SOCKET = re.compile(r"Socket errors: (.*)")


class LoadFailed(Exception):
    """wrk could not run, or an answer was not a good one."""


def pinned(core: int) -> list[str]:
    """The words before a command that keep it on one core; none where that cannot be had."""
    if shutil.which("taskset") is None or not CORES.issubset(os.sched_getaffinity(0)):
        return []
    return ["taskset", "-c", str(core)]


def requests_per_second(
    url: str, body: bytes | None, *, seconds: int, connections: int = 16
) -> float:
    """Requests per second that were answered well.

    Raises:
        LoadFailed: wrk is missing, or there was no answer, or an answer other than 2xx, or a
            connection that broke.
    """
    if shutil.which("wrk") is None:
        raise LoadFailed("wrk is not installed; install the package wrk of your system")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "request.lua"
        script.write_text(_script(body))
        command = [*pinned(CLIENT_CORE), "wrk", "-t1", f"-c{connections}", f"-d{seconds}s"]
        output = subprocess.run(  # noqa: S603 - our own words
            [*command, "-s", str(script), url], capture_output=True, text=True, check=False
        )
    rate, failed = _RATE.search(output.stdout), _FAILED.search(output.stdout)
    errors = _SOCKET.search(output.stdout)
    if rate is None or failed or errors:
        print(output.stdout, output.stderr, file=sys.stderr)
        raise LoadFailed(f"{url}: not every request was answered well")
    if float(rate.group(1)) == 0:
        raise LoadFailed(f"{url}: no answer within {seconds} s; give each turn more --seconds")
    return float(rate.group(1))


def _script(body: bytes | None) -> str:
    if body is None:
        return ""
    quoted = body.decode().replace("\\", "\\\\").replace("'", "\\'")
    return (
        "wrk.method = 'POST'\n"
        "wrk.headers['Content-Type'] = 'application/json'\n"
        f"wrk.body = '{quoted}'\n"
    )
