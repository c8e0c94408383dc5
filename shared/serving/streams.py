"""How many streams may be open at once in one process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from shared.errors import TooManyStreams

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
