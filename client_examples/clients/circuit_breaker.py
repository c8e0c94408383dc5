"""A circuit breaker: after some failures in a row, nothing is sent for a while."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import Any

from pybreaker import STATE_CLOSED, STATE_OPEN, CircuitBreaker, CircuitBreakerListener

from client_examples.clients.api_errors import CircuitOpen

FAILURES = 5  # in a row
REST_S = 1.0

_logger = logging.getLogger(__name__)


class Breaker:
    """Refuses attempts at once while a server most likely cannot answer.

    Closed: all are sent; `failures` in a row open it. Open: none is sent for `rest_s` seconds,
    each is refused with `CircuitOpen`. Half-open, after that: one is sent on trial while others
    are refused; it closes the circuit if it succeeds, and opens it again if not.

    It is for one server, and may be shared by threads, and by all clients of that server.

    pybreaker keeps the state. It holds a lock while what it calls is running, which would have a
    client's requests wait for each other. So the network is left outside: it is asked before an
    attempt, and told afterwards. And it goes by the wall clock, which may be set back; the time
    of rest is measured here.

    Args:
        failures: how many in a row open the circuit.
        rest_s: seconds without an attempt, before one on trial.
    """

    def __init__(self, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        self._circuit = CircuitBreaker(
            fail_max=failures,
            reset_timeout=rest_s,
            throw_new_error_on_trip=False,
            listeners=[_Changes(self)],
        )
        self._lock = Lock()
        self._opened_at = 0.0
        self._changes = 0
        self._refused = 0

    @property
    def state(self) -> str:
        """`closed`, `open` or `half-open`."""
        return self._circuit.current_state

    @property
    def is_open(self) -> bool:
        """Whether attempts are refused, until one is due on trial."""
        return self.state == STATE_OPEN

    @property
    def refused(self) -> int:
        """How many attempts have not been let through."""
        return self._refused

    @contextmanager
    def attempt(self, url: str) -> Iterator["Attempt"]:
        """An attempt to send to `url`; it has failed unless it says that it has not.

        Raises:
            CircuitOpen: the circuit is open; nothing must be sent.
        """
        attempt = Attempt(self._admit(url))
        try:
            yield attempt
        finally:
            self._tell(attempt)

    def _admit(self, url: str) -> int:
        """Let an attempt through; the number of the state that it belongs to."""
        with self._lock:
            rest_s = self._opened_at + self._circuit.reset_timeout - time.monotonic()
            if self.state == STATE_OPEN and rest_s <= 0:
                self._circuit.half_open()
            elif self.state != STATE_CLOSED:
                self._refused += 1
                raise CircuitOpen(url, max(0.0, rest_s))
            return self._changes

    def _tell(self, attempt: "Attempt") -> None:
        with self._lock:
            # One that began in a state that is over says nothing about the server now.
            if attempt.number == self._changes:
                with suppress(_Failed):
                    self._circuit.call(attempt.outcome)

    def changed(self, state: str) -> None:
        """Note that the circuit is in another state."""
        self._changes += 1
        if state == STATE_OPEN:
            self._opened_at = time.monotonic()
        _logger.info("the circuit is %s", state)


class Attempt:
    """One attempt; `number` is that of the circuit's state in which it began."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.has_failed = True

    def outcome(self) -> None:
        """Raise if it has failed: pybreaker counts what is raised."""
        if self.has_failed:
            raise _Failed


class _Failed(Exception):
    pass


class _Changes(CircuitBreakerListener):
    def __init__(self, breaker: Breaker) -> None:
        self._breaker = breaker

    def state_change(self, _circuit: Any, _old: Any, new: Any) -> None:
        self._breaker.changed(new.name)
