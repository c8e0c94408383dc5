"""The server as a process: how it starts, and how it ends."""

import asyncio
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.graphql.process import CREATE, Server, Start
from tests.selection import slow
from tests.server_process import (
    check_that_it_ends_with_its_parent,
    starting,
    what_cannot_start,
)
from tests.waiting import wait_until


@pytest.fixture(scope="module")
def plain() -> Iterator[Server]:
    """A server that no test ends."""
    with starting(Server) as started:
        yield started()


@pytest.mark.parametrize("number", [signal.SIGTERM, *slow(signal.SIGINT)])
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


@pytest.mark.slow
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
    server.process.terminate()
    assert server.errors() == ""  # which waits for its end, with a limit


@pytest.mark.slow
def test_it_ends_with_its_parent_if_told_to() -> None:
    check_that_it_ends_with_its_parent("graphql")


@what_cannot_start("graphql")
def test_what_cannot_start_says_why_in_one_line(
    start: Start, settings: dict[str, object], named: str
) -> None:
    server = start(wait=False, **settings)
    (line,) = server.errors().splitlines()
    assert server.process.returncode == 2
    assert line.startswith("graphql: ")
    assert named in line


@pytest.mark.slow
def test_a_port_that_is_taken_is_named(plain: Server, start: Start) -> None:
    second = start(wait=False, arguments=("--port", str(plain.port)))
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert f"port {plain.port}" in line
    assert plain.answers()


@pytest.mark.slow
def test_a_bookstore_that_is_open_in_another_size_is_refused(plain: Server, start: Start) -> None:
    second = start(wait=False, books=50, instance=plain.instance)
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert "BOOKSTORE_BOOKS is 50 here but 1000" in line
    assert plain.answers()
