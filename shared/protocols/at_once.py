"""Answers what can be answered without waiting: by no task, and in one piece."""

from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from shared.protocols.application import Answer, ASGIApp, AtOnce, Receive, Scope, Send
from shared.protocols.pieces import InPieces

_CLOSE: Final = "connection: close\r\n"


class AnswersAtOnce(InPieces):
    """A connection whose requests that have come whole are answered by a call.

    A task, and an answer in ASGI's messages, took a quarter of a point read. Each call is one turn
    of the event loop, so that requests that are sent together keep nobody waiting.
    """

    def __init__(self, *given: Any, at_once: AtOnce | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self._at_once = at_once

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        if self._at_once is None or app is not self.config.loaded_app:  # a refusal
            super()._start_asgi_task(cycle, app)
        else:
            self.loop.call_soon(self._answer, self._at_once, cycle)

    def _answer(self, at_once: AtOnce, cycle: RequestResponseCycle) -> None:
        if cycle.more_body or cycle.disconnected or self.flow.write_paused:
            super()._start_asgi_task(cycle, self.config.loaded_app)
            return
        try:
            answer = at_once(cycle.scope, bytes(cycle.body))
        except Exception as error:
            super()._start_asgi_task(cycle, _failing(error))
            return
        if isinstance(answer, Answer):
            self._send(cycle, answer)
        else:
            super()._start_asgi_task(cycle, answer)

    def _send(self, cycle: RequestResponseCycle, answer: Answer) -> None:
        lines = [f"{name}: {value}\r\n" for name, value in answer.headers]
        head = "".join(lines)
        if head.count("\n") != len(lines):
            raise ValueError(f"a header of an answer has several lines: {lines}")
        always = [b"%b: %b\r\n" % header for header in self.server_state.default_headers]
        end = "\r\n" if cycle.keep_alive else f"{_CLOSE}\r\n"
        piece = (STATUS_LINE[answer.status], *always, (head + end).encode("latin-1"), answer.body)
        cycle.response_started = cycle.response_complete = True
        self.transport.write(b"".join(piece))
        if not cycle.keep_alive:
            self.transport.close()
        self.on_response_complete()


def _failing(error: Exception) -> ASGIApp:
    """What ends as the call has, for uvicorn to log and to answer."""

    async def fail(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise error

    return fail
