"""The two APIs as an arm sees them: simple calls, each of which is recorded.

A call returns the decoded answer. A status that is not 2xx, or an answer with GraphQL errors,
raises; the load has failed then. An arm that writes says by `afterwards` how to undo it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter_ns
from typing import Any

from requests import Response

from client_examples.clients.api_errors import graphql_answer, rest_answer
from client_examples.comparison.arms.exchanges import Received, Recorder
from client_examples.comparison.network.connections import SideBySide
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient


@dataclass(frozen=True)
class Get:
    """A GET with query parameters, to be sent side by side with others."""

    path: str
    params: dict[str, object] = field(default_factory=dict)


class _Api:
    """Sends levels of exchanges and records them."""

    def __init__(self, threads: SideBySide, recorder: Recorder) -> None:
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
        self, sends: Sequence[Callable[[], Response]], *, repeatable: bool = True
    ) -> list[Response]:
        """Send the exchanges of one level side by side; their answers, in the same order."""
        if not sends:
            return []
        level = self._recorder.next_level()
        return self._threads.run(
            [
                partial(self._timed, level, index, repeatable, send)
                for index, send in enumerate(sends)
            ]
        )

    def _timed(
        self, level: int, index: int, repeatable: bool, send: Callable[[], Response]
    ) -> Response:
        start = perf_counter_ns()
        response = send()
        end = perf_counter_ns()
        self._recorder.add(Received(level, index, repeatable, start, end, response))
        return response


class RestApi(_Api):
    """The REST server, for one load by one arm."""

    def __init__(self, client: RestClient, threads: SideBySide, recorder: Recorder) -> None:
        super().__init__(threads, recorder)
        self._client = client

    def get(self, path: str, /, **params: object) -> Any:
        """The answer of one GET; a list as parameter becomes `1,2,3`."""
        return self.get_all([Get(path, params)])[0]

    def get_all(self, requests: Sequence[str | Get]) -> list[Any]:
        """The answers of several GETs, sent side by side, at most six at once."""
        gets = [Get(request) if isinstance(request, str) else request for request in requests]
        responses = self._level([partial(self._send, get) for get in gets])
        return [self._recorder.hand_out(rest_answer(response)) for response in responses]

    def post(self, path: str, body: object, /, **params: object) -> Any:
        """The answer of a POST."""
        return self._write("POST", path, body, params)

    def put(self, path: str, body: object, /, **params: object) -> Any:
        """The answer of a PUT."""
        return self._write("PUT", path, body, params)

    def patch(self, path: str, body: object, /, **params: object) -> Any:
        """The answer of a PATCH."""
        return self._write("PATCH", path, body, params)

    def delete(self, path: str, /, **params: object) -> Any:
        """The answer of a DELETE, None where it has no body."""
        return self._write("DELETE", path, None, params)

    def _send(self, get: Get) -> Response:
        return self._client.exchange("GET", get.path, params=get.params, repeatable=True)

    def _write(self, method: str, path: str, body: object, params: dict[str, object]) -> Any:
        """The answer to a request that is never repeated."""
        send = partial(
            self._client.exchange, method, path, params=params, body=body, repeatable=False
        )
        (response,) = self._level([send], repeatable=False)
        return self._recorder.hand_out(rest_answer(response))


class GraphqlApi(_Api):
    """A GraphQL endpoint, for one load by one arm."""

    def __init__(
        self, client: GraphqlClient, path: str, threads: SideBySide, recorder: Recorder
    ) -> None:
        super().__init__(threads, recorder)
        self._client = client
        self._path = path

    def query(self, document: str, /, **variables: object) -> Any:
        """The data that a query gives."""
        return self._operate(document, variables, repeatable=True)

    def mutate(self, document: str, /, **variables: object) -> Any:
        """The data that a mutation gives."""
        return self._operate(document, variables, repeatable=False)

    def _operate(self, document: str, variables: dict[str, object], *, repeatable: bool) -> Any:
        send = partial(self._client.post, self._path, document, variables, repeatable=repeatable)
        (response,) = self._level([send], repeatable=repeatable)
        return self._recorder.hand_out(graphql_answer(response))
