"""Loads by persisted queries over GET, and as a client with an HTTP cache, which goes by ETags."""

import secrets
from functools import partial
from typing import ClassVar, cast

from requests import Response

from client_examples.clients.persisted_queries import PersistedQueries, is_unknown
from client_examples.comparison.arms.api import GraphqlApi, Headers, Method, RestApi
from client_examples.comparison.arms.exchanges import Recorder
from client_examples.comparison.arms.screen import Arm, GraphqlArm
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.caching import CachingConnections
from client_examples.comparison.network.connections import MeteredConnections, SideBySide
from client_examples.graphql_client import GraphqlClient


class PersistedLoader(Loader):
    """Loads REST's arms as ever, and GraphQL's by the hash of their query."""

    _mark = ""

    def use_unseen_queries(self) -> None:
        """From now on, end each query with a comment that makes it new to the server."""
        self._mark = f" #{secrets.token_hex(4)}"

    def _api(self, arm: Arm, recorder: Recorder) -> RestApi | GraphqlApi:
        if not isinstance(arm, GraphqlArm) or arm.method == "GET":
            return super()._api(arm, recorder)
        return PersistedApi(self._clients.graphql, arm.path, self._threads, recorder, self._mark)


class CachingLoader(PersistedLoader):
    """Loads the arms that have a cache, which lasts until `forget`."""

    connections: ClassVar[type[MeteredConnections]] = CachingConnections

    def forget(self) -> None:
        """Empty the cache, as at a first visit; the connections stay open."""
        for connections in self._clients.connections():
            cast("CachingConnections", connections).forget()


class PersistedApi(GraphqlApi):
    """A GraphQL endpoint whose queries are persisted ones; `mark` is added to their text."""

    def __init__(
        self,
        client: GraphqlClient,
        path: str,
        threads: SideBySide,
        recorder: Recorder,
        mark: str = "",
    ) -> None:
        super().__init__(client, path, threads, recorder)
        self._queries = PersistedQueries(client, path)
        self._mark = mark

    def _exchange(
        self,
        method: Method,
        document: str,
        variables: dict[str, object],
        headers: Headers | None,
        *,
        repeatable: bool = True,
    ) -> Response:
        """Send a query by its hash, and then with its text where the server asks for it."""
        if not repeatable:
            return super()._exchange(method, document, variables, headers, repeatable=False)
        text = document + self._mark
        by_hash = partial(self._queries.by_hash, text, variables, headers)
        (response,) = self._level("GET", [by_hash])
        if is_unknown(response):
            with_text = partial(self._queries.with_text, text, variables, headers)
            (response,) = self._level("POST", [with_text])
        return response
