"""More connections than a process has file descriptors for: idle ones are closed, or one waits."""

import os
import resource
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from shared.config import Settings
from shared.protocols import acceptor
from tests.server_process import ServerProcess, starting
from tests.wire import HOST, LENGTH, Wire

MANY = 200
PING = b"GET /ping HTTP/1.1\r\n" + HOST + b"\r\n"
HALF_A_BODY = (
    b"POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST + LENGTH % 2 + b"{"
)


class WithFewFiles(ServerProcess):
    """One that may have 128 files and connections open at once."""

    before = ("sh", "-c", 'ulimit -n 128 && exec "$@"', "sh")


class Rest(WithFewFiles):
    api = "rest"


class Graphql(WithFewFiles):
    api = "graphql"


@pytest.fixture(params=[Rest, Graphql], scope="module")
def few(request: pytest.FixtureRequest) -> Iterator[WithFewFiles]:
    """Such a server, for all tests here."""
    with starting(request.param) as start:
        yield start(books=30)


def is_answered(server: ServerProcess) -> bool:
    """Whether it answers who comes now."""
    with Wire(server.port) as wire:
        return wire.send(PING).socket.recv(12) == b"HTTP/1.1 200"


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


@pytest.mark.parametrize(("most", "sockets"), [(1_274, 762), (800, 400), (64, 32)])
def test_some_connections_are_no_websockets(most: int, sockets: int) -> None:
    assert acceptor.sockets(most) == sockets


@pytest.mark.parametrize("sent", [b"", PING[:-2], PING])
def test_for_who_comes_later_those_idle_longest_are_closed(few: WithFewFiles, sent: bytes) -> None:
    """What is under way is not."""
    with ExitStack() as open_ones:
        under_way = open_ones.enter_context(Wire(few.port))
        under_way.send(HALF_A_BODY)
        for _ in range(MANY):
            open_ones.enter_context(Wire(few.port)).send(sent)
        assert is_answered(few)
        under_way.send(b"}")
        assert under_way.socket.recv(9) == b"HTTP/1.1 "


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="seconds are read in /proc")
def test_where_all_are_under_way_nothing_spins(few: WithFewFiles) -> None:
    """Some wait for a connection meanwhile, and have it when others let theirs go."""
    pid = few.process.pid
    with ExitStack() as open_ones:
        for _ in range(MANY):
            open_ones.enter_context(Wire(few.port)).send(HALF_A_BODY)
        before, since = processor_seconds(pid), time.monotonic()
        time.sleep(1)
        assert processor_seconds(pid) - before < (time.monotonic() - since) / 2
    assert is_answered(few)
