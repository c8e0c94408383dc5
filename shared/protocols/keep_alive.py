"""Closes a connection that nobody uses, by one timer for all of its requests."""

from typing import Any, NamedTuple

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from shared import limits


class Deadlines(NamedTuple):
    """How many seconds to wait for a client."""

    head_s: float = limits.HEAD_TIMEOUT_S
    body_s: float = limits.BODY_TIMEOUT_S
    idle_s: float = limits.IDLE_TIMEOUT_S


class KeepAlive(HttpToolsProtocol):
    """A connection; uvicorn sets a timer for each answer and unsets it, which took 2 µs."""

    idle_s = limits.IDLE_TIMEOUT_S
    _is_deaf: bool  # nothing more is read of this client

    def wait_for_requests(self) -> None:
        """Wait for the first request as for any other."""
        self.idle_since = self.loop.time()
        self._look_after(self.idle_s)

    def on_response_complete(self) -> None:
        """Go on with the next request, if it is there."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            self._is_deaf = True  # what comes now is no request (RFC 9112, 9.6)
            return
        self.flow.resume_reading()
        if self.pipeline:
            self.start_next(*self.pipeline.pop())
        else:
            self.idle_since = self.loop.time()

    def start_next(self, cycle: RequestResponseCycle, app: Any) -> None:
        """Answer a request that has waited for those before it."""
        self._start_asgi_task(cycle, app)

    def is_busy(self) -> bool:
        """Whether a request is under way, or coming."""
        return self.cycle is not None and not self.cycle.response_complete

    def timeout_keep_alive_handler(self) -> None:
        """Close it, if nobody has used it for so long, or look again."""
        now = self.loop.time()
        left = self.idle_s - (0 if self.is_busy() else now - self.idle_since)
        if left > 0:
            self._look_after(left)
        else:
            super().timeout_keep_alive_handler()

    def _look_after(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )
