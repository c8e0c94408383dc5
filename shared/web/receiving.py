"""Limits of request bodies while they arrive: of one, and of all together."""

from types import TracebackType
from typing import Final, Self

from shared import limits
from shared.errors import TooManyBodies
from shared.web.bodies import too_large

# Smaller pieces are put together: of a byte each they would take 50 times as much. Others are kept
# as they came: to grow, a body is moved to ever larger places, and what bodies of all sizes leave
# behind is as much again.
_PIECE_BYTES: Final = 4_096


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

    __slots__ = ("_all", "_count", "_parts")

    def __init__(self, all_bodies: Receiving) -> None:
        self._all = all_bodies
        self._count = 0
        self._parts: list[bytes | bytearray] = []

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
        self._all.bytes -= self._count
        self._count = 0
        self._parts.clear()

    def add(self, piece: bytes) -> None:
        """Keep the next piece.

        Raises:
            TooLarge: the body has more bytes than one may have.
            TooManyBodies: all bodies have more than they may have together.
        """
        if self._count + len(piece) > limits.MAX_BODY_BYTES:
            raise too_large()
        self._all.take(len(piece))
        self._count += len(piece)
        if len(piece) >= _PIECE_BYTES:
            self._parts.append(piece)
        elif self._parts and len(self._parts[-1]) < _PIECE_BYTES:
            self._parts[-1] += piece
        else:
            self._parts.append(bytearray(piece))

    def __bytes__(self) -> bytes:
        return b"".join(self._parts)
