"""The two APIs as an arm sees them: simple calls, each of which is recorded.

A call returns the decoded answer. Another status than 2xx, or than the one that the call expects,
raises, and so does an answer with GraphQL errors, unless the call expects them. The load has failed
then, whatever the arm's code does about it. An arm that writes says by `afterwards` how to undo it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeAlias

from requests import Response

from client_examples.comparison.arms.calls import Calls, graphql_reading, reading
from client_examples.comparison.arms.exchanges import Recorder
from client_examples.comparison.network.connections import SideBySide
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient

Headers: TypeAlias = Mapping[str, str]
Method: TypeAlias = Literal["GET", "POST"]


@dataclass(frozen=True)
class Get:
    """A GET, to be sent side by side with others.

    `headers` are sent beside those of all requests; `expect` is the status that must come, any 2xx
    by default.
    """

    path: str
    params: dict[str, Any] = field(default_factory=dict)
    headers: Headers = field(default_factory=dict)
    expect: int | None = None


class RestApi(Calls):
    """The REST server, for one load by one arm.

    Each call takes `headers`, which are sent beside those of all requests, and `expect`, the status
    that must come in place of any 2xx. A parameter of such a name goes by `Get`.
    """

    def __init__(self, client: RestClient, threads: SideBySide, recorder: Recorder) -> None:
        super().__init__(client.url, threads, recorder)
        self._client = client

    def get(
        self,
        path: str,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        **params: object,
    ) -> Any:
        """The answer of one GET; a list as parameter becomes `1,2,3`."""
        return self.get_all([Get(path, params, headers or {}, expect)])[0]

    def get_all(self, requests: Sequence[str | Get]) -> list[Any]:
        """The answers of several GETs, sent side by side, at most six at once."""
        gets = [Get(request) if isinstance(request, str) else request for request in requests]
        responses = self._level("GET", [partial(self._send, get) for get in gets])
        return [
            self._answer("GET", response, reading(get.expect))
            for get, response in zip(gets, responses, strict=True)
        ]

    def post(
        self,
        path: str,
        body: object,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        **params: object,
    ) -> Any:
        """The answer of a POST."""
        return self._write("POST", path, body, params, headers, expect)

    def put(
        self,
        path: str,
        body: object,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        **params: object,
    ) -> Any:
        """The answer of a PUT."""
        return self._write("PUT", path, body, params, headers, expect)

    def patch(
        self,
        path: str,
        body: object,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        **params: object,
    ) -> Any:
        """The answer of a PATCH."""
        return self._write("PATCH", path, body, params, headers, expect)

    def delete(
        self,
        path: str,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        **params: object,
    ) -> Any:
        """The answer of a DELETE, None where it has no body."""
        return self._write("DELETE", path, None, params, headers, expect)

    def _send(self, get: Get) -> Response:
        return self._client.exchange(
            "GET", get.path, params=get.params, headers=get.headers, repeatable=True
        )

    def _write(
        self,
        method: str,
        path: str,
        body: object,
        params: dict[str, object],
        headers: Headers | None,
        expect: int | None,
    ) -> Any:
        """The answer of a request that is never sent twice."""
        send = partial(
            self._client.exchange,
            method,
            path,
            params=params,
            body=body,
            headers=headers,
            repeatable=False,
        )
        (response,) = self._level(method, [send], repeatable=False)
        return self._answer(method, response, reading(expect))


class GraphqlApi(Calls):
    """A GraphQL endpoint, for one load by one arm.

    Args:
        client: the server's.
        path: of the endpoint.
        threads: to send by.
        recorder: of the exchanges.
        method: by which queries are sent; mutations go by POST.
    """

    def __init__(
        self,
        client: GraphqlClient,
        path: str,
        threads: SideBySide,
        recorder: Recorder,
        method: Method = "POST",
    ) -> None:
        super().__init__(client.url, threads, recorder)
        self._client = client
        self._path = path
        self._method: Method = method

    def query(
        self,
        document: str,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        expect_errors: bool = False,
        **variables: object,
    ) -> Any:
        """The data that a query gives.

        Args:
            document: the query.
            headers: sent beside those of all requests.
            expect: the status that must come; then the answer may have errors.
            expect_errors: whether there must be errors; then the whole answer is given, with
                `data` and `errors`.
            variables: of the query.
        """
        response = self._exchange(self._method, document, variables, headers)
        return self._answer(
            self._method, response, graphql_reading(expect, expect_errors=expect_errors)
        )

    def mutate(
        self,
        document: str,
        /,
        *,
        headers: Headers | None = None,
        expect: int | None = None,
        expect_errors: bool = False,
        **variables: object,
    ) -> Any:
        """The data that a mutation gives; see `query`."""
        response = self._exchange("POST", document, variables, headers, repeatable=False)
        return self._answer("POST", response, graphql_reading(expect, expect_errors=expect_errors))

    def _exchange(
        self,
        method: Method,
        document: str,
        variables: dict[str, object],
        headers: Headers | None,
        *,
        repeatable: bool = True,
    ) -> Response:
        """Send an operation; the answer as it came."""
        if method == "GET":
            send = partial(self._client.ask, self._path, document, variables, headers=headers)
        else:
            send = partial(
                self._client.post,
                self._path,
                document,
                variables,
                headers=headers,
                repeatable=repeatable,
            )
        (response,) = self._level(method, [send], repeatable=repeatable)
        return response
