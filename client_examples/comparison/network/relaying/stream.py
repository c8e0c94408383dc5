"""One direction of a connection: bytes on their way from one end to the other."""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from enum import Enum
from typing import cast

from client_examples.comparison.network.relaying.direction import MOST_AT_ONCE, Direction

# A timer wakes late, the later the longer it slept: look again and again for the last bit.
_EARLY_S = 0.0003
_UNREAD = 64 * 1024  # bytes that may wait for a slow reader, beside those on the link
_WINDOW = 64 * 1024 * 1024  # bytes of a stream on the link, where no rate limits them
_NO_LINGER = struct.pack("ii", 1, 0)  # closing resets the connection; socket(7), SO_LINGER

_buffer = memoryview(bytearray(MOST_AT_ONCE))  # one for all: emptied before anyone reads again


class Ending(Enum):
    """How a stream ends."""

    CLOSED = "nothing more is sent"
    RESET = "the connection was reset"


class Stream:
    """The bytes that one end sends to the other, in their order; none arrives before its time.

    Args:
        direction: what it shares with other connections.
        on_end: called when its end has arrived.
    """

    source: "End"
    destination: "End"

    def __init__(self, direction: Direction, on_end: Callable[[Ending], None]) -> None:
        self.passed = 0
        self._direction = direction
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._under_way: deque[tuple[float, bytes | Ending]] = deque()
        self._size = 0  # bytes under way
        self._timer: asyncio.TimerHandle | None = None

    @property
    def portion(self) -> int:
        """How many bytes to take at once."""
        return self._direction.portion

    def take(self, data: bytes) -> None:
        """Take bytes that the source has sent."""
        now = self._loop.time()
        self.passed += len(data)
        self._size += len(data)
        arrives = self._direction.arrival(now, len(data))
        if self._direction.is_full(now):
            self.source.hold("queue")
            self._direction.when_free(lambda: self.source.go_on("queue"))
        if self._size > _WINDOW:
            self.source.hold("window")
        self._put(arrives, data)

    def end(self, ending: Ending) -> None:
        """Take the end of what the source sends."""
        self._put(self._direction.arrival(self._loop.time(), 0), ending)

    def deliver(self) -> None:
        """Hand over what has arrived, as long as the destination takes it."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._under_way and self.destination.takes:
            arrives, what = self._under_way[0]
            if arrives > self._loop.time():
                self._timer = self._loop.call_at(arrives - _EARLY_S, self.deliver)
                return
            self._under_way.popleft()
            self._hand_over(what)

    def _put(self, arrives: float, what: bytes | Ending) -> None:
        self._under_way.append((arrives, what))
        if self._timer is None:
            self.deliver()

    def _hand_over(self, what: bytes | Ending) -> None:
        if isinstance(what, Ending):
            self.destination.end(what)
            self._on_end(what)
            return
        self._size -= len(what)
        if self._size <= _WINDOW:
            self.source.go_on("window")
        self.destination.write(what)


class End(asyncio.BufferedProtocol):
    """The relay's socket to a client or to a target.

    Args:
        sends: the stream of what is read here.
        gets: the stream whose bytes are written here.
    """

    def __init__(self, sends: Stream, gets: Stream) -> None:
        self.takes = False
        self._sends, self._gets = sends, gets
        sends.source = gets.destination = self
        self._transport: asyncio.Transport | None = None
        self._held: set[str] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=_UNREAD)
        if self._held:
            self._transport.pause_reading()
        self._take_again()

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where to put what is read."""
        return _buffer[: self._sends.portion]

    def buffer_updated(self, nbytes: int) -> None:
        """Send on what was read."""
        self._sends.take(bytes(_buffer[:nbytes]))

    def eof_received(self) -> bool:
        """Send on that nothing more comes; the connection stays open for what comes back."""
        self._sends.end(Ending.CLOSED)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        """Send on that the connection was reset, if it was not closed from here."""
        self._transport = None
        if error is not None:
            self._sends.end(Ending.RESET)
        self._take_again()  # and throw away

    def pause_writing(self) -> None:
        """Take nothing more from the other end: this one reads slowly."""
        self.takes = False
        self._gets.source.hold("reader")

    def resume_writing(self) -> None:
        """Take more again."""
        self._take_again()

    def hold(self, reason: str) -> None:
        """Read nothing more, until there is no reason for it."""
        self._held.add(reason)
        if self._transport is not None:
            self._transport.pause_reading()

    def go_on(self, reason: str) -> None:
        """Read again, unless there is another reason not to."""
        self._held.discard(reason)
        if self._transport is not None and not self._held:
            self._transport.resume_reading()

    def write(self, data: bytes) -> None:
        """Send, if the connection is still there."""
        if self._transport is not None:
            self._transport.write(data)

    def end(self, ending: Ending) -> None:
        """Send the end of a stream."""
        if self._transport is None:
            return
        if ending is Ending.CLOSED:
            with suppress(OSError):  # who has reset the connection, of which the loop learns next
                self._transport.write_eof()
        else:
            self._transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER
            )
            self._transport.abort()

    def close(self) -> None:
        """Close the connection once all is sent."""
        if self._transport is not None:
            self._transport.close()

    def _take_again(self) -> None:
        self.takes = True
        self._gets.source.go_on("reader")
        self._gets.deliver()
