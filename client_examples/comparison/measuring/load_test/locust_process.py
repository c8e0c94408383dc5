"""Runs Locust in a process of its own, which tests one arm and reports each rate.

It never runs in this process, which would have to be patched for gevent.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.measuring.load_test.rate_search import highest, limit_of
from client_examples.comparison.network.access.headers_file import written
from client_examples.comparison.network.ports import free_port
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.load_test import LoadArm, LoadSettings, LoadStep

LOCUSTFILE = Path(__file__).resolve().parents[3] / "locustfile.py"
POLL_S = 0.1
STARTING_S = 60.0  # beyond the time of the search: to begin, to get ready, and to end
ENDING_S = 30.0


def is_there() -> bool:
    """Whether Locust is installed."""
    return find_spec("locust") is not None


@dataclass
class Searched:
    """The steps of an arm's search so far."""

    steps: list[LoadStep] = field(default_factory=list)
    is_over: bool = False

    def result(self, arm: Arm) -> LoadArm:
        """The arm's part of the document."""
        return LoadArm(
            name=arm.name,
            description=arm.description,
            steps=list(self.steps),
            highest=highest(self.steps),
            limit=limit_of(self.steps, self.is_over),
        )


def search(
    screen: Screen,
    arm: Arm,
    servers: Servers,
    settings: LoadSettings,
    seed: int,
    screens_file: Path | None,
    record: Callable[[LoadArm], None],
) -> None:
    """Find the highest rate that the arm keeps; `record` is called after each step.

    Raises:
        LoadFailed: Locust could not load the screen, or ended on the way.
    """
    searched = Searched()
    options: dict[str, Any] = {
        "--arm": arm.name,
        "--below-ms": settings.bound_ms,
        "--step-seconds": settings.step_s,
        "--most-seconds": settings.most_s,
        "--seed": seed,
        "--users": settings.users,
        "--find-rate": True,
    }
    if settings.processes > 1:  # they talk to each other, and to nobody else
        port, host = free_port(), "127.0.0.1"
        options |= {
            "--processes": settings.processes,
            "--master-bind-host": host,
            "--master-bind-port": port,
            "--master-host": host,
            "--master-port": port,
        }
    limit_s = settings.most_s + STARTING_S
    for line in results_of(screen, arm.name, servers, screens_file, options, limit_s):
        if "step" in line:
            searched.steps.append(LoadStep(**line["step"]))
        searched.is_over = line.get("is_over", False)
        record(searched.result(arm))


def results_of(
    screen: Screen,
    doing: str,
    servers: Servers,
    screens_file: Path | None,
    options: Mapping[str, Any],
    limit_s: float,
) -> Iterator[dict[str, Any]]:
    """Run Locust over a screen; each line of its results as it comes, until one says it is over.

    Args:
        screen: what to load.
        doing: what is done with it, for the error.
        servers: of both APIs.
        screens_file: where the screen is declared, if it is a user's own.
        options: of the locustfile, besides those that name screen and servers.
        limit_s: how long it may take.

    Raises:
        LoadFailed: Locust could not load the screen, or ended on the way.
    """
    with tempfile.TemporaryDirectory() as folder:
        results, log = Path(folder) / "results", Path(folder) / "log"
        headers = Path(folder) / "headers"  # nobody else can look into the folder
        headers.write_text(written(servers.credentials), encoding="utf-8")
        given = {
            "--screen": screen.name,
            "--screens": screens_file,
            "--rest-url": servers.rest_url,
            "--graphql-url": servers.graphql_url,
            "--ca-file": servers.ca_file,
            "--headers": headers,
            "--results": results,
            "--spawn-rate": options["--users"],
            "--exit-code-on-error": 0,
            **options,
        }
        with _running(_command(given), log) as process:
            for line in _lines(process, results, limit_s):
                yield line
                if "is_over" in line:
                    with suppress(subprocess.TimeoutExpired):  # it undoes what the screen prepared
                        process.wait(ENDING_S)
                    return
        raise LoadFailed(f"under load: {_reason(log)}", screen=screen.name, arm=doing)


def _command(options: Mapping[str, Any]) -> list[str]:
    given = [
        name if value is True else f"{name}={value}"
        for name, value in options.items()
        if value is not None
    ]
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--headless"]
    return [*command, "--only-summary", *given]


@contextmanager
def _running(command: list[str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Locust in a process group of its own, which ends with this context."""
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603 - the project's own words
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield process
    finally:
        # Time to undo what the screen has prepared; then whatever is left of it.
        for number, limit_s in ((signal.SIGTERM, 10.0), (signal.SIGKILL, None)):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, number)
            with suppress(subprocess.TimeoutExpired):
                process.wait(limit_s)


def _lines(
    process: "subprocess.Popen[bytes]", results: Path, limit_s: float
) -> Iterator[dict[str, Any]]:
    """Each line of the results as it is written, until Locust has ended or time is over."""
    deadline, read = time.monotonic() + limit_s, 0
    while True:
        has_ended = process.poll() is not None
        text = results.read_text(encoding="utf-8") if results.exists() else ""
        whole = text[: text.rfind("\n") + 1]
        for line in whole[read:].splitlines():
            yield json.loads(line)
        read = len(whole)
        if has_ended or time.monotonic() > deadline:
            return
        time.sleep(POLL_S)


def _reason(log: Path) -> str:
    """The last error that Locust logged, or its last line."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    errors = [line.partition("/ERROR/")[2] for line in lines if "/ERROR/" in line]
    return (errors or lines or ["Locust ended without a word"])[-1].partition(": ")[2] or "it ended"
