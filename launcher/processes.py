"""Both servers over one bookstore, as a thing that can be started, asked and stopped.

    with ServerPair() as pair:
        requests.get(f"{pair.rest_url}/books/1", timeout=5)

Tests and benchmarks start their servers by this; `python -m launcher` does too.
"""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

from launcher.edge.nginx import Nginx
from launcher.edge.process import Edge, edge_url, public_urls
from launcher.ports import LOOPBACK, base_url, free_port, free_ports
from launcher.server import Server, ServerEnded

__all__ = ["NotHealthy", "Server", "ServerEnded", "ServerPair", "free_port", "free_ports"]

ROOT = Path(__file__).resolve().parent.parent
REST_PROGRAM = (sys.executable, str(ROOT / "rest_api" / "app.py"))
GRAPHQL_PROGRAM = (sys.executable, str(ROOT / "graphql_api" / "app.py"))

# A million books are made in about three minutes on two cores; this leaves room for slow machines.
START_LIMIT_S = 900.0
STOP_LIMIT_S = 25.0  # the servers themselves take up to 20 s for the answers under way
POLL_S = 0.02


class NotHealthy(Exception):
    """A server runs, but did not answer `/health` in time."""


class ServerPair:
    """The REST and the GraphQL server over one bookstore that no other pair sees.

    Attributes:
        edge: nginx in front of both, if it was asked for.
    """

    def __init__(
        self,
        rest_port: int | None = None,
        graphql_port: int | None = None,
        *,
        environment: Mapping[str, str] | None = None,
        insecure: bool = False,
        log: Path | None = None,
        programs: tuple[Sequence[str], Sequence[str]] = (REST_PROGRAM, GRAPHQL_PROGRAM),
        nginx: Nginx | None = None,
        edge_port: int | None = None,
        processors: Sequence[int] | None = None,
        shared_cache: bool = False,
    ) -> None:
        """Nothing runs before `start()`.

        Args:
            rest_port: a free one where none is given; likewise `graphql_port`.
            graphql_port: another one than `rest_port`.
            environment: settings (`BOOKSTORE_...`) that are added to this process's environment.
            insecure: let them listen where others can reach them, without a token.
            log: the file that both servers write to; without it, this process's own output.
            programs: the commands to run, to which host and port are added.
            nginx: what is to be the edge in front of both; without it there is none.
            edge_port: where the edge listens; a free port where none is given.
            processors: those that all of them are held on; any, where none are given.
            shared_cache: whether the edge keeps what the servers let it keep.
        """
        free = free_ports(3)
        ports = (rest_port or free[0], graphql_port or free[1])
        settings = _settings(ports, environment or {})
        host = settings["BOOKSTORE_HOST"]
        self.edge: Edge | None = None
        if nginx:
            address = (host, edge_port or free[2])
            settings |= public_urls(edge_url(*address))
            self.edge = Edge(nginx, address, settings, log, shared_cache=shared_cache)
        self.rest_url = base_url(host, ports[0])
        self.graphql_url = base_url(host, ports[1])
        commands = [[*program, *(["--insecure"] if insecure else [])] for program in programs]
        self.rest = Server("REST", commands[0], (host, ports[0]), settings, log)
        self.graphql = Server("GraphQL", commands[1], (host, ports[1]), settings, log)
        for server in self.servers:
            server.processors = processors

    @property
    def servers(self) -> tuple[Server, ...]:
        """REST, then GraphQL, then the edge if there is one."""
        return (self.rest, self.graphql, *([self.edge] if self.edge else ()))

    @property
    def pids(self) -> tuple[int, int]:
        """The process ids: REST, then GraphQL. Each is the id of its process group too."""
        return self.rest.process.pid, self.graphql.process.pid

    def start(self) -> None:
        """Start all at the same time; whichever server comes first makes the data."""
        for server in self.servers:
            server.start()

    def check(self) -> None:
        """Do nothing while all run.

        Raises:
            ServerEnded: one of them has ended.
        """
        for server in self.servers:
            server.check()

    def wait_until_healthy(
        self,
        limit_s: float = START_LIMIT_S,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Wait until both answer `/health`, and the edge listens.

        Args:
            limit_s: seconds to wait for it.
            pause: called with a number of seconds in between.

        Raises:
            ServerEnded: one of them has ended.
            NotHealthy: `limit_s` seconds have passed.
        """
        deadline = time.monotonic() + limit_s
        waiting = list(self.servers)
        while waiting := [server for server in waiting if not server.is_healthy()]:
            self.check()
            if time.monotonic() >= deadline:
                names = " and ".join(server.name for server in waiting)
                raise NotHealthy(f"no answer of {names} within {limit_s:g} s")
            pause(POLL_S)

    def stop(self, limit_s: float = STOP_LIMIT_S) -> None:
        """Ask all to stop, and kill what has not stopped after `limit_s` seconds, or on Ctrl-C."""
        deadline = time.monotonic() + limit_s
        try:
            for server in self.servers:
                server.ask_to_stop()
            for server in self.servers:
                server.wait_until_stopped(deadline)
        finally:
            self.kill()

    def kill(self) -> None:
        """End all at once, by SIGKILL, with all that they started."""
        for server in self.servers:
            server.kill()

    def __enter__(self) -> Self:
        """Start all and wait until they are healthy."""
        try:
            self.start()
            self.wait_until_healthy()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Stop all."""
        self.stop()


def _settings(ports: tuple[int, int], given: Mapping[str, str]) -> dict[str, str]:
    settings = {**os.environ, **given}
    settings["BOOKSTORE_REST_PORT"], settings["BOOKSTORE_GRAPHQL_PORT"] = map(str, ports)
    settings["BOOKSTORE_HOST"] = settings.get("BOOKSTORE_HOST") or LOOPBACK
    # The ports are a pair's own while it lives, and a name that comes again has the next start
    # clear away what a pair that was killed has left in memory.
    if not settings.get("BOOKSTORE_INSTANCE"):
        settings["BOOKSTORE_INSTANCE"] = "ports-{}-{}".format(*ports)
    return settings
