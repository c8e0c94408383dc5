"""Limits of answers that clients do not read: how long, and how many bytes of all together."""

import asyncio
from typing import Final

from shared import limits

_LOOKS: Final = 2  # within the time that a client may take nothing


class Unsent:
    """The connections whose clients take their answers slowly, or not at all.

    Args:
        most_bytes: what may be unsent on all of them together; beyond it, the connections that have
            waited longest are closed.
        patience_s: seconds after which a client that has taken nothing is given up.
    """

    def __init__(
        self,
        most_bytes: int = limits.MAX_UNSENT_BYTES,
        patience_s: float = limits.ANSWER_TIMEOUT_S,
    ) -> None:
        self._most = most_bytes
        self._every_s = patience_s / _LOOKS
        # Bytes left and looks since they became fewer, of each; those that wait longest first.
        self._left: dict[asyncio.Transport, tuple[int, int]] = {}
        self._looking: asyncio.TimerHandle | None = None

    def watch(self, transport: asyncio.Transport) -> None:
        """Count a connection whose client does not keep up."""
        self._left.setdefault(transport, (transport.get_write_buffer_size(), 0))
        if self._looking is None:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(self._every_s, self._look)
        sizes = {each: each.get_write_buffer_size() for each in self._left}
        total = sum(sizes.values())
        for each, size in sizes.items():
            if total <= self._most:
                break
            total -= size
            self._give_up(each)

    def forget(self, transport: asyncio.Transport) -> None:
        """Stop counting a connection: its client keeps up again, or is gone."""
        self._left.pop(transport, None)

    def _look(self) -> None:
        self._looking = None
        for transport, (before, looks) in list(self._left.items()):
            left = transport.get_write_buffer_size()
            if not left:
                self.forget(transport)
            elif left < before:
                self._left[transport] = (left, 0)
            elif looks + 1 >= _LOOKS:
                self._give_up(transport)
            else:
                self._left[transport] = (left, looks + 1)
        if self._left:
            loop = asyncio.get_running_loop()
            self._looking = loop.call_later(self._every_s, self._look)

    def _give_up(self, transport: asyncio.Transport) -> None:
        self.forget(transport)
        transport.abort()
