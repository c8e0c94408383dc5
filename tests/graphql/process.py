"""A GraphQL server as a process of a test's own."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from launcher.ports import free_port
from shared.config import CHECKOUT
from shared.ram import folder_for
from tests.exchange import Client, Response
from tests.waiting import wait_until

PROGRAM = [sys.executable, str(CHECKOUT / "graphql_api" / "app.py")]
HISTORY = "{ customer(id: 2) { orders { items { book { title } } } } }"  # 4 levels
CREATE = 'mutation { createAuthor(input: {name: "A", email: "a@example.com"}) { id name } }'


class Server:
    """A GraphQL server of a test's own."""

    def __init__(self, *, arguments: tuple[str, ...] = (), **settings: object) -> None:
        self.port = free_port()
        self.instance = f"graphql-{self.port}"
        self.client = Client(f"http://127.0.0.1:{self.port}")
        named = {f"BOOKSTORE_{name.upper()}": str(value) for name, value in settings.items()}
        self.process = subprocess.Popen(
            [*PROGRAM, "--port", str(self.port), *arguments],
            env={**os.environ, "BOOKSTORE_INSTANCE": self.instance, **named},
            stderr=subprocess.PIPE,
            text=True,
            cwd="/",
        )

    @property
    def folder(self) -> Path:
        return folder_for(CHECKOUT, self.instance, 0)

    def answers(self) -> bool:
        assert self.process.poll() is None, self.errors()
        try:
            return self.client.get("/ping").status == 200
        except OSError:
            return False

    def ask(self, query: str, path: str = "/graphql") -> Response:
        """From a connection of its own, so that many may ask at once."""
        client = Client(self.client.base_url)
        try:
            return client.post(path, {"query": query})
        finally:
            client.close()

    def is_writing(self) -> bool:
        """Whether a transaction holds the database's write lock."""
        with closing(sqlite3.connect(self.folder / "bookstore.db", timeout=0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
            return False

    def errors(self) -> str:
        return self.process.communicate(timeout=30)[1]

    def end(self) -> None:
        self.client.close()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.communicate(timeout=30)


Start = Callable[..., Server]


@contextmanager
def starting() -> Iterator[Start]:
    """Starts servers, and ends what is left of them."""
    servers: list[Server] = []

    def started(*, wait: bool = True, **given: object) -> Server:
        server = Server(**given)  # type: ignore[arg-type]
        servers.append(server)
        if wait:
            wait_until(server.answers, "the server answers")
        return server

    try:
        yield started
    finally:
        for server in servers:
            server.end()
