"""Answers what can be answered without waiting: by no task, and in one piece."""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from shared import limits
from shared.protocols.application import Answer, ASGIApp, AtOnce, Receive, Scope, Send
from shared.protocols.pieces import InPieces
from shared.protocols.wire_errors import FailedBody, ended_early


class AnswersAtOnce(InPieces):
    """A connection whose requests are answered by a call, if they have come whole.

    A task, and an answer in ASGI's messages, took a tenth of a point read. Each call is a turn of
    the event loop, so that requests that are sent together keep nobody waiting.
    """

    def __init__(self, *given: Any, at_once: AtOnce | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at_once = at_once
        self._answered: RequestResponseCycle | None = None  # others may have come since

    def end_stream(self) -> None:
        """End what is answered, if it is a stream."""
        if self._answered is not None:
            end_input(self._answered)

    def start_next(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer a request that has waited, perhaps before others."""
        super().start_next(cycle, app)
        if self._has_ended or self._unfed or self.pipeline:
            end_input(cycle)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._answered = cycle
        if self._at_once is None or app is not self.config.loaded_app:  # a refusal
            super()._start_asgi_task(cycle, app)
        else:
            self.loop.call_soon(self._answer, self._at_once, cycle)

    def _answer(self, at_once: AtOnce, cycle: RequestResponseCycle) -> None:
        has_long_body = len(cycle.body) > limits.MAX_BODY_ON_LOOP  # it is counted there
        if cycle.more_body or has_long_body or cycle.disconnected or self.flow.write_paused:
            super()._start_asgi_task(cycle, self.config.loaded_app)
            return
        try:
            answer = at_once(cycle.scope, bytes(cycle.body))
            piece = self._piece(cycle, answer) if isinstance(answer, Answer) else b""
        except Exception as error:
            answer, piece = _failing(error), b""
        if not piece:
            super()._start_asgi_task(cycle, cast("Any", answer))
            return
        cycle.response_started = cycle.response_complete = True
        self.transport.write(piece)
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _piece(self, cycle: RequestResponseCycle, answer: Answer) -> bytes:
        head = "".join([f"{name.lower()}: {value}\r\n" for name, value in answer.headers])
        if head.count("\n") != len(answer.headers):
            raise ValueError(f"no header may have several lines: {answer.headers}")
        always = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        end = "\r\n" if cycle.keep_alive else "connection: close\r\n\r\n"
        begin = STATUS_LINE[answer.status]
        return b"".join((begin, *always, (head + end).encode("latin-1"), answer.body))


def end_input(cycle: RequestResponseCycle) -> None:
    """Tell an application that waits for more than the body of its request that it is done.

    Streams and long polls wait so, for their clients to go. Who sends no more would be sent events
    for ever, and what another request asks for is sent after them (RFC 9112, 9.3.2 and 9.5).
    """
    received = cycle.message_event
    if not cycle.more_body and not isinstance(received, FailedBody):
        failed = FailedBody(ended_early(in_body=True), unread=received.is_set())
        cycle.message_event = cast("asyncio.Event", failed)
        received.set()


def _failing(error: Exception) -> ASGIApp:
    """What ends as the call has, for uvicorn to log and to answer."""

    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    return fail
