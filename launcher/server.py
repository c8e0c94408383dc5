"""One server process: started in a session of its own, watched, and stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from launcher.affinity import held_on
from launcher.ports import is_listening, reachable

HEALTH_LIMIT_S = 5.0  # for one answer of /health
POLL_S = 0.01


class ServerEnded(Exception):
    """A server has ended by itself; `status` is what a shell would call its status."""

    def __init__(self, name: str, status: int) -> None:
        super().__init__(f"the {name} has ended with status {status}")
        self.name = name
        self.status = status


class Server:
    """A server program, run with `--host`, `--port` and `--exit-with-parent`.

    Attributes:
        processors: those that it is held on from its next start, None for any.
    """

    @property
    def full_name(self) -> str:
        """What it is called in a sentence."""
        return f"{self.name} server"

    def __init__(
        self,
        name: str,
        program: Sequence[str],
        address: tuple[str, int],
        environment: Mapping[str, str],
        log: Path | None = None,
    ) -> None:
        """Nothing runs before `start()`. What it writes goes to `log`, else to our own output."""
        host, port = address
        self.name = name
        self.command = [*program, "--host", host, "--port", str(port), "--exit-with-parent"]
        self._address = (reachable(host), port)
        self._environment = dict(environment)
        self._log = log
        self.processors: Sequence[int] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._is_taken = False

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process that was started last.

        Raises:
            RuntimeError: none was started.
        """
        if self._process is None:
            raise RuntimeError(f"the {self.name} server was not started")
        return self._process

    def start(self) -> None:
        """Start it, again if it has ended before; it is not healthy yet when this returns."""
        self._is_taken = is_listening(*self._address)
        log = self._log.open("ab") if self._log else None
        try:
            # A session of its own keeps the terminal's Ctrl-C from it: whoever started it decides.
            with held_on(self.processors):
                self._process = subprocess.Popen(  # noqa: S603 - the project's own programs
                    self.command,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        finally:
            if log is not None:
                log.close()

    def is_healthy(self) -> bool:
        """Whether it answers as it should.

        Raises:
            ServerEnded: it never will.
        """
        self.check()
        # While another program holds the port, its answers are not ours; our server will end.
        self._is_taken = self._is_taken and is_listening(*self._address)
        return not self._is_taken and self._answers()

    def check(self) -> None:
        """Do nothing while it runs.

        Raises:
            ServerEnded: it has ended.
        """
        status = self.process.poll()
        if status is not None:
            raise ServerEnded(self.full_name, shell_status(status))

    def ask_to_stop(self) -> None:
        """Send SIGTERM to the process, which tells those that it started."""
        if self._process is not None:
            self._process.terminate()

    def has_stopped(self) -> bool:
        """Whether the process and all that it started have ended."""
        if self._process is None:
            return True
        if self._process.poll() is None:
            return False
        try:
            os.killpg(self._process.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:  # macOS says so of a group of which only zombies are left
            return True
        return False

    def wait_until_stopped(self, deadline: float) -> bool:
        """Whether it stopped before `deadline`, an instant of `time.monotonic()`."""
        while not self.has_stopped():
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_S)
        return True

    def kill(self) -> None:
        """End the process and all that it started, by SIGKILL; does nothing if all have ended."""
        if self._process is not None and not self.has_stopped():
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        """Whether `/health` is answered with 200."""
        connection = HTTPConnection(*self._address, timeout=HEALTH_LIMIT_S)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


def shell_status(status: int) -> int:
    """What a shell calls the status of a process: 128 and the signal, where one ended it."""
    return status if status >= 0 else 128 - status
