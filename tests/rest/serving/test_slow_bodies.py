"""Clients that announce a body and keep it to themselves: nobody else waits for them."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import NamedTuple

import pytest

from tests.rest.process import Server
from tests.selection import slow
from tests.server_process import starting
from tests.waiting import LIMIT_S, wait_until

TIMEOUT_S = 2.0
MANY = 100
TOKEN = "0123456789abcdef-token"
AUTHOR = {"name": "N", "email": "slow.bodies@example.com"}
BEGUN = "Content-Length: 100\r\n\r\n{"
CHUNKED = "Transfer-Encoding: chunked\r\n\r\n"


class Variant(NamedTuple):
    """What a client sends and what it may be answered; the rest it does not send."""

    line: str
    rest: str
    statuses: frozenset[int]
    host: str = "localhost"


WAITED_FOR = frozenset({408})
# Each waits for two seconds: these, and all with --all.
ALWAYS = ("length", "chunks", "leave to send", "read")
VARIANTS = {
    "length": Variant("POST /books", BEGUN, WAITED_FOR),
    "chunks": Variant("PATCH /books/1", CHUNKED, WAITED_FOR),
    "too long": Variant("POST /books", "Content-Length: 9000000\r\n\r\n{", WAITED_FOR),
    "leave to send": Variant(
        "POST /books", f"Expect: 100-continue\r\n{BEGUN[:-1]}", frozenset({401})
    ),
    "another host": Variant("POST /books", BEGUN, frozenset({421}), "evil.example"),
    "read of another host": Variant("GET /books", BEGUN, frozenset({421}), "evil.example"),
    "read": Variant("GET /books/1", BEGUN, frozenset({200})),
    "read in chunks": Variant("GET /books/1", CHUNKED, frozenset({200})),
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server that does not wait long, and wants a token for writes."""
    with starting(Server) as start:
        yield start(books=30, request_timeout_s=TIMEOUT_S, token=TOKEN)


def begin(server: Server, variant: Variant) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT_S)
    connection.sendall(
        f"{variant.line} HTTP/1.1\r\nHost: {variant.host}\r\n{variant.rest}".encode()
    )
    return connection


def answer(connection: socket.socket) -> tuple[int, bytes]:
    """The status and the body, when the server has closed the connection."""
    received = b""
    with suppress(ConnectionResetError):
        while piece := connection.recv(65_536):
            received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


def write(server: Server) -> int:
    answered = server.client.request(
        "POST", "/authors", json_body=AUTHOR, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    if answered.status == 201:
        server.client.request(
            "DELETE", answered.headers["location"], headers={"Authorization": f"Bearer {TOKEN}"}
        )
    return answered.status


@pytest.mark.parametrize(
    "name", [*ALWAYS, *slow(*(name for name in VARIANTS if name not in ALWAYS))]
)
def test_others_are_answered_meanwhile_and_the_wait_has_an_end(server: Server, name: str) -> None:
    variant = VARIANTS[name]
    with ExitStack() as open_connections:
        slow = [open_connections.enter_context(begin(server, variant)) for _ in range(MANY)]
        for path in ("/ping", "/books/1", "/orders"):
            assert server.client.get(path).status == 200
        statuses = {answer(connection)[0] for connection in slow}
    assert statuses <= variant.statuses
    assert (408 in statuses) == (408 in variant.statuses)
    wait_until(lambda: write(server) == 201, "writes work again")


@pytest.mark.slow
def test_a_body_that_trickles_has_the_same_end(server: Server) -> None:
    connection = begin(server, VARIANTS["length"])
    connection.settimeout(0.1)
    received = b""

    def is_answered() -> bool:
        nonlocal received
        with suppress(OSError):
            connection.sendall(b" ")
        with suppress(TimeoutError):
            received += connection.recv(65_536)
        return b"BODY_TIMEOUT" in received

    wait_until(is_answered, "the server gives up")
    assert received.startswith(b"HTTP/1.1 408 ")
    connection.close()


def test_who_is_given_up_is_told_why(server: Server) -> None:
    with begin(server, VARIANTS["length"]) as connection:
        status, body = answer(connection)
    problem = json.loads(body)
    assert (status, problem["status"], problem["code"]) == (408, 408, "BODY_TIMEOUT")
    assert f"{TIMEOUT_S:g} s" in problem["detail"]


def test_a_missing_host_is_no_other_host(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=LIMIT_S) as connection:
        connection.sendall(b"GET /ping HTTP/1.0\r\n\r\n")
        assert answer(connection)[0] == 200
