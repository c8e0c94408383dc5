"""Both APIs as a function that logs in for a screen has them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.network.connections import SideBySide
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient


class SessionApi(RestApi):
    """Both APIs as a function that logs in has them; nothing is counted or timed.

    It sends by the REST API; `query` and `mutate` go to the endpoint at `path` of the other.

    Attributes:
        headers: to be sent to both APIs with all that follows, once they are set.
        rest_headers: likewise to the REST API, and `graphql_headers` to the GraphQL API.
    """

    def __init__(self, rest: RestClient, graphql: GraphqlClient, threads: SideBySide) -> None:
        super().__init__(rest, threads, NoRecord())
        self.headers: dict[str, str] = {}
        self.rest_headers: dict[str, str] = {}
        self.graphql_headers: dict[str, str] = {}
        self._of_graphql = graphql

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the servers have set, such as the one that a header must repeat."""
        return {one.name: one.value or "" for one in self._client.session.cookies}

    def query(self, document: str, /, *, path: str = "/graphql", **variables: Any) -> Any:
        """The data that a query gives."""
        with self._graphql(path) as api:
            return api.query(document, **variables)

    def mutate(self, document: str, /, *, path: str = "/graphql", **variables: Any) -> Any:
        """The data that a mutation gives."""
        with self._graphql(path) as api:
            return api.mutate(document, **variables)

    @contextmanager
    def _graphql(self, path: str) -> Iterator[GraphqlApi]:
        """The other API, whose answers and failures are those of this one."""
        api = GraphqlApi(self._of_graphql, path, self._threads, NoRecord())
        try:
            yield api
        finally:
            self.failure = self.failure or api.failure
            self.last = api.last or self.last
