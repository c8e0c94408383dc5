"""A connection to a client: answers sent in one piece, and an end that loses nothing."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from graphql_api.serving.unsent import Unsent

LINGER_S: Final = 2.0  # for a client to read the answer before it has sent all that it wants to


class Gathering:
    """A transport that sends what is written within one turn of the event loop together.

    uvicorn writes the head and the body of an answer one after the other. To send 300 bytes in two
    pieces takes the system, and the client that it wakes, nearly twice as long as in one: a fifth
    of a small query's time.
    """

    def __init__(
        self,
        transport: asyncio.Transport,
        loop: asyncio.AbstractEventLoop,
        unsent: Unsent,
        lingers: Callable[[], bool],
    ) -> None:
        """Args:
        lingers: whether the client may still be sending when the connection is to be closed.
        """
        self._transport = transport
        self._loop = loop
        self._unsent = unsent
        self._lingers = lingers
        self._pieces: list[bytes] = []
        self.is_closing = transport.is_closing  # asked for each answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, piece: bytes) -> None:
        """Send it, with what comes before and after in this turn."""
        if not self._pieces:
            self._loop.call_soon(self.flush)
        self._pieces.append(piece)

    def close(self) -> None:
        """Send what is left, and close.

        A system that is told to close while there is more to read tells the client so at once,
        which then loses the answer: so only the sending ends first (RFC 9112, 9.6).
        """
        self.flush()
        if self.is_closing():
            return
        if self._lingers():
            self.is_closing = lambda: True
            self._transport.write_eof()
            self._transport.resume_reading()
            self._loop.call_later(LINGER_S, self._close)
        else:
            self._close()

    def _close(self) -> None:
        self._transport.close()
        if self._transport.get_write_buffer_size():
            self._unsent.watch(self._transport)

    def flush(self) -> None:
        """Send what is there now."""
        if self._pieces:
            pieces, self._pieces = self._pieces, []
            if not self._transport.is_closing():  # the client may have gone since
                self._transport.write(b"".join(pieces))

    def flushed(self) -> asyncio.Transport:
        """The transport itself, with nothing left to send."""
        self.flush()
        return self._transport
