"""An edge of this run's own, with a shared cache and a link to the servers behind it."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from requests import Response

from client_examples.comparison.arms.screen import RestArm, Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.ports import free_port
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.servers import Servers

_PROGRAM = (sys.executable, "-P", "-m", "launcher.edge")  # the project's own, run as a program
_MAX_AGE = re.compile(r"\bs-maxage=(\d+)")
_HOST = "127.0.0.1"
_STARTING_S = 20.0
_ENDING_S = 25.0
_POLL_S = 0.02


class NoEdge(Exception):
    """The edge cannot be started; one line that says why."""


class CachingEdge:
    """nginx in front of both servers, which it reaches through a relay.

    Args:
        servers: both, on this machine or not.
        relay: the link between the edge and the servers.

    Raises:
        NoEdge: there is no nginx, or it does not start.
    """

    def __init__(self, servers: Servers, relay: Relay) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="bookstore-edge-"))
        self.ca_file = self._folder / "ca.pem"
        port = free_port()
        self.url = f"https://localhost:{port}"
        ports = [_relayed(url, relay) for url in (servers.rest_url, servers.graphql_url)]
        self._log = (self._folder.parent / f"{self._folder.name}.log").open("w+")
        self._process = subprocess.Popen(  # noqa: S603 - this project's words
            [
                *_PROGRAM,
                f"--host={_HOST}",
                f"--port={port}",
                f"--folder={self._folder}",
                f"--rest-port={ports[0]}",
                f"--graphql-port={ports[1]}",
                "--shared-cache",
                "--exit-with-parent",
            ],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            process_group=0,  # Ctrl-C is for this process, which ends the other one
        )
        try:
            self._wait_until_up(port)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End it; its folder goes with it."""
        self._process.terminate()
        try:
            self._process.wait(_ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._log.close()
        Path(self._log.name).unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _wait_until_up(self, port: int) -> None:
        deadline = time.monotonic() + _STARTING_S
        while not _is_up(port):
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise NoEdge(self._reason())
            time.sleep(_POLL_S)

    def _reason(self) -> str:
        self._log.seek(0)
        lines = self._log.read().strip().splitlines()
        return lines[-1].removeprefix("edge: ") if lines else "the edge does not start"


def _relayed(url: str | None, relay: Relay) -> int:
    """The relay's port for a server."""
    assert url is not None
    parts = urlsplit(url)
    return relay.to(parts.hostname or "", parts.port or 80)[1]


def _is_up(port: int) -> bool:
    try:
        socket.create_connection((_HOST, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def max_age_of(loader: Loader, screen: Screen) -> int:
    """For how long the servers let a shared cache show an answer.

    Raises:
        NoEdge: not at all.
    """
    found: list[str] = []

    def look(response: Response) -> None:
        found.append(response.headers.get("Cache-Control", ""))

    rest = next(arm for arm in screen.arms if isinstance(arm, RestArm))
    loader.load_counted(screen, rest, look)
    ages = [int(known[1]) for control in found if (known := _MAX_AGE.search(control))]
    if len(ages) < len(found) or not min(ages, default=0):
        raise NoEdge(
            "the servers let no shared cache keep their answers: start them with "
            "BOOKSTORE_SHARED_MAX_AGE_S=10, or by ./start_servers.sh --compare --shared-cache"
        )
    return min(ages)
