"""The calls of one load: sends levels of exchanges, records them, and keeps what failed."""

from collections.abc import Callable, Sequence
from functools import partial
from time import perf_counter_ns
from typing import Any, TypeAlias

from requests import Response

from client_examples.clients.api_errors import (
    ApiError,
    Unreachable,
    expected_answer,
    expected_errors,
    graphql_answer,
    rest_answer,
)
from client_examples.comparison.arms.exchanges import Received, Recorder
from client_examples.comparison.arms.failures import FailedExchange, place_now, said_by
from client_examples.comparison.network.connections import SideBySide

Reading: TypeAlias = Callable[[Response], Any]


class Calls:
    """Sends levels of exchanges and records them.

    Attributes:
        server: its address.
        failure: the first exchange that has failed, None while none has.
        last: the answer that came last.
    """

    def __init__(self, server: str, threads: SideBySide, recorder: Recorder) -> None:
        self.server = server
        self.failure: FailedExchange | None = None
        self.last: Response | None = None
        self._threads = threads
        self._recorder = recorder
        self._undoing: list[Callable[[], object]] = []

    def afterwards(self, undo: Callable[[], object]) -> None:
        """Register `undo`, which reverts what this load writes, to be called after the timing.

        It should use the API given to the screen's preparation, whose requests are not counted.
        """
        self._undoing.append(undo)

    def undo(self) -> None:
        """Revert what the load wrote, in reverse order."""
        while self._undoing:
            self._undoing[-1]()  # stays if it is interrupted, to be called again
            self._undoing.pop()

    def _level(
        self, method: str, sends: Sequence[Callable[[], Response]], *, repeatable: bool = True
    ) -> list[Response]:
        """Send the exchanges of one level side by side; their answers, in the same order."""
        if not sends:
            return []
        level = self._recorder.next_level()
        try:
            return self._threads.run(
                [
                    partial(self._timed, level, index, repeatable, send)
                    for index, send in enumerate(sends)
                ]
            )
        except Unreachable as error:
            self._note(FailedExchange(error, method, error.url, None, "", place_now()))
            raise

    def _timed(
        self, level: int, index: int, repeatable: bool, send: Callable[[], Response]
    ) -> Response:
        start = perf_counter_ns()
        response = send()
        end = perf_counter_ns()
        self._recorder.add(Received(level, index, repeatable, start, end, response, self.server))
        return response

    def _answer(self, method: str, response: Response, read: Reading) -> Any:
        """What an answer holds, as the arm sees it."""
        self.last = response
        try:
            return self._recorder.hand_out(read(response))
        except ApiError as error:
            status, said = response.status_code, said_by(response)
            self._note(FailedExchange(error, method, response.url, status, said, place_now()))
            raise

    def _note(self, failure: FailedExchange) -> None:
        self.failure = self.failure or failure


def reading(expect: int | None) -> Reading:
    """How a REST answer is read, given the status that is expected of it."""
    return rest_answer if expect is None else partial(expected_answer, expect)


def graphql_reading(expect: int | None, *, expect_errors: bool) -> Reading:
    """How a GraphQL answer is read, given its expected status, and whether it must have errors."""
    if expect_errors:
        return partial(expected_errors, expect)
    return graphql_answer if expect is None else partial(expected_answer, expect)
