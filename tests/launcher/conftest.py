import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from launcher.ports import free_ports

HERE = Path(__file__).parent
LIMIT_S = 20.0


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.005)


def is_running(pid: int) -> bool:
    """Whether there is such a process that has not ended; one that nobody waited for has."""
    with suppress(FileNotFoundError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


class Launched:
    """A launcher that runs as a process of its own, and what it has started."""

    def __init__(self, runner: Sequence[str], arguments: Sequence[str], marks: Path) -> None:
        self.marks = marks
        self.ports = free_ports(2)
        self._output, self._errors = marks.parent / "output", marks.parent / "errors"
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
        return self._errors.read_text()

    def pids(self) -> list[int]:
        """What has started and not stopped in good order."""
        return sorted(int(mark.name) for mark in self.marks.iterdir())

    def wait_for(self, text: str) -> None:
        """Wait until it has printed this."""
        wait_until(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output, self.errors

    def status(self) -> int:
        """Wait for its end."""
        return self.process.wait(LIMIT_S)


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


@pytest.fixture
def stand_in(marks: Path) -> list[str]:
    """The command of a server that stands in for a real one."""
    return [sys.executable, str(HERE / "stand_in.py"), str(marks)]


Launch = Callable[..., Launched]


@pytest.fixture
def launch(stand_in: list[str], marks: Path) -> Iterator[Launch]:
    """Start a launcher over stand-ins: `launch(*its arguments, rest=..., graphql=...)`."""
    started: list[Launched] = []

    def start(
        *arguments: str, rest: Sequence[str] = (), graphql: Sequence[str] = ()
    ) -> Launched:
        comparison = [sys.executable, str(HERE / "stand_in_comparison.py")]
        programs = {
            "rest": [*stand_in, *rest],
            "graphql": [*stand_in, *graphql],
            "comparison": comparison,
        }
        runner = [sys.executable, str(HERE / "run_launcher.py"), json.dumps(programs)]
        launched = Launched(runner, arguments, marks)
        started.append(launched)
        return launched

    yield start
    for launched in started:
        launched.process.kill()
        launched.process.wait()
        for pid in launched.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
