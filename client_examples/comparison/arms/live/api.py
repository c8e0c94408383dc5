"""The two APIs as an arm that watches sees them: polls, streams, and reconnecting."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from requests.exceptions import SSLError
from urllib3.exceptions import HTTPError

from client_examples.clients.api_errors import (
    BadAnswer,
    GraphqlError,
    Unreachable,
    graphql_answer,
    rest_answer,
)
from client_examples.clients.http_client import TIME_LIMIT_S, TIMEOUT, reason_of
from client_examples.clients.request import request_of
from client_examples.clients.settings import Api
from client_examples.comparison.arms.live.connection import ConnectionLost, LiveNetwork
from client_examples.comparison.arms.live.graphql_ws import messages
from client_examples.comparison.arms.live.server_sent_events import ServerEvent, read_events
from client_examples.comparison.network.servers import Servers
from client_examples.rest_client import RestClient

SILENCE_S = 30.0  # a stream that says nothing for so long, no heartbeat either, is lost
_EVENT_STREAM = "text/event-stream"
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.2, 2.0  # as the clients' retries


class _Watch:
    """One watcher's own connections to one server."""

    def __init__(self, servers: Servers, url: str, api: Api) -> None:
        self.network = LiveNetwork()
        self._servers = servers
        self._url = url
        self._session = servers.session(api, self.network)

    def every(self, seconds: float) -> Iterator[None]:
        """Yield at once, and then every `seconds`, however long each turn took."""
        due = time.monotonic()
        while True:
            yield
            due = max(due + seconds, time.monotonic())
            self.network.pause(due - time.monotonic())

    def tries(self) -> Iterator[None]:
        """Yield at once, and then after growing pauses with full jitter, without end."""
        longest = _FIRST_PAUSE_S
        while True:
            yield
            self.network.pause(random.uniform(0, longest))
            longest = min(2 * longest, _LONGEST_PAUSE_S)

    def close(self) -> None:
        """Close the connections."""
        self._session.close()

    def _stream(
        self, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> Iterator[ServerEvent]:
        """The events of one connection, to its end.

        Raises:
            ConnectionLost: it broke, or could not be opened.
        """
        wanted = {"Accept": _EVENT_STREAM, "Cache-Control": "no-cache", **headers}
        request = request_of(method, self._url + path, None, body, wanted)
        try:
            response = self._session.request(
                method,
                request.url,
                data=request.content,
                headers=request.headers,
                timeout=(TIMEOUT[0], SILENCE_S),
                allow_redirects=False,
                stream=True,
            )
        except SSLError as error:  # a certificate does not become valid by asking again
            raise Unreachable(self._url, reason_of(error)) from error
        except requests.RequestException as error:
            raise self._lost(error) from error
        with response:
            self._check(response)
            self.network.ready.set()
            yield from read_events(self._pieces(response))

    def _check(self, response: requests.Response) -> None:
        """Raise what the server says instead of opening a stream."""
        kind = response.headers.get("Content-Type", "")
        if response.status_code == 204 or (response.ok and kind.startswith(_EVENT_STREAM)):
            return
        answer = graphql_answer if isinstance(self, GraphqlWatch) else rest_answer
        answer(response)
        raise BadAnswer(f"the answer is {kind or 'nothing'}, no stream", response.status_code)

    def _pieces(self, response: requests.Response) -> Iterator[bytes]:
        """The body in pieces, each as soon as it is received."""
        try:
            while piece := response.raw.read1(decode_content=True):
                yield piece
        except (HTTPError, OSError) as error:
            raise self._lost(error) from error

    def _lost(self, error: Exception) -> ConnectionLost:
        self.network.trouble = reason_of(error)
        return ConnectionLost(self.network.trouble)


class RestWatch(_Watch):
    """The REST server, for one order that one arm watches."""

    def __init__(self, servers: Servers) -> None:
        assert servers.rest_url is not None
        super().__init__(servers, servers.rest_url, "rest")

    def get(self, path: str, /, *, longest_s: float = 0.0, **params: object) -> Any:
        """The answer of one GET, which the server may hold back for `longest_s`."""
        client = RestClient(
            self._url,
            session=self._session,
            timeout=(TIMEOUT[0], TIMEOUT[1] + longest_s),
            time_limit_s=TIME_LIMIT_S + longest_s,
        )
        self.network.ready.set()
        return client.get(path, **params)

    def events(self, path: str, after: int = 0) -> Iterator[Any]:
        """The decoded data of each event of one stream; `after` is the id of the last one seen."""
        seen = {"Last-Event-ID": str(after)} if after else {}
        for event in self._stream("GET", path, seen):
            yield json.loads(event.data)


class GraphqlWatch(_Watch):
    """The GraphQL server, for one order that one arm watches."""

    def __init__(self, servers: Servers) -> None:
        assert servers.graphql_url is not None
        super().__init__(servers, servers.graphql_url, "graphql")

    def subscribe(self, document: str, /, **variables: object) -> Iterator[Any]:
        """The data of each result of a subscription over one WebSocket (graphql-transport-ws)."""
        operation = {"query": document, "variables": variables}
        for payload in messages(self._servers, f"{self._url}/graphql", self.network, operation):
            yield _data(payload)

    def subscribe_by_events(self, document: str, /, **variables: object) -> Iterator[Any]:
        """The same by Server-Sent Events (graphql-sse, distinct connections mode)."""
        operation = {"query": document, "variables": variables}
        for event in self._stream("POST", "/graphql", {}, operation):
            if event.name == "next":  # and read on after "complete", to the end that follows it
                yield _data(json.loads(event.data))


def _data(payload: Any) -> Any:
    """The data of a result; `GraphqlError` for one with errors."""
    if payload.get("errors"):
        raise GraphqlError(200, payload["errors"], payload.get("data"))
    return payload["data"]
