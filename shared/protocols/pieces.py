"""Parses a client's input in small pieces, so that no client holds the event loop for long."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.http.flow_control import FlowControl

from shared.errors import BookstoreError, TooManyBodies
from shared.protocols.keep_alive import KeepAlive
from shared.web.receiving import Receiving

PIECE_BYTES: Final = 2_048  # parsed at once
# How a head ends, and trailers. Behind one, no more is parsed while a request waits for those that
# came before it: as an object, one of 26 bytes takes a hundred times as much, which nobody counts.
_HEAD_END: Final = b"\r\n\r\n"
_HEADS_AT_ONCE: Final = 4  # parsed together, since each turn takes time
_LEAST_BYTES: Final = 32  # from one to the next: a body may consist of nothing else
_PIECES_AT_ONCE: Final = 16  # of chunks with a byte each they take about 7 ms


class Flow(FlowControl):
    """Stops reading while pipelined requests wait: uvicorn would keep any number of them.

    Args:
        go_on: called when uvicorn wants to read on meanwhile.
    """

    def __init__(self, transport: asyncio.Transport, go_on: Callable[[], None]) -> None:
        super().__init__(transport)
        self._go_on = go_on
        self.is_held = False

    def hold(self) -> None:
        """Stop reading, even if uvicorn wants to go on."""
        self.is_held = True
        self.pause_reading()

    def let_go(self) -> None:
        """Read on."""
        self.is_held = False
        super().resume_reading()

    def resume_reading(self) -> None:
        """Read on, if that may be; an answer is complete, or a body is read."""
        if self.read_paused:
            if self.is_held:
                self._go_on()
            else:
                super().resume_reading()


class InPieces(KeepAlive):
    """A connection, of which as much is parsed as can be answered.

    The class that is derived from it parses a piece, and holds the flow where requests wait.

    Args:
        receiving: counts what has come and waits to be parsed, or to be read by what answers,
            together with what that has read.
    """

    flow: Flow

    def __init__(self, *given: Any, receiving: Receiving | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._receiving = receiving or Receiving()
        self._held = 0  # bytes that are counted
        self._unfed = b""  # what has come and is not parsed to its end
        self._at = 0  # where in it to go on
        self._has_turn = False  # to parse more of it
        self._is_deaf = False
        self._has_ended = False  # it sends nothing more

    def data_received(self, data: bytes) -> None:
        """Parse it, or as much as may be now."""
        if self._is_deaf:
            return
        if self._unfed:
            self._unfed, self._at = self._unfed[self._at :] + data, 0
        elif len(data) <= PIECE_BYTES and data.count(_HEAD_END) <= _HEADS_AT_ONCE:
            self.feed(data)
            return
        else:
            self._unfed = data
        self.feed_in_pieces()

    def feed(self, piece: bytes) -> None:
        """Parse a piece."""
        raise NotImplementedError

    def refuse(self, error: BookstoreError) -> None:
        """Answer what is wrong with the message that is coming, and read no more of this client."""
        raise NotImplementedError

    def on_response_complete(self) -> None:
        """Go on with the next request, if it is there."""
        if self._held:
            self.hold(len(self._unfed))
        super().on_response_complete()

    def hold(self, count: int) -> None:
        """Count so many bytes that wait.

        Raises:
            TooManyBodies: there is no room for them.
        """
        if count != self._held:
            self._receiving.take(count - self._held)
            self._held = count

    def drop(self) -> None:
        """Release what waits, which the connection would keep until it is collected."""
        self._forget_unfed()
        self.pipeline.clear()
        if self.cycle is not None:
            self.cycle.body.clear()
        self.hold(0)

    def _forget_unfed(self) -> None:
        self._unfed, self._at = b"", 0

    def _hold_what_waits(self) -> None:
        half = self.cycle is not None and self.cycle.more_body
        try:
            self.hold(len(self._unfed) + (len(self.cycle.body) if half else 0))
        except TooManyBodies as error:
            self.refuse(error)

    def feed_in_pieces(self) -> None:
        """Parse what has come, unless requests wait for those before them: then, no further."""
        for _ in range(_PIECES_AT_ONCE):
            if not self._unfed or self.pipeline or self._is_deaf:
                break
            self.feed(self._next_piece())
        if not self._is_deaf:
            self._release_what_is_parsed()
            self._hold_what_waits()
        if self._is_deaf:
            self._forget_unfed()
            self.hold(0)
        elif self._unfed:
            self.flow.hold()
            if not self.pipeline:
                self.feed_soon()
        elif self._has_ended:
            if not self.eof_received():
                self.transport.close()
        elif self.flow.is_held and not self.pipeline:
            self.flow.let_go()

    def _release_what_is_parsed(self) -> None:
        # It is copied for it. Where requests are parsed a few at a time, half may have been.
        if not self.pipeline or 2 * self._at >= len(self._unfed):
            self._unfed, self._at = self._unfed[self._at :], 0

    def _next_piece(self) -> bytes:
        begin = end = self._at
        most = begin + PIECE_BYTES
        for _ in range(_HEADS_AT_ONCE):
            head = self._unfed.find(_HEAD_END, end + _LEAST_BYTES - len(_HEAD_END), most)
            if head < 0:
                end = most
                break
            end = head + len(_HEAD_END)
        piece, self._at = self._unfed[begin:end], end
        if end >= len(self._unfed):
            self._forget_unfed()
        return piece

    def go_on(self) -> None:
        """Parse more of it soon, unless requests wait still when the next one is begun."""
        if len(self.pipeline) < 2:
            self.feed_soon()

    def feed_soon(self) -> None:
        """Parse more of it, when others have had their turn."""
        if not self._has_turn:
            self._has_turn = True
            self.loop.call_soon(self._take_turn)

    def _take_turn(self) -> None:
        self._has_turn = False
        self.feed_in_pieces()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether to keep the connection of a client that sends no more; parses the rest first."""
        self._has_ended = True
        return bool(self._unfed) and not self._is_deaf
