"""The edge as the launcher has it: a process that is started, watched and stopped like a server."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from launcher.edge.nginx import Nginx
from launcher.ports import ANY, is_listening, is_loopback
from launcher.server import Server

PROGRAM: Final = (sys.executable, "-P", "-m", "launcher.edge")
REST_PREFIX: Final = "/rest"


class Edge(Server):
    """nginx in front of a pair of servers.

    Attributes:
        url: its origin, without a slash at the end.
    """

    full_name = "edge"

    def __init__(
        self,
        nginx: Nginx,
        address: tuple[str, int],
        environment: Mapping[str, str],
        log: Path | None = None,
        *,
        shared_cache: bool = False,
    ) -> None:
        """Nothing runs before `start()`."""
        program = [*PROGRAM, "--nginx", str(nginx.program)]
        program += ["--shared-cache"] if shared_cache else []
        super().__init__("edge", program, address, environment, log)
        self.url = edge_url(*address)
        self._program = self.command
        self._folder: Path | None = None

    @property
    def authority(self) -> Path:
        """The file with the certificate of the authority that clients must trust.

        Raises:
            RuntimeError: the edge was not started.
        """
        if self._folder is None:
            raise RuntimeError("the edge was not started")
        return self._folder / "ca.pem"

    def start(self) -> None:
        """Start it, again if it has ended before, in a private folder that goes with it."""
        self._remove_folder()
        self._folder = Path(tempfile.mkdtemp(prefix="bookstore-edge-"))
        self.command = [*self._program, "--folder", str(self._folder)]
        super().start()

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the program, or to what it has left behind: nginx, or nginx's workers."""
        super().ask_to_stop()
        if self._process is not None and self._process.poll() is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGTERM)

    def kill(self) -> None:
        """End it at once, with all that it started; its folder goes, whoever has ended it."""
        super().kill()
        self._remove_folder()

    def _remove_folder(self) -> None:
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _answers(self) -> bool:
        # Whether the servers behind it answer, they are asked themselves.
        return is_listening(*self._address)


def edge_url(host: str, port: int) -> str:
    """The origin of an edge that listens there: the name that its certificate has first."""
    if host in ANY or is_loopback(host):
        return f"https://localhost:{port}"
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"


def public_urls(url: str) -> dict[str, str]:
    """The settings by which both servers know where an edge of this origin has them."""
    return {
        "BOOKSTORE_REST_PUBLIC_URL": url + REST_PREFIX,
        "BOOKSTORE_GRAPHQL_PUBLIC_URL": url,
    }
