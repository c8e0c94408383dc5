"""One of the servers as a process of a test's own, of which nothing is left at the end."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pytest

from launcher.ports import free_port
from shared.config import CHECKOUT
from shared.storage.ram_folder import folder_for
from tests.exchange import Client
from tests.waiting import LIMIT_S, is_running, wait_until

# A program that starts another, says its process id, and is killed.
STARTER = (
    "import subprocess as s, sys; print(s.Popen(sys.argv[1:], stdout=s.DEVNULL).pid, "
    "flush=True); input()"
)


class ServerProcess:
    """A server in a process group of its own.

    Args:
        arguments: of its command line, besides the port.
        settings: by their names without the prefix.
    """

    api: ClassVar[str]
    before: ClassVar[tuple[str, ...]] = ()  # a command that runs the program that follows it

    def __init__(self, *, arguments: tuple[str, ...] = (), **settings: object) -> None:
        self.port = free_port()
        self.instance = f"{self.api}-{self.port}"
        self.client = Client(f"http://127.0.0.1:{self.port}")
        named = {f"BOOKSTORE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [*self.before, *program(self.api), "--port", str(self.port), *arguments],
            env={**os.environ, "BOOKSTORE_INSTANCE": self.instance, **named},
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
            start_new_session=True,
        )

    @property
    def folder(self) -> Path:
        """Where its database in RAM is."""
        return folder_for(CHECKOUT, self.instance, 0)

    def answers(self) -> bool:
        """Whether it does; it must not have ended."""
        assert self.process.poll() is None, self.errors()
        return answers(self.client)

    def is_writing(self) -> bool:
        """Whether a transaction holds the database's write lock."""
        with closing(sqlite3.connect(self.folder / "bookstore.db", timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False

    def errors(self) -> str:
        """Wait until it has ended; what it said."""
        return self.process.communicate(timeout=LIMIT_S)[1]

    def end(self) -> None:
        """Whatever is left of it, and of its data."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()
        self.client.close()
        shutil.rmtree(self.folder, ignore_errors=True)


Kind = TypeVar("Kind", bound=ServerProcess)


@contextmanager
def starting(kind: type[Kind]) -> Iterator[Callable[..., Kind]]:
    """Starts servers, which answer unless `wait=False`, and ends what is left of them."""
    servers: list[Kind] = []

    def start(*, wait: bool = True, **given: Any) -> Kind:
        server = kind(**given)
        servers.append(server)
        if wait:
            wait_until(server.answers, "the server answers")
        return server

    try:
        yield start
    finally:
        for server in servers:
            server.end()


def check_that_it_ends_with_its_parent(api: str) -> None:
    """Start one by another program, and kill that."""
    port = free_port()
    instance = f"{api}-{port}"
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTER, *program(api), "--port", str(port), "--exit-with-parent"],
        env={**os.environ, "BOOKSTORE_INSTANCE": instance},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    server = int(parent.stdout.readline())
    client = Client(f"http://127.0.0.1:{port}")
    try:
        wait_until(lambda: answers(client), "the server answers")
        parent.kill()
        parent.communicate()
        wait_until(lambda: not is_running(server), "the server has ended")
        folder = folder_for(CHECKOUT, instance, 0)
        wait_until(lambda: not folder.exists(), "the folder is gone")
    finally:
        client.close()
        parent.kill()
        with suppress(ProcessLookupError):
            os.kill(server, signal.SIGTERM)


def what_cannot_start(api: str) -> pytest.MarkDecorator:
    """What a server cannot start with, and what is named then."""
    given: dict[str, tuple[dict[str, object], str]] = {
        "size": ({"books": "many"}, "BOOKSTORE_BOOKS"),
        "port": ({"arguments": ("--port", "0")}, f"BOOKSTORE_{api.upper()}_PORT"),
        "no database": (
            {"database_url": "postgresql://nobody@127.0.0.1:1/none"},
            "BOOKSTORE_DATABASE_URL",
        ),
        "no folder": ({"database_url": "sqlite:////nowhere/at/all.db"}, "/nowhere/at"),
        "not our address": ({"arguments": ("--host", "192.0.2.1", "--insecure")}, "--host"),
        "open to all": ({"arguments": ("--host", "192.0.2.1")}, "BOOKSTORE_TOKEN"),
        "token": ({"token": "short"}, "BOOKSTORE_TOKEN"),
    }
    # A process takes a second: one reason by each of the servers, all of them with --all.
    always = "no database" if api == "rest" else "size"
    return pytest.mark.parametrize(
        ("settings", "named"),
        [
            pytest.param(*given[name], id=name, marks=[pytest.mark.slow] * (name != always))
            for name in given
        ],
    )


def program(api: str) -> list[str]:
    """The command that starts a server."""
    return [sys.executable, str(CHECKOUT / f"{api}_api" / "app.py")]


def answers(client: Client) -> bool:
    """Whether its server does."""
    try:
        return client.get("/ping").status == 200
    except OSError:
        return False
