"""The server as a process: how it starts, overlaps requests, and ends."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

import pytest

from launcher.ports import free_port
from shared.config import CHECKOUT
from shared.ram import folder_for
from tests.exchange import Client, Response
from tests.launcher.launched import started_by
from tests.waiting import is_running, wait_until

PROGRAM = [sys.executable, str(CHECKOUT / "rest_api" / "app.py")]
ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}


class Server:
    """A REST server of a test's own, which a parent of its own may stand before."""

    def __init__(self, *, arguments: tuple[str, ...] = (), **settings: object) -> None:
        self.port = free_port()
        self.instance = f"rest-{self.port}"
        self.client = Client(f"http://127.0.0.1:{self.port}")
        named = {f"BOOKSTORE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [*PROGRAM, "--port", str(self.port), *arguments],
            env={**os.environ, "BOOKSTORE_INSTANCE": self.instance, **named},
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            start_new_session=True,
        )

    @property
    def folder(self) -> Path:
        return folder_for(CHECKOUT, self.instance, 0)

    def wait_until_it_answers(self) -> None:
        def answers() -> bool:
            assert self.process.poll() is None, self.errors()
            try:
                return self.client.get("/ping").status == 200
            except OSError:
                return False

        wait_until(answers, "the server answers")

    def errors(self) -> str:
        return self.process.communicate(timeout=30)[1]

    def is_writing(self) -> bool:
        """Whether a transaction holds the database's write lock."""
        with closing(sqlite3.connect(self.folder / "bookstore.db", timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False

    def end(self) -> None:
        """Whatever is left of it, and of its data."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.client.close()
        shutil.rmtree(self.folder, ignore_errors=True)


Start = Callable[..., Server]


@pytest.fixture
def start() -> Iterator[Start]:
    servers: list[Server] = []

    def started(**given: object) -> Server:
        server = Server(**given)  # type: ignore[arg-type]
        servers.append(server)
        return server

    yield started
    for server in servers:
        server.end()


def ctrl_c(server: Server) -> None:
    """As a terminal does: to the worker too."""
    os.killpg(server.process.pid, signal.SIGINT)


def terminate(server: Server) -> None:
    """As a supervisor does."""
    server.process.terminate()


@pytest.mark.parametrize("end", [terminate, ctrl_c])
def test_a_signal_lets_the_answer_under_way_be_finished(
    start: Start, end: Callable[[Server], None]
) -> None:
    server = start(db_latency_ms=250)
    server.wait_until_it_answers()
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(server.client.post, "/orders", ORDER)
        wait_until(server.is_writing, "the order is under way")
        end(server)
        assert answer.result().status == 201
    assert server.errors() == ""
    assert server.process.returncode == 0
    assert not server.folder.exists()


@pytest.mark.parametrize("end", [terminate, ctrl_c])
def test_a_connection_that_is_kept_open_does_not_hold_up_the_end(
    start: Start, end: Callable[[Server], None]
) -> None:
    server = start()
    server.wait_until_it_answers()  # its client keeps the connection
    since = time.monotonic()
    end(server)
    assert server.errors() == ""
    assert time.monotonic() - since < 10
    assert server.process.returncode == 0


def test_a_worker_that_ends_before_its_parent_sees_the_signal_is_no_failure(start: Start) -> None:
    server = start()
    server.wait_until_it_answers()
    os.kill(server.process.pid, signal.SIGSTOP)
    os.killpg(server.process.pid, signal.SIGTERM)
    workers = started_by(server.process.pid)
    wait_until(lambda: not any(map(is_running, workers)), "the worker has ended")
    os.kill(server.process.pid, signal.SIGCONT)
    assert "Traceback" not in server.errors()
    assert server.process.returncode == 0
    assert not server.folder.exists()


def test_requests_wait_for_the_database_side_by_side(start: Start) -> None:
    delay, requests = 0.3, 20
    server = start(db_latency_ms=delay * 1_000)
    server.wait_until_it_answers()

    def get(_: int) -> Response:
        answer = server.client.get("/books/1")
        server.client.close()
        return answer

    since = time.monotonic()
    with ThreadPoolExecutor(requests) as pool:
        answers = list(pool.map(get, range(requests)))
    assert {answer.status for answer in answers} == {200}
    assert time.monotonic() - since < delay * requests / 4


def test_the_worker_ends_with_a_parent_that_was_killed(start: Start) -> None:
    server = start()
    server.wait_until_it_answers()
    workers = started_by(server.process.pid)
    assert workers
    server.process.kill()
    server.process.wait()
    wait_until(lambda: not any(map(is_running, workers)), "the worker has ended")
    assert not server.folder.exists()


@pytest.mark.slow
def test_it_ends_with_its_parent_if_told_to() -> None:
    port = free_port()
    # A program that starts the server, says its process id, and is killed.
    code = (
        "import subprocess as s, sys; print(s.Popen(sys.argv[1:], stdout=s.DEVNULL).pid, "
        "flush=True); input()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, *PROGRAM, "--port", str(port), "--exit-with-parent"],
        env={**os.environ, "BOOKSTORE_INSTANCE": f"rest-{port}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    server = int(parent.stdout.readline())
    client = Client(f"http://127.0.0.1:{port}")

    def answers() -> bool:
        try:
            return client.get("/ping").status == 200
        except OSError:
            return False

    try:
        wait_until(answers, "the server answers")
        parent.kill()
        parent.communicate()
        wait_until(lambda: not is_running(server), "the server has ended")
        folder = folder_for(CHECKOUT, f"rest-{port}", 0)
        wait_until(lambda: not folder.exists(), "the folder is gone")
    finally:
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGTERM)


def test_a_worker_that_dies_ends_the_server(start: Start) -> None:
    server = start()
    server.wait_until_it_answers()
    for worker in started_by(server.process.pid):
        os.kill(worker, signal.SIGKILL)
    assert "Unexpected exit from worker-1" in server.errors()
    assert server.process.returncode not in (0, None)
    assert not server.folder.exists()


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"books": "many"}, "BOOKSTORE_BOOKS"),
        ({"arguments": ("--port", "0")}, "BOOKSTORE_REST_PORT"),
        ({"database_url": "postgresql://nobody@127.0.0.1:1/none"}, "BOOKSTORE_DATABASE_URL"),
        ({"database_url": "sqlite:////nowhere/at/all.db"}, "/nowhere/at"),
        ({"arguments": ("--host", "192.0.2.1", "--insecure")}, "--host"),
        ({"arguments": ("--host", "192.0.2.1")}, "BOOKSTORE_TOKEN"),
        ({"token": "short"}, "BOOKSTORE_TOKEN"),
    ],
    ids=["size", "port", "no database", "no folder", "not our address", "open to all", "token"],
)
def test_what_cannot_start_says_why_in_one_line(
    start: Start, settings: dict[str, object], named: str
) -> None:
    server = start(**settings)
    (line,) = server.errors().splitlines()
    assert server.process.returncode == 2
    assert line.startswith("rest: ")
    assert named in line


def test_a_port_that_is_taken_is_named(start: Start) -> None:
    first = start()
    first.wait_until_it_answers()
    second = start(arguments=("--port", str(first.port)))
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert f"port {first.port}" in line
    assert first.client.get("/ping").status == 200


def test_a_bookstore_that_is_open_in_another_size_is_refused(start: Start) -> None:
    first = start()
    first.wait_until_it_answers()
    second = start(books=50, instance=first.instance)
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert "BOOKSTORE_BOOKS is 50 here but 1000" in line
    assert first.client.get("/health").status == 200
