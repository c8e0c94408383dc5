"""The clients of the two servers that a loader loads by, over metered connections."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple, cast

from urllib3.exceptions import HTTPError
from urllib3.util import Retry

from client_examples.clients.api_errors import ApiError, rest_answer
from client_examples.clients.circuit_breaker import Breaker
from client_examples.clients.http_client import HttpClient, reason_of
from client_examples.clients.settings import Api
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.connections import Connections, open_session
from client_examples.comparison.network.metered import Network
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient


class BothClients(NamedTuple):
    """A client of each server."""

    rest: RestClient
    graphql: GraphqlClient


class Clients:
    """A client for each server that there is, with its connections open.

    Args:
        rest_url: the server's address, None if it is not needed. Likewise `graphql_url`.
        graphql_url: see `rest_url`.
        kind: makes the connections.
        network: what they go through.
        credentials: what goes with every request.
        ca_file: certificates to trust instead of the usual ones.
        retry: the policy for exchanges that may be repeated.
        breaker: for the one server, or None.

    Raises:
        ServerUnreachable: one of the servers does not answer.
    """

    def __init__(
        self,
        rest_url: str | None,
        graphql_url: str | None,
        kind: Callable[[Network], Connections],
        network: Network,
        *,
        credentials: Credentials,
        ca_file: str | None,
        retry: Retry,
        breaker: Breaker | None,
    ) -> None:
        self.network = network
        self._rest = self._graphql = None
        trust: dict[str, Any] = {"ca_file": ca_file, "kind": kind}
        policies: dict[str, Any] = {"retry": retry, "breaker": breaker}
        if rest_url is not None:
            session = open_session(rest_url, network, credentials.rest, **trust)
            self._rest = RestClient(rest_url, session=session, **policies)
        if graphql_url is not None:
            session = open_session(graphql_url, network, credentials.graphql, **trust)
            self._graphql = GraphqlClient(graphql_url, session=session, **policies)
        self._signed_in = credentials

    @property
    def rest(self) -> RestClient:
        """The REST server's."""
        assert self._rest is not None
        return self._rest

    @property
    def graphql(self) -> GraphqlClient:
        """The GraphQL server's."""
        assert self._graphql is not None
        return self._graphql

    def sign_in(self, credentials: Credentials) -> None:
        """From now on send these with every request, and none of those before."""
        if credentials is self._signed_in:
            return
        before, self._signed_in = self._signed_in, credentials
        for client in self._all():
            api: Api = "rest" if client is self._rest else "graphql"
            for name in before.of(api):
                client.session.headers.pop(name, None)
            client.session.headers.update(credentials.of(api))
            client.session.cookies.clear()
            client.session.cookies.update(credentials.cookies)

    def connections(self) -> list[Connections]:
        """The connections of each client."""
        return [_connections(client) for client in self._all()]

    def open_again(self, *, to_count: bool = False) -> None:
        """Open the connections that the servers have closed meanwhile, for a load `to_count` all.

        Raises:
            ServerUnreachable: one of the servers does not answer any more.
        """
        for client in self._all():
            try:
                _connections(client).open_again(to_count=to_count)
            except (HTTPError, OSError) as error:
                raise ServerUnreachable(client.url, reason_of(error)) from error

    def close_all(self) -> None:
        """Close the connections, so that the next exchanges have to open theirs."""
        for connections in self.connections():
            connections.close_all()

    def health(self) -> dict[str, Any]:
        """What each server says of itself at `/health`, by its address; None if it says nothing."""
        return {client.url: _health(client) for client in self._all()}

    def close(self) -> None:
        """Close the connections, those that nothing was sent over among them."""
        with suppress(HTTPError):  # one that an interrupted exchange has not given back
            self.close_all()
        for client in self._all():
            client.close()

    def _all(self) -> list[HttpClient]:
        return [client for client in (self._rest, self._graphql) if client is not None]


def _connections(client: HttpClient) -> Connections:
    return cast("Connections", client.session.get_adapter(client.url))


def _health(client: HttpClient) -> Any:
    try:
        return rest_answer(client.exchange("GET", "/health", repeatable=True))
    except ApiError:
        return None
