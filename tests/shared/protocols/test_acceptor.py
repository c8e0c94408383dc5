"""More connections than a process has file descriptors for: who comes later waits."""

import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.config import Settings
from shared.protocols import acceptor
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


@pytest.mark.parametrize(
    ("files", "most", "raised", "connections"),
    [
        (256, resource.RLIM_INFINITY, 1_474, 1_274),  # as on macOS, which refuses infinity
        (256, 524_288, 1_474, 1_274),
        (256, 1_000, 1_000, 800),
        (128, 128, 128, 64),
        (524_288, 524_288, None, 1_274),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None, 1_274),
    ],
)
def test_as_many_files_may_be_open_as_connections_need(
    monkeypatch: pytest.MonkeyPatch, files: int, most: int, raised: int | None, connections: int
) -> None:
    limits: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (files, most))
    monkeypatch.setattr(resource, "setrlimit", lambda _, given: limits.append(given))
    assert acceptor.connections(Settings(max_streams=250)) == connections
    assert limits == ([] if raised is None else [(raised, most)])


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
