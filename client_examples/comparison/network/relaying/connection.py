"""A connection through the relay: an end to the client, one to the target, a stream each way."""

import asyncio

from client_examples.comparison.network.relaying.direction import Direction
from client_examples.comparison.network.relaying.stream import End, Ending, Stream


class Connection:
    """One connection between a client, which has just opened it, and its target."""

    def __init__(self, up: Direction, down: Direction) -> None:
        self._loop = asyncio.get_running_loop()
        self.opened = self._loop.time()
        self.closed: float | None = None
        self._sending = 2  # ends that have not closed their stream
        self.up, self.down = Stream(up, self._on_end), Stream(down, self._on_end)
        self.client = End(sends=self.up, gets=self.down)
        self._target = End(sends=self.down, gets=self.up)
        # After a round trip the client may send; half of one later, the target knows of it.
        rtt_s = up.delay_s + down.delay_s
        self._begin(self.client, rtt_s)
        self._begin(self._target, rtt_s + up.delay_s)

    async def reach(self, host: str, port: int) -> None:
        """Connect to the target; where that fails, reset the client's connection."""
        try:
            await self._loop.create_connection(lambda: self._target, host, port)
        except OSError:
            self.down.end(Ending.RESET)

    def _begin(self, end: End, after_s: float) -> None:
        """Read nothing there until the handshake is over."""
        if after_s:
            end.hold("handshake")
            self._loop.call_at(self.opened + after_s, end.go_on, "handshake")

    def _on_end(self, ending: Ending) -> None:
        self._sending -= 1
        if ending is Ending.CLOSED and self._sending:
            return
        if self.closed is None:
            self.closed = self._loop.time()
        for end in (self.client, self._target):
            if ending is Ending.RESET:
                end.end(ending)
            else:
                end.close()
