"""What clients have a process hold is about what it counts, and the system gets it back."""

import select
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from shared import limits
from tests.graphql.process import Server as GraphQL
from tests.graphql.serving.test_socket_limits import HANDSHAKE, half
from tests.rest.process import Server as Rest
from tests.server_process import ServerProcess, starting
from tests.waiting import wait_until
from tests.wire import HOST, Wire

CLIENTS = 400
SENT = 450_000  # bytes by each
REFUSED = CLIENTS - limits.MAX_RECEIVING_BYTES // SENT - 10  # at the least
BEGUN = HOST + b"Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n" + b" " * SENT
MOST = 1.5 * limits.MAX_RECEIVING_BYTES  # with the connections, and room between what is held
LEFT = 0.4 * limits.MAX_RECEIVING_BYTES
SHORT = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n" * 70  # 1,820 bytes
WAITING = 32_000_000  # of 400 connections, a request under way on each, and those behind it


class Attack(NamedTuple):
    server: type[ServerProcess]
    pieces: tuple[bytes, ...]  # after each but the last, an answer is waited for


ATTACKS = {
    "rest": Attack(Rest, (b"POST /books HTTP/1.1\r\n" + BEGUN,)),
    "graphql": Attack(GraphQL, (b"POST /graphql HTTP/1.1\r\n" + BEGUN,)),
    "websockets": Attack(GraphQL, (HANDSHAKE + b"\r\n", half(SENT))),
}


def resident(server: ServerProcess) -> int:
    """Bytes of it that are in memory."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmRSS:")[2].split()[0]) * 1_024


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_half_bodies_take_what_is_counted_and_leave_nothing(name: str) -> None:
    attack = ATTACKS[name]
    with starting(attack.server) as start:
        server = start(books=30)
        before = resident(server)
        with ExitStack() as stack:
            wires = [stack.enter_context(Wire(server.port)) for _ in range(CLIENTS)]
            for wire in wires:
                for piece in attack.pieces[:-1]:
                    wire.send(piece).socket.recv(65_536)
                wire.send(attack.pieces[-1])
            sockets = [wire.socket for wire in wires]
            wait_until(lambda: len(select.select(sockets, [], [], 0)[0]) >= REFUSED, "all has come")
            held = resident(server) - before
        assert limits.MAX_RECEIVING_BYTES / 2 < held < MOST
        wait_until(lambda: resident(server) - before < LEFT, "the system gets it back")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "target"), [(Rest, b"/books/1"), (GraphQL, b"/graphql?query={book(id:1){id}}")]
)
def test_requests_that_wait_for_those_before_them_take_little(
    kind: type[ServerProcess], target: bytes
) -> None:
    with starting(kind) as start:
        server = start(books=30, db_latency_ms=2_000)
        before = resident(server)
        with ExitStack() as stack:
            for _ in range(CLIENTS):
                wire = stack.enter_context(Wire(server.port))
                wire.send(b"GET %b HTTP/1.1\r\n%b\r\n%b" % (target, HOST, SHORT))
            last = stack.enter_context(Wire(server.port))  # they are accepted as they come
            last.send(b"GET /ping HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n")
            assert last.status() == 200
            assert resident(server) - before < WAITING
