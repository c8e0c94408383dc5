import json
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest

from tests.launcher.launched import HERE, Launch, Launched


@pytest.fixture
def marks(tmp_path: Path) -> Path:
    folder = tmp_path / "marks"
    folder.mkdir()
    return folder


@pytest.fixture
def stand_in(marks: Path) -> list[str]:
    """The command of a server that stands in for a real one."""
    return [sys.executable, str(HERE / "stand_in.py"), str(marks)]


@pytest.fixture
def launch(stand_in: list[str], marks: Path) -> Iterator[Launch]:
    """Start a launcher over stand-ins: `launch(*its arguments, rest=..., graphql=...)`."""
    started: list[Launched] = []

    def start(
        *arguments: str,
        rest: Sequence[str] = (),
        graphql: Sequence[str] = (),
        by_nohup: bool = False,
        nginx: Sequence[str] | None = None,
    ) -> Launched:
        comparison = [sys.executable, str(HERE / "stand_in_comparison.py")]
        programs = {
            "rest": [*stand_in, *rest],
            "graphql": [*stand_in, *graphql],
            "comparison": comparison,
            "results": str(marks.with_name("results")),
            "nginx": nginx,
        }
        signals = "ignored" if by_nohup else "heeded"
        runner = [sys.executable, str(HERE / "run_launcher.py"), signals, json.dumps(programs)]
        # The comparison would have nginx in front of the stand-ins, which most tests are not about.
        launched = Launched(runner, ["--no-edge", *arguments], marks)
        started.append(launched)
        return launched

    yield start
    for launched in started:
        launched.process.kill()
        launched.process.wait()
        for pid in launched.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
