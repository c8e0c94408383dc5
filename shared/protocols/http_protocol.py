"""HTTP/1.1 as uvicorn speaks it, with bounds for what a client may send, and how slowly.

uvicorn has no such bounds: it keeps a head of any length, waits for ever for the rest of it, takes
trailer fields for headers, and gives no answer to a client that has closed its sending side. A
faulty head is answered here, since no application has been called yet; a fault in a body is raised
where the application receives it.
"""

import asyncio
from typing import Any, Final, cast

import httptools

from shared import limits
from shared.errors import BodyTimedOut, BookstoreError, HeadTimedOut
from shared.protocols.application import Application
from shared.protocols.at_once import end_input
from shared.protocols.gathering import Gathering
from shared.protocols.keep_alive import Deadlines
from shared.protocols.other_protocols import OtherProtocols, answer_until_close, close_if_refused
from shared.protocols.pieces import PIECE_BYTES, Flow
from shared.protocols.unsent import Unsent
from shared.protocols.wire_errors import (
    FailedBody,
    ended_early,
    fault,
    head_too_large,
    no_method,
    path_and_host_of,
    too_much_framing,
    what_is_right,
)

# What may come of a body besides its bytes: sizes of chunks, their extensions, trailers.
_FRAMING_BYTES: Final = limits.MAX_HEAD_BYTES
_FRAMING_PER_BYTE: Final = 16  # where chunks have one byte each, with leading zeros
_UNREAD_BYTES: Final = 32 * limits.MAX_BODY_BYTES  # taken from who was answered before the end
_WITHOUT_BODY: Final = ("GET", "HEAD")
_PATHS: Final = (b"/", b"*")


class HttpProtocol(OtherProtocols):
    """One connection.

    What takes time is done only for messages that do not come whole in one piece.
    """

    def __init__(
        self,
        *given: Any,
        application: Application,
        deadlines: Deadlines | None = None,
        unsent: Unsent | None = None,
        **named: Any,
    ) -> None:
        super().__init__(*given, at_once=application.at_once, **named)
        self._refusal = application.refusal
        self._methods = application.methods
        self._deadlines = deadlines or Deadlines()
        self.idle_s = self._deadlines.idle_s
        self._unsent = unsent or Unsent()
        self._is_whole = False  # the last message whose head has come
        self._fed = 0  # bytes of the message that is coming, in pieces that did not complete it
        self._body = 0  # of which so many are its content
        self._timer: asyncio.TimerHandle | None = None  # until its head, or its body, is late

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin."""
        self._wire = transport
        gathering = Gathering(transport, self.loop, self._unsent, self._may_still_send)
        super().connection_made(cast("asyncio.Transport", gathering))
        self.flow = Flow(self.transport, self.go_on)
        self.wait_for_requests()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._is_deaf = True
        self._stop_waiting()
        self._unset_keepalive_if_required()
        self._unsent.forget(self._wire)
        self.drop()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether to keep the connection of a client that sends no more, but waits for answers."""
        self.end_stream()
        if super().eof_received():
            return True
        if self._is_coming():
            self.refuse(ended_early(in_body=self._is_in_body()))
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self.transport.close()
        else:
            cycle.keep_alive = False
        return True  # the loop's own way to close waits for ever until all is sent

    def pause_writing(self) -> None:
        """The client does not take its answer as fast as it is made."""
        super().pause_writing()
        self._unsent.watch(self._wire)

    def resume_writing(self) -> None:
        """It has taken it."""
        super().resume_writing()
        self._unsent.forget(self._wire)

    def on_response_complete(self) -> None:
        """Send the head of an answer that has no body, and go on."""
        cast("Gathering", self.transport).flush()
        super().on_response_complete()

    def is_busy(self) -> bool:
        """Whether a request is under way, or coming."""
        return self._is_coming() or super().is_busy()

    def is_unused(self) -> bool:
        """Whether no request is complete in its head, and all that was answered is sent."""
        ends = self._is_deaf or self._wire.is_closing() or self._wire.get_write_buffer_size()
        return not (ends or super().is_busy() or (self._is_coming() and self._is_in_body()))

    def make_room(self) -> None:
        """Close it for another, though a head may be half sent."""
        self._is_deaf = True
        self._wire.close()

    def handle_websocket_upgrade(self) -> None:
        """Leave the connection to the protocol of WebSockets, which gathers nothing."""
        try:
            self.prepare_socket()
        except BookstoreError as error:
            self.refuse(error)
            return
        self._stop_waiting()
        self._unset_keepalive_if_required()
        self._is_deaf = True
        self.transport = cast("Gathering", self.transport).flushed()
        super().handle_websocket_upgrade()

    # --- what comes

    def feed(self, piece: bytes) -> None:
        """Parse a piece."""
        try:
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                self.go_on_without(piece, upgrade.args[0])
        except httptools.HttpParserError as error:
            self.refuse(fault(error, piece, methods=self._methods, in_body=self._is_in_body()))
        else:
            if self._is_deaf or (self._is_whole and self.cycle.scope is self.scope):
                return  # as nearly always
            if self._is_coming():
                self._wait(len(piece))

    def feed_in_pieces(self) -> None:
        """Parse what has come, and wait for the rest again, if that may come now."""
        super().feed_in_pieces()
        if not self._unfed and self._is_coming():
            self._wait(0)

    def _is_coming(self) -> bool:
        """Whether a message has begun and is not complete."""
        if self._is_deaf:
            return False
        return not self._is_whole if self._is_in_body() else self.scope is not None

    def _is_in_body(self) -> bool:
        """Whether the last message that has begun has its head complete."""
        return self.cycle is not None and self.cycle.scope is self.scope

    def _may_still_send(self) -> bool:
        return (self._is_deaf or not self._is_whole) and not self._has_ended

    def on_headers_complete(self) -> None:
        """Begin with a request.

        Raises:
            HeadTooLarge, UriTooLong: its head is over a limit.
            MalformedRequest: it is for no path and no URL.
            MethodNotAllowed: it is a CONNECT, which is for proxies.
        """
        if self._fed or len(self.headers) > limits.MAX_HEAD_LINES:
            self._require_small_head()
        upgrades = self.parser.should_upgrade()
        if upgrades and self.parser.get_method() == b"CONNECT":
            raise no_method("CONNECT", self._methods)
        self.comes_anew = upgrades and not self._should_upgrade()
        if self.comes_anew:
            return
        if self.url[:1] not in _PATHS or b"#" in self.url:
            self.url, host = path_and_host_of(self.url)
            self.headers[:] = [
                (name, host if name == b"host" else value) for name, value in self.headers
            ]
        if self._fed:
            self._stop_waiting()
        super().on_headers_complete()
        if self.scope["http_version"] < "1.1":
            answer_until_close(self.cycle)
        self._is_whole, self._body = False, 0
        if self.pipeline:
            self.end_stream()
            self.flow.hold()
        if not upgrades:
            self.headers = []  # what comes now is no header (RFC 9110, 6.5.1)

    def on_body(self, body: bytes) -> None:
        """Keep it for the application to read."""
        self._body += len(body)
        if self.scope["method"] not in _WITHOUT_BODY:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The request has come whole, unless it comes anew."""
        if self.comes_anew:
            return
        self._is_whole = True
        if self._fed:
            self._stop_waiting()
        super().on_message_complete()
        if self._has_ended:
            end_input(self.cycle)

    # --- what is wrong with it

    def _wait(self, came: int) -> None:
        """Wait for the rest of a message, of which there is not too much yet."""
        self._fed += came
        in_body = self._is_in_body()
        if in_body and self._fed == came:
            close_if_refused(self.cycle)
        if not in_body:
            if self._fed > limits.MAX_HEAD_BYTES or len(self.headers) > limits.MAX_HEAD_LINES:
                self.refuse(head_too_large(self.url))
                return
        elif (
            len(self.headers) > limits.MAX_HEAD_LINES
            or self._fed - self._body > _FRAMING_BYTES + _FRAMING_PER_BYTE * self._body
        ):
            self.refuse(too_much_framing())
            return
        elif self.cycle.response_complete and self._fed > _UNREAD_BYTES:
            self._is_deaf = True
            self.transport.close()
            return
        if self._timer is None and not (self.flow.is_held or self._unfed):
            seconds = self._deadlines.body_s if in_body else self._deadlines.head_s
            self._timer = self.loop.call_later(seconds, self._refuse_late)

    def _stop_waiting(self) -> None:
        self._fed = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _require_small_head(self) -> None:
        if len(self.headers) > limits.MAX_HEAD_LINES:
            raise head_too_large(self.url)
        if self._fed > limits.MAX_HEAD_BYTES - PIECE_BYTES:
            lines = sum(len(name) + len(value) + 4 for name, value in self.headers)
            if len(self.url) + lines > limits.MAX_HEAD_BYTES:
                raise head_too_large(self.url)

    def _refuse_late(self) -> None:
        self._timer = None
        if self._is_in_body():
            seconds = self._deadlines.body_s
            self.refuse(BodyTimedOut(f"the body must come within {seconds:g} s"))
        else:
            seconds = self._deadlines.head_s
            self.refuse(HeadTimedOut(f"the head of the request must come within {seconds:g} s"))

    def refuse(self, error: BookstoreError) -> None:
        """Answer what is wrong with the message that is coming, and read no more of this client."""
        self._stop_waiting()
        if self._is_in_body():
            self._fail_body(error)
        else:  # as if it had a head, since its answer has its place behind others
            self.url, self.headers[:] = b"/", []
            self.app = cast("Any", self._refusal(error, what_is_right(error, self._methods)))
            super().on_headers_complete()
        self._is_deaf = True
        self.cycle.keep_alive = False
        if self.cycle.response_complete:
            self.transport.close()
        elif not self.pipeline:
            self.flow.let_go()  # to know when the client is gone

    def _fail_body(self, error: BookstoreError) -> None:
        received, self.cycle.message_event = self.cycle.message_event, FailedBody(error)  # type: ignore[assignment]
        if self.cycle.more_body:
            self.cycle.body.clear()  # nobody reads it
        received.set()
