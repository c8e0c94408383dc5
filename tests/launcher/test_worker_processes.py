"""Several processes of each server: how they start, and that none is left."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.graphql import process as graphql
from tests.launcher.launched import Launched, started_by
from tests.rest import process as rest
from tests.selection import slow
from tests.server_process import ServerProcess, starting
from tests.waiting import is_running, wait_until

WORKERS = 2
APIS = pytest.mark.parametrize("api", ["rest", "graphql"])
SERVERS: dict[str, type[ServerProcess]] = {"rest": rest.Server, "graphql": graphql.Server}
Start = Callable[..., ServerProcess]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers of two workers for one test."""
    with ExitStack() as ends:

        def started(api: str, *arguments: str, **given: Any) -> ServerProcess:
            start_one = ends.enter_context(starting(SERVERS[api]))
            workers = ("--workers", str(WORKERS), *arguments)
            return start_one(arguments=workers, **{"books": 30, **given})

        yield started


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        yield somebody.getsockname()[1]


def terminate(server: ServerProcess) -> None:
    server.process.terminate()


def ctrl_c(server: ServerProcess) -> None:
    """As a terminal does: to the workers too."""
    os.killpg(server.process.pid, signal.SIGINT)


WRITES = {
    "rest": ("/authors", {"name": "A", "email": "a@example.com"}),
    "graphql": (
        "/graphql",
        {"query": 'mutation { createAuthor(input: {name: "A", email: "a@example.com"}) { id } }'},
    ),
}


@pytest.mark.parametrize(
    ("api", "end"),
    [
        pytest.param("rest", ctrl_c, marks=pytest.mark.slow),
        ("graphql", terminate),
        pytest.param("rest", terminate, marks=pytest.mark.slow),
        pytest.param("graphql", ctrl_c, marks=pytest.mark.slow),
    ],
)
def test_a_signal_lets_what_is_under_way_be_finished_and_leaves_nobody(
    start: Start, api: str, end: Callable[[ServerProcess], None]
) -> None:
    server = start(api, db_latency_ms=300)
    workers = started_by(server.process.pid)
    assert len(workers) == WORKERS
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(server.client.post, *WRITES[api])
        wait_until(server.is_writing, "the write is under way")
        end(server)
        assert answer.result().status == (201 if api == "rest" else 200)
        assert "errors" not in answer.result().json
    assert server.errors() == ""
    assert server.process.returncode == 0
    assert not any(map(is_running, workers))
    assert not server.folder.exists()


@pytest.mark.parametrize("api", ["rest", *slow("graphql")])
def test_the_workers_end_with_a_parent_that_was_killed(start: Start, api: str) -> None:
    server = start(api)
    workers = started_by(server.process.pid)
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(map(is_running, workers)), "the workers have ended")
    assert not server.folder.exists()


@pytest.mark.slow
@APIS
def test_workers_that_end_before_their_parent_sees_the_signal_are_no_failure(
    start: Start, api: str
) -> None:
    server = start(api)
    workers = started_by(server.process.pid)
    os.kill(server.process.pid, signal.SIGSTOP)
    os.killpg(server.process.pid, signal.SIGTERM)
    wait_until(lambda: not any(map(is_running, workers)), "the workers have ended")
    os.kill(server.process.pid, signal.SIGCONT)
    assert server.errors() == ""
    assert server.process.returncode == 0
    assert not server.folder.exists()


@pytest.mark.slow
@APIS
def test_what_cannot_start_says_why_once(start: Start, taken: int, api: str) -> None:
    for option, value, named in (
        ("--port", str(taken), f"port {taken}"),
        ("--workers", "65", "BOOKSTORE_WORKERS must be between 1 and 64, got 65"),
    ):
        server = start(api, option, value, wait=False)
        (line,) = server.errors().splitlines()
        assert server.process.returncode == 2
        assert line.startswith(f"{api}: ")
        assert named in line


@pytest.mark.slow
def test_the_launcher_hands_the_number_on(marks: Path) -> None:
    launched = Launched([sys.executable, "-m", "launcher"], ["--workers", "0"], marks)
    assert launched.status() == 2
    assert "BOOKSTORE_WORKERS must be between 1 and 64, got 0" in launched.errors
