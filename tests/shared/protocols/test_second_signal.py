"""A second Ctrl-C ends a server at once, whoever is still served, and without a word."""

import os
import signal
import socket
from collections.abc import Callable

import pytest

from tests.server_process import ServerProcess, starting
from tests.waiting import wait_until
from tests.wire import HOST, LENGTH, Wire


class Rest(ServerProcess):
    api = "rest"


class Graphql(ServerProcess):
    api = "graphql"


def half_a_body(wire: Wire) -> None:
    head = b"POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n" + HOST
    wire.send(head + LENGTH % 2 + b"{")


def no_answer_taken(wire: Wire) -> None:
    """Ask until the server takes no more, since the answers are not taken."""
    wire.socket.settimeout(1)
    wire.send((b"GET /?" + b"x" * 1_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n") * 50_000)


@pytest.mark.parametrize(
    ("kind", "ask"),
    [
        (Rest, no_answer_taken),
        (Graphql, half_a_body),
        pytest.param(Rest, half_a_body, marks=pytest.mark.slow),
        pytest.param(Graphql, no_answer_taken, marks=pytest.mark.slow),
    ],
)
def test_a_second_signal_ends_it_at_once(
    kind: type[ServerProcess], ask: Callable[[Wire], None]
) -> None:
    with starting(kind) as start, Wire((server := start(books=30)).port) as wire:
        ask(wire)
        os.killpg(server.process.pid, signal.SIGINT)

        def is_stopping() -> bool:
            with socket.socket() as another:
                return another.connect_ex(("127.0.0.1", server.port)) != 0

        wait_until(is_stopping, "it accepts no more")
        os.killpg(server.process.pid, signal.SIGINT)
        assert server.errors() == ""
        assert server.process.returncode == 0
