"""More connections than a process has file descriptors for: who comes later waits."""

import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.server_process import ServerProcess, starting
from tests.waiting import LIMIT_S


class WithFewFiles(ServerProcess):
    """One that may have 128 files and connections open at once."""

    before = ("sh", "-c", 'ulimit -n 128 && exec "$@"', "sh")


class Rest(WithFewFiles):
    api = "rest"


class Graphql(WithFewFiles):
    api = "graphql"


@pytest.fixture(params=[Rest, Graphql])
def start_few(request: pytest.FixtureRequest) -> Iterator[Callable[..., WithFewFiles]]:
    """Starts such servers for one test."""
    with starting(request.param) as started:
        yield started


def processor_seconds(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="seconds are read in /proc")
def test_without_file_descriptors_those_who_came_are_answered_and_nothing_spins(
    start_few: Callable[..., WithFewFiles],
) -> None:
    """Some wait for a connection meanwhile, and have it when others let theirs go."""
    many = 200
    server = start_few(books=30)
    pid = server.process.pid
    first = socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT_S)
    with ExitStack() as others:
        for _ in range(many):
            others.enter_context(socket.create_connection(("127.0.0.1", server.port)))
        before, since = processor_seconds(pid), time.monotonic()
        first.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert first.recv(12) == b"HTTP/1.1 200"
        time.sleep(1)
        assert processor_seconds(pid) - before < (time.monotonic() - since) / 2
    first.close()
    assert server.client.get("/health").status == 200
