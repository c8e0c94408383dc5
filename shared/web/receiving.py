"""Limits of request bodies while they arrive: of one, and of all together."""

from types import TracebackType
from typing import Self

from shared import limits
from shared.errors import TooManyBodies
from shared.web.bodies import too_large


class Receiving:
    """The bodies that one process is being sent, or has not answered yet.

    It belongs to one event loop: no two threads may use it at once.
    """

    def __init__(self, most_bytes: int = limits.MAX_RECEIVING_BYTES) -> None:
        self._most = most_bytes
        self.bytes = 0

    def body(self) -> "Body":
        """A new, empty body; its bytes are released at the end of its `with` statement."""
        return Body(self)

    def take(self, count: int) -> None:
        """Make room for so many bytes more.

        Raises:
            TooManyBodies: there is no room.
        """
        if self.bytes + count > self._most:
            raise TooManyBodies(
                f"the bodies that this server is being sent have {self._most:,} bytes already, as "
                "many as may be together; try again later"
            )
        self.bytes += count


class Body:
    """One request's body: the bytes that have come."""

    __slots__ = ("_all", "_bytes")

    def __init__(self, all_bodies: Receiving) -> None:
        self._all = all_bodies
        self._bytes = bytearray()  # a list of pieces of a byte each takes 50 times as much

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.drop()

    def drop(self) -> None:
        """Release the bytes that have come."""
        self._all.bytes -= len(self._bytes)
        self._bytes = bytearray()

    def add(self, piece: bytes) -> None:
        """Keep the next piece.

        Raises:
            TooLarge: the body has more bytes than one may have.
            TooManyBodies: all bodies have more than they may have together.
        """
        if len(self._bytes) + len(piece) > limits.MAX_BODY_BYTES:
            raise too_large()
        self._all.take(len(piece))
        self._bytes += piece

    def __bytes__(self) -> bytes:
        return bytes(self._bytes)
