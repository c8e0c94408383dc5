"""Starts servers by forking a process that has imported both: a start takes a tenth of the time.

Run as a program it is that process: it reads a line of JSON for each server that is to be started,
and answers with a process id, which is that of a process group, too.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Self

from shared.config import CHECKOUT


class Forker:
    """The process that forks; what it has started ends with it."""

    def __init__(self, log: Path) -> None:
        """What the servers log goes to a file."""
        with log.open("ab") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.durability.forker"],
                cwd=CHECKOUT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )

    def start(self, api: str, settings: Mapping[str, object]) -> int:
        """Start a server with these settings; its process id."""
        assert self._process.stdin
        assert self._process.stdout
        environment = {f"BOOKSTORE_{name.upper()}": str(value) for name, value in settings.items()}
        print(json.dumps([api, environment]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # it ends with its input


def _main() -> None:
    import graphql_api.app
    import graphql_api.serving.server
    import rest_api.app
    import rest_api.serving.server

    mains = {
        "rest": partial(rest_api.serving.server.main, rest_api.app.create_app),
        "graphql": partial(graphql_api.serving.server.main, graphql_api.app.create_app),
    }
    signal.signal(signal.SIGCHLD, _reap)
    started = []
    for line in sys.stdin:
        api, environment = json.loads(line)
        if not (pid := os.fork()):
            _become(api, environment)
            mains[api]()
        started.append(pid)
        print(pid, flush=True)
    for pid in started:
        _kill(pid)


def _become(api: str, environment: dict[str, str]) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.update(environment)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1):
        os.dup2(nothing, descriptor)
    sys.argv = [api, "--exit-with-parent"]


def _reap(*_: Any) -> None:
    """Let those that have ended be gone; without it their groups would seem to be there."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    _main()
