"""uvicorn's WebSockets, with bounds for messages that are incomplete, or that no client reads."""

import asyncio
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from shared import limits
from shared.errors import TooManyBodies
from shared.protocols.gathering import LINGER_S
from shared.protocols.unsent import Unsent
from shared.web.receiving import Receiving

_NO_UTF8 = 1007  # RFC 6455, 7.4.1
_POLICY = 1008
_TRY_LATER = 1013  # IANA's registry of close codes


class SocketProtocol(WebSocketsSansIOProtocol):
    """One connection, whose messages have the limits of bodies."""

    def __init__(
        self,
        *given: Any,
        receiving: Receiving,
        unsent: Unsent,
        message_s: float = limits.BODY_TIMEOUT_S,
        **named: Any,
    ) -> None:
        """Args:
        receiving: counts the bytes of incomplete messages together with those of request bodies.
        message_s: seconds within which a message must be complete.
        """
        super().__init__(*given, **named)
        self._receiving = receiving
        self._unsent = unsent
        self._message_s = message_s
        self._held = 0  # bytes of a message that is half sent
        self._early = b""  # of a client that has not waited for the answer to its handshake
        self._is_deaf = False  # nothing more is read of this client
        self._timer: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        """Take it, and wait so long for the rest of a message."""
        if self._is_deaf:
            return
        if self.handshake_initiated and not self.handshake_complete:
            self._early += data
            self.transport.pause_reading()
            return
        super().data_received(data)
        half = len(self.conn.reader.buffer) + sum(map(len, self.frames))
        if (half or self._held) and not self._is_deaf:
            self._hold(half)

    def send_receive_event_to_app(self) -> None:
        """Give the application a message that is complete; text must be UTF-8."""
        if self.curr_msg_data_type == "text" and not self.close_sent:
            try:
                b"".join(self.frames).decode()
            except UnicodeDecodeError as error:
                self._give_up(_NO_UTF8, f"text must be UTF-8: {error.reason} at byte {error.start}")
                return
        super().send_receive_event_to_app()

    def handle_ping(self) -> None:
        """Answer it, unless the client has been given up by what came before."""
        if not self._is_deaf:
            super().handle_ping()

    def handle_parser_exception(self) -> None:
        """Give up a client that sent a malformed frame; the parser has queued a close frame."""
        self._end()

    async def send(self, message: Any) -> None:
        """Send it; a refusal ends the handshake, which uvicorn would log as a fault of ours."""
        if self._is_deaf:
            raise ClientDisconnected
        await super().send(message)
        if self._early and self.handshake_complete and not self.close_sent:
            early, self._early = self._early, b""
            self.transport.resume_reading()
            self.data_received(early)
        if self.initial_response is not None and self.close_sent:
            self.handshake_complete = True

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._drop()
        self._unsent.forget(self.transport)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """The client does not take what it is sent."""
        super().pause_writing()
        self._unsent.watch(self.transport)

    def resume_writing(self) -> None:
        """It has taken it."""
        super().resume_writing()
        self._unsent.forget(self.transport)

    def keepalive_timeout(self) -> None:
        """Give up a client that is gone, who will not take what is left for it either."""
        super().keepalive_timeout()
        if self.transport.get_write_buffer_size():
            self._unsent.watch(self.transport)

    def _hold(self, half: int) -> None:
        try:
            self._receiving.take(half - self._held)
        except TooManyBodies:
            self._give_up(_TRY_LATER, "too much is half sent to this server: try again later")
            return
        self._held = half
        if not half and self._timer is not None:
            self._timer.cancel()
            self._timer = None
        elif half and self._timer is None:
            self._timer = self.loop.call_later(self._message_s, self._too_late)

    def _drop(self) -> None:
        """Release what is half sent, which the protocol would keep until it is collected."""
        self._hold(0)
        self.conn.reader.buffer.clear()
        self.frames = []

    def _too_late(self) -> None:
        self._give_up(_POLICY, f"a message must come within {self._message_s:g} s")

    def _give_up(self, code: int, reason: str) -> None:
        self.conn.fail(code, reason)
        self._end()

    def _end(self) -> None:
        """Send what is left, and read no more of this client.

        To close while there is more to read would lose the reason (RFC 9112, 9.6).
        """
        self._is_deaf = True
        self.close_sent = True
        self._drop()
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": 1006})
        if self.transport.is_closing():
            return
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.write_eof()
        self.transport.resume_reading()
        # The one that uvicorn has for its own end, so that it does not close before.
        self.close_timer = self.loop.call_later(LINGER_S, self.transport.close)
