"""The server as a process: how it starts, overlaps requests, and ends."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from tests.exchange import Response
from tests.rest.process import Server, Start
from tests.selection import slow
from tests.server_process import check_that_it_ends_with_its_parent, starting, what_cannot_start
from tests.waiting import LIMIT_S, wait_until

ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}


@pytest.fixture(scope="module")
def serving() -> Iterator[Server]:
    """One that tests share which leave it as it is."""
    with starting(Server) as started:
        yield started(books=30)


def ctrl_c(server: Server) -> None:
    """As a terminal does."""
    os.killpg(server.process.pid, signal.SIGINT)


def terminate(server: Server) -> None:
    """As a supervisor does."""
    server.process.terminate()


@pytest.mark.parametrize("end", [*slow(terminate), ctrl_c])
def test_a_signal_lets_the_answer_under_way_be_finished(
    start: Start, end: Callable[[Server], None]
) -> None:
    server = start(db_latency_ms=250)
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(server.client.post, "/orders", ORDER)
        wait_until(server.is_writing, "the order is under way")
        end(server)
        assert answer.result().status == 201
    assert server.errors() == ""
    assert server.process.returncode == 0
    assert not server.folder.exists()


@pytest.mark.slow
@pytest.mark.parametrize("end", [terminate, ctrl_c])
def test_a_connection_that_is_kept_open_does_not_hold_up_the_end(
    start: Start, end: Callable[[Server], None]
) -> None:
    server = start()  # its client keeps the connection
    end(server)
    assert server.errors() == ""  # which waits for its end, with a limit
    assert server.process.returncode == 0


def test_requests_wait_for_the_database_side_by_side(start: Start) -> None:
    delay, requests = 0.3, 20
    server = start(db_latency_ms=delay * 1_000)

    def get(_: int) -> Response:
        answer = server.client.get("/books/1")
        server.client.close()
        return answer

    def overlap() -> bool:
        since = time.monotonic()
        with ThreadPoolExecutor(requests) as pool:
            answers = list(pool.map(get, range(requests)))
        assert {answer.status for answer in answers} == {200}
        return time.monotonic() - since < delay * requests / 4

    wait_until(overlap, "they take a quarter of what they take in turn")


@pytest.mark.slow
def test_it_ends_with_its_parent_if_told_to() -> None:
    check_that_it_ends_with_its_parent("rest")


@what_cannot_start("rest")
def test_what_cannot_start_says_why_in_one_line(
    start: Start, settings: dict[str, object], named: str
) -> None:
    server = start(wait=False, **settings)
    (line,) = server.errors().splitlines()
    assert server.process.returncode == 2
    assert line.startswith("rest: ")
    assert named in line


def test_a_port_that_is_taken_is_named(serving: Server, start: Start) -> None:
    first = serving
    second = start(wait=False, arguments=("--port", str(first.port)))
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert f"port {first.port}" in line
    assert first.client.get("/ping").status == 200


@pytest.mark.slow
def test_a_bookstore_that_is_open_in_another_size_is_refused(serving: Server, start: Start) -> None:
    first = serving
    second = start(wait=False, books=50, instance=first.instance)
    (line,) = second.errors().splitlines()
    assert second.process.returncode == 2
    assert "BOOKSTORE_BOOKS is 50 here but 30" in line
    assert first.client.get("/health").status == 200


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"A: " + b"a" * 65_000, 200),
        (b"A: " + b"a" * 66_000, 431),
        (b"A: " + b"a" * 2_000_000, 431),
        (b"\r\n".join(b"A%d: a" % number for number in range(98)), 200),
        (b"\r\n".join(b"A%d: a" % number for number in range(200)), 431),
        (b"\r\n".join([b"A: " + b"a" * 1_000] * 90), 431),
    ],
    ids=["65 kB", "66 kB", "2 MB", "98 lines", "200 lines", "90 lines of 1 kB"],
)
def test_a_head_has_its_limits(serving: Server, head: bytes, status: int) -> None:
    with socket.create_connection(("127.0.0.1", serving.port), timeout=LIMIT_S) as connection:
        with suppress(ConnectionError):  # it need not read all of it
            connection.sendall(b"GET /ping HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n\r\n")
        answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 %d " % status), answer
        with suppress(ConnectionError):
            assert status == 200 or connection.recv(65_536) == b""  # it is closed


def test_trailers_have_theirs(serving: Server) -> None:
    with socket.create_connection(("127.0.0.1", serving.port), timeout=LIMIT_S) as connection:
        head = b"POST /authors HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        body = b'{"name": "N", "email": "trailers@example.com"}'
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        connection.sendall(b"%x\r\n%b\r\n0\r\n" % (len(body), body))
        with suppress(ConnectionError):
            connection.sendall(b"A: a\r\n" * 100_000 + b"\r\n")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 431 ")
    assert "trailers@example.com" not in str(serving.client.get("/authors?sort=-id").json)


SENT_SHORT = {
    "Content-Length": b"Content-Length: 500\r\n\r\n%b",
    "last chunk missing": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n",
    "last chunk garbled": b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\nzz\r\n\r\n",
}


@pytest.mark.parametrize("name", SENT_SHORT)
def test_an_incomplete_body_writes_nothing(serving: Server, name: str) -> None:
    body = json.dumps(ORDER).encode()
    before = serving.client.get("/orders?sort=-id&limit=1").json
    sent = SENT_SHORT[name]
    rest = sent % ((len(body), body) if b"%x" in sent else body)
    with socket.create_connection(("127.0.0.1", serving.port), timeout=LIMIT_S) as connection:
        head = b"POST /orders HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        connection.sendall(head + rest)
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)
    assert answer.startswith(b"HTTP/1.1 400 "), answer
    assert b"MALFORMED_BODY" in answer
    assert serving.client.get("/orders?sort=-id&limit=1").json == before
