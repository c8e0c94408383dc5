"""Small servers beside the bookstore's own, each in a process of its own, bound to loopback."""

import argparse
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

from launcher.ports import LOOPBACK, free_port, is_listening
from launcher.server import Server, ServerEnded
from shared.serving.startup import exit_with_parent

START_LIMIT_S = 60.0
STOP_LIMIT_S = 10.0
_POLL_S = 0.02


class NotStarted(Exception):
    """A server has ended, or does not listen in time."""


class Address(NamedTuple):
    """Where to listen."""

    host: str
    port: int


class _Listening(Server):
    """A server that is healthy once it listens: it need not speak HTTP."""

    def _answers(self) -> bool:
        return is_listening(*self._address)


@contextmanager
def serving(
    name: str,
    program: Sequence[str],
    environment: Mapping[str, str],
    processors: Sequence[int] | None = None,
) -> Iterator[int]:
    """A server's port, where it listens; it is stopped afterwards.

    Args:
        name: what it is called where it fails.
        program: the module and its options; its address is added.
        environment: what is added to this process's.
        processors: those that it is held on, None for any.

    Raises:
        NotStarted: it has ended, or does not listen in time.
    """
    address = LOOPBACK, free_port()
    command = [sys.executable, "-m", *program]
    server = _Listening(name, command, address, {**os.environ, **environment})
    server.processors = processors
    try:
        server.start()
        _wait(server, time.monotonic() + START_LIMIT_S)
        yield address[1]
    finally:
        server.ask_to_stop()
        server.wait_until_stopped(time.monotonic() + STOP_LIMIT_S)
        server.kill()


def _wait(server: Server, deadline: float) -> None:
    try:
        while not server.is_healthy():
            if time.monotonic() >= deadline:
                raise NotStarted(
                    f"the {server.name} server does not listen after {START_LIMIT_S:g} s"
                )
            time.sleep(_POLL_S)
    except ServerEnded as error:
        raise NotStarted(str(error)) from error


def parser_of(description: str) -> argparse.ArgumentParser:
    """The options that `serving` gives to a server's program."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on")
    parser.add_argument("--port", type=int, required=True, help="port to listen on")
    parser.add_argument(
        "--exit-with-parent", action="store_true", help="stop when whoever started it is gone"
    )
    return parser


def listen_at(options: argparse.Namespace) -> Address:
    """Where to listen, by options that were parsed; from now on this process ends with its parent,
    if it was told to.
    """
    if options.exit_with_parent:
        exit_with_parent()
    return Address(options.host, options.port)
