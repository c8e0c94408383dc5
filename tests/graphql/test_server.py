"""The server as a process: how it starts, and how it ends."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from launcher.ports import free_port
from shared.config import CHECKOUT
from shared.ram import folder_for
from tests.exchange import Client
from tests.graphql.process import CREATE, PROGRAM, Server, Start, starting
from tests.waiting import is_running, wait_until


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts servers for one test."""
    with starting() as started:
        yield started


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server that no test ends."""
    with starting() as started:
        yield started()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_answer_under_way_be_finished(start: Start, number: int) -> None:
    server = start(db_latency_ms=300)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(server.ask, CREATE)
        wait_until(server.is_writing, "the mutation is under way")
        server.process.send_signal(number)
        assert answer.result().json["data"]["createAuthor"]["name"] == "A"
    assert server.errors() == ""
    assert server.process.returncode == 0
    assert not server.folder.exists()


def test_clients_that_stay_or_go_away_are_no_trouble(start: Start) -> None:
    server = start()  # its client keeps the connection

    async def go_away() -> None:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
        writer.write(b"Content-Length: 1000\r\n\r\n{")
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    asyncio.run(go_away())
    assert server.answers()
    since = time.monotonic()
    server.process.terminate()
    assert server.errors() == ""
    assert time.monotonic() - since < 5


def test_a_signal_at_the_start_leaves_nothing(start: Start) -> None:
    server = start(wait=False, books=200_000)  # takes seconds to fill
    wait_until(server.folder.exists, "the database is being made")
    server.process.send_signal(signal.SIGINT)
    assert server.errors() == ""
    assert not server.folder.exists()


@pytest.mark.slow
def test_it_ends_with_its_parent_if_told_to() -> None:
    port = free_port()
    # A program that starts the server, says its process id, and is killed.
    code = "import subprocess, sys; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); input()"
    parent = subprocess.Popen(
        [sys.executable, "-c", code, *PROGRAM, "--port", str(port), "--exit-with-parent"],
        env={**os.environ, "BOOKSTORE_INSTANCE": f"graphql-{port}"},
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

    wait_until(answers, "the server answers")
    parent.kill()
    parent.communicate()
    wait_until(lambda: not is_running(server), "the server has ended")
    wait_until(
        lambda: not folder_for(CHECKOUT, f"graphql-{port}", 0).exists(), "the folder is gone"
    )


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"books": "many"}, "BOOKSTORE_BOOKS"),
        ({"arguments": ("--port", "0")}, "BOOKSTORE_GRAPHQL_PORT"),
        ({"database_url": "postgresql://nobody@127.0.0.1:1/none"}, "BOOKSTORE_DATABASE_URL"),
        ({"database_url": "sqlite:////nowhere/at/all.db"}, "/nowhere/at"),
        ({"arguments": ("--host", "192.0.2.1", "--insecure")}, "--host"),
        ({"arguments": ("--host", "192.0.2.1")}, "BOOKSTORE_TOKEN"),
    ],
    ids=["size", "port", "no database", "no folder", "not our address", "open to all"],
)
def test_what_cannot_start_says_why_in_one_line(
    start: Start, settings: dict[str, object], named: str
) -> None:
    server = start(wait=False, **settings)
    (line,) = server.errors().splitlines()
    assert server.process.returncode == 2
    assert line.startswith("graphql: ")
    assert named in line


def test_a_port_that_is_taken_is_named(plain: Server, start: Start) -> None:
    second = start(wait=False, arguments=("--port", str(plain.port)))
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert f"port {plain.port}" in line
    assert plain.answers()


def test_a_bookstore_that_is_open_in_another_size_is_refused(plain: Server, start: Start) -> None:
    second = start(wait=False, books=50, instance=plain.instance)
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert "BOOKSTORE_BOOKS is 50 here but 1000" in line
    assert plain.answers()
