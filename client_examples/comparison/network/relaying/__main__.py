"""Relays TCP connections over a link: a line of JSON asks, a line of JSON answers.

It listens on the loopback alone, and ends when nobody can ask any more, since whoever started it
has ended too.
"""

import asyncio
import gc
import json
import os
import selectors
import sys
from typing import Any

from client_examples.comparison.network.relaying.connection import Connection
from client_examples.comparison.network.relaying.direction import Direction


class _Relaying:
    """The targets and the link, and what has passed since `reset`."""

    def __init__(self) -> None:
        self._up, self._down = Direction(), Direction()
        self._servers: list[asyncio.Server] = []
        self._connections: list[Connection] = []
        self._reaching: set[asyncio.Task[None]] = set()
        self._since = asyncio.get_running_loop().time()

    async def to(self, host: str, port: int) -> dict[str, Any]:
        """Listen for connections to that target."""
        loop = asyncio.get_running_loop()

        def accepted() -> asyncio.BaseProtocol:
            connection = Connection(self._up, self._down)
            self._connections.append(connection)
            task = loop.create_task(connection.reach(host, port))
            self._reaching.add(task)
            task.add_done_callback(self._reaching.discard)
            return connection.client

        server = await loop.create_server(accepted, "127.0.0.1", 0)
        self._servers.append(server)
        return {"port": server.sockets[0].getsockname()[1]}

    async def set(self, rtt_ms: float, down: float | None, up: float | None) -> dict[str, Any]:
        """Put this link between clients and targets, in Mbit/s; None for no limit."""
        for _ in range(2):  # for connections that were opened before this was asked
            await asyncio.sleep(0)
        self._up.set(rtt_ms / 2000, up)
        self._down.set(rtt_ms / 2000, down)
        return {}

    async def reset(self) -> dict[str, Any]:
        """Count from now on; connections that are closed are forgotten."""
        self._since = asyncio.get_running_loop().time()
        self._up.passed = self._down.passed = 0
        self._connections = [one for one in self._connections if one.closed is None]
        for one in self._connections:
            one.up.passed = one.down.passed = 0
        return {}

    async def counted(self) -> dict[str, Any]:
        """What has passed, and the connections that are or were there."""
        return {
            "up_bytes": self._up.passed,
            "down_bytes": self._down.passed,
            "connections": [
                {
                    "opened_ms": self._ms(one.opened),
                    "closed_ms": None if one.closed is None else self._ms(one.closed),
                    "up_bytes": one.up.passed,
                    "down_bytes": one.down.passed,
                }
                for one in self._connections
            ],
        }

    def _ms(self, at: float) -> float:
        return (at - self._since) * 1000


async def _serve() -> None:
    relaying = _Relaying()
    gc.freeze()  # collections are short then
    asked = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    while line := await asked.readline():
        name, *arguments = json.loads(line)
        told = await getattr(relaying, name)(*arguments)
        print(json.dumps(told), flush=True)
    os._exit(0)  # whatever is under way


def _loop() -> asyncio.AbstractEventLoop:
    """Waits by `select`, to the microsecond; `epoll` waits whole milliseconds."""
    return asyncio.SelectorEventLoop(selectors.SelectSelector())


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(_serve())
