"""What both servers' streams have in common: how many may be open, and when a client is gone."""

import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from shared.errors import BookstoreError, TooManyStreams

# A header that has nginx pass a stream on as it comes, in the place of filling its buffers.
UNBUFFERED: Final = ("X-Accel-Buffering", "no")


class Streams:
    """Counts open streams and waiting long polls up to a limit; may be used from any thread."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._free = threading.BoundedSemaphore(most)

    @contextmanager
    def one_more(self) -> Iterator[None]:
        """Count one more stream within the context.

        Raises:
            TooManyStreams: as many as may be are open already.
        """
        if not self._free.acquire(blocking=False):
            raise TooManyStreams(
                f"{self._most} streams are open, as many as may be; try again later, or ask again "
                "from time to time instead"
            )
        try:
            yield
        finally:
            self._free.release()


async def client_gone(receive: Callable[[], Awaitable[Any]]) -> None:
    """Return when the client of an ASGI request is gone, or will read no more of its answer."""
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except BookstoreError:  # it is done with this one, or a body that means nothing has failed
        return
