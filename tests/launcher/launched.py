"""A launcher that runs as a process of its own, and what tests ask of processes."""

import os
import re
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from launcher.ports import free_ports
from tests.waiting import LIMIT_S, wait_until

HERE = Path(__file__).parent


def started_by(pid: int) -> list[int]:
    """The processes that this one has started, and those that they have, and so on."""
    parents = _parents()
    found = [child for child, parent in parents.items() if parent == pid]
    return [*found, *(one for child in found for one in started_by(child))]


def _parents() -> dict[int, int]:
    parents: dict[int, int] = {}
    if not Path("/proc/self/stat").exists():
        lines = subprocess.check_output(["ps", "-axo", "pid=,ppid="], text=True).splitlines()
        pairs = (line.split() for line in lines)
        return {int(child): int(parent) for child, parent in pairs}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return parents


class Launched:
    """A launcher that runs as a process of its own, and what it has started."""

    def __init__(self, runner: Sequence[str], arguments: Sequence[str], marks: Path) -> None:
        self.marks = marks
        self.ports = free_ports(2)
        self._output = marks.with_name(f"output-{self.ports[0]}")
        self._errors = marks.with_name(f"errors-{self.ports[0]}")
        ports = ["--rest-port", str(self.ports[0]), "--graphql-port", str(self.ports[1])]
        with self._output.open("wb") as output, self._errors.open("wb") as errors:
            self.process = subprocess.Popen(
                [*runner, *ports, *arguments],  # the last one counts where a port is given twice
                env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
                stdout=output,
                stderr=errors,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self._output.read_text()

    @property
    def errors(self) -> str:
        """Standard error, without what a launcher says on a slow machine that is still starting."""
        return re.sub(r"(?m)^start_servers\.sh: still starting.*\n", "", self._errors.read_text())

    def pids(self) -> list[int]:
        """What has started and not stopped in good order."""
        return sorted(int(mark.name) for mark in self.marks.iterdir())

    def wait_for(self, text: str, limit_s: float = LIMIT_S) -> None:
        """Wait until it has printed this."""
        wait_until(
            lambda: text in self.output or self.process.poll() is not None,
            f"the launcher prints {text!r}",
            limit_s,
        )
        assert text in self.output, self.errors

    def status(self) -> int:
        """Wait for its end."""
        return self.process.wait(LIMIT_S)


Launch = Callable[..., Launched]
