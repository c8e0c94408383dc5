"""A server of a known capacity: it serves one request after the other, each for as long."""

import asyncio
import threading
from collections.abc import Callable
from typing import Self

from tests.waiting import LIMIT_S

VIEW = b'{"title":"A view"}'
OTHER = b'{"title":"Another view"}'


class PacedServer(threading.Thread):
    """Answers every request, in the order in which they come.

    Args:
        service_s: what each takes; those that come meanwhile wait for their turn.
        answer: status and body by the number of the request, from 1.
        stall: the number of a request that takes so many seconds longer: `(number, seconds)`.
    """

    def __init__(
        self,
        service_s: float = 0.001,
        answer: Callable[[int], tuple[int, bytes]] = lambda number: (200, VIEW),
        stall: tuple[int, float] = (0, 0.0),
    ) -> None:
        super().__init__(daemon=True)
        self._service_s, self._answer, self._stall = service_s, answer, stall
        self._is_up = threading.Event()
        self._free_at = 0.0
        self.served = 0
        self.url = ""

    def run(self) -> None:
        asyncio.run(self._listen())

    async def _listen(self) -> None:
        self._loop, self._end = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._is_up.set()
        await self._end.wait()
        server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.served += 1
                number, now = self.served, self._loop.time()
                longer = self._stall[1] if number == self._stall[0] else 0.0
                # By the clock, so that its capacity is exact however coarsely a timer wakes it.
                self._free_at = max(now, self._free_at) + self._service_s + longer
                await asyncio.sleep(self._free_at - now)
                status, body = self._answer(number)
                writer.write(b"HTTP/1.1 %d Words\r\nContent-Length: %d\r\n\r\n%b"
                             % (status, len(body), body))  # fmt: skip
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def __enter__(self) -> Self:
        self.start()
        assert self._is_up.wait(LIMIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self.join(LIMIT_S)
