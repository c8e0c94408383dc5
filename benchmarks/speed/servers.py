"""The servers that are measured: ours and the peers, over one bookstore, on one core."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from benchmarks import npm
from benchmarks.peers import data, node
from benchmarks.wrk import SERVER_CORE, pinned
from launcher.processes import GRAPHQL_PROGRAM, REST_PROGRAM, ServerPair, free_ports
from shared.config import read_settings
from shared.serving.bookstore import open_bookstore

ROOT = Path(__file__).resolve().parents[2]
OURS = ("rest", "graphql")
PYTHON_PEERS = (
    "bare_wsgi",
    "bare_asgi",
    "flask_orm",
    "fastapi_orm",
    "fastapi_rows",
    "strawberry_plain",
    "strawberry_cached",
    "ariadne_loaders",
    "ariadne_cached",
)
NODE_PEERS = ("constant", "apollo", "yoga", "mercurius")
PEERS = PYTHON_PEERS + NODE_PEERS
START_LIMIT_S = 30.0
POLL_S = 0.02


class NotStarted(Exception):
    """A peer has ended, or does not listen in time."""


@contextmanager
def running(names: Collection[str], *, alone: bool) -> Iterator[dict[str, str]]:
    """Our servers, and those of the peers that are named: their addresses by name.

    Args:
        alone: ours have one core for both; else all that there are.

    Raises:
        NotStarted: one of them does not.
        RuntimeError: what the Node peers need could not be installed.
    """
    pin = pinned(SERVER_CORE) if alone else []
    instance = {"BOOKSTORE_INSTANCE": f"benchmark-{os.getpid()}"}
    programs = ([*pin, *REST_PROGRAM], [*pin, *GRAPHQL_PROGRAM])
    with ExitStack() as stack:
        pair = stack.enter_context(ServerPair(environment=instance, programs=programs))
        urls = {"rest": pair.rest_url, "graphql": pair.graphql_url}
        bookstore = open_bookstore(read_settings(instance=instance["BOOKSTORE_INSTANCE"]))
        stack.callback(bookstore.close)
        database = Path(bookstore.database.engine.url.database or "")
        peers = [name for name in PEERS if name in names]
        urls.update(stack.enter_context(peers_running(peers, database)))
        yield urls


@contextmanager
def peers_running(names: Collection[str], database: Path) -> Iterator[dict[str, str]]:
    """Peers over the SQLite file `database`: their addresses by name.

    Raises:
        NotStarted: one of them does not.
        RuntimeError: what the Node peers need could not be installed.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        arrays = folder / "bookstore.json"
        if any(name in NODE_PEERS for name in names):
            npm.install(node.FOLDER)
            data.write(database, arrays)
        urls = {}
        for name, port in zip(names, free_ports(len(names)), strict=True):
            program = _program(name, port, database, arrays)
            stack.callback(_kill, process := _started(program))
            urls[name] = f"http://127.0.0.1:{port}"
            _wait(name, process, port)
        yield urls


def without_node() -> bool:
    """Whether this machine lacks what the Node peers run on."""
    return shutil.which("node") is None or shutil.which("npm") is None


def _program(name: str, port: int, database: Path, arrays: Path) -> list[str]:
    if name in NODE_PEERS:
        script = node.FOLDER / f"{name}.mjs"
        return ["node", str(script), str(port), str(arrays)]
    return [sys.executable, "-m", f"benchmarks.peers.{name}", str(port), str(database)]


def _started(program: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that it can be ended with all that it has started; and a pipe that
    # it holds, whose end tells a Node peer that this process is gone.
    return subprocess.Popen(  # noqa: S603 - our own programs
        [*pinned(SERVER_CORE), *program],
        cwd=ROOT,
        env={**os.environ, "NODE_ENV": "production"},
        stdin=subprocess.PIPE,
        start_new_session=True,
    )


def _wait(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"the peer {name} has ended with status {process.returncode}")
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(POLL_S)
    raise NotStarted(f"the peer {name} does not listen within {START_LIMIT_S:g} s")


def _kill(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
