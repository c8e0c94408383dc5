"""Logs in for screens that need it, before anything of them is timed."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from requests.cookies import RequestsCookieJar

from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.arms.screen import Screen, SessionFunction
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.network.connections import SideBySide, open_session
from client_examples.comparison.network.credentials import Credentials, joined
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

    def query(self, document: str, /, *, path: str = "/graphql", **variables: Any) -> Any:
        """The data that a query gives."""
        return self._graphql(path).query(document, **variables)

    def mutate(self, document: str, /, *, path: str = "/graphql", **variables: Any) -> Any:
        """The data that a mutation gives."""
        return self._graphql(path).mutate(document, **variables)

    def _graphql(self, path: str) -> GraphqlApi:
        return GraphqlApi(self._of_graphql, path, self._threads, NoRecord())


class Sessions:
    """The sessions of screens, each begun once.

    Args:
        rest_url: the server's address; likewise `graphql_url`.
        graphql_url: see `rest_url`.
        credentials: that all requests have.
        ca_file: certificates to trust instead of the usual ones.
        threads: to send by.
    """

    def __init__(
        self,
        rest_url: str | None,
        graphql_url: str | None,
        credentials: Credentials,
        ca_file: str | None,
        threads: SideBySide,
    ) -> None:
        self._urls = rest_url, graphql_url
        self._credentials = credentials
        self._ca_file = ca_file
        self._threads = threads
        self._begun: dict[Callable[..., Any], Credentials] = {}

    def of(self, screen: Screen) -> Credentials:
        """What goes with every request of a screen, after logging in if it says how.

        Raises:
            LoadFailed: logging in failed.
            ServerUnreachable: a server does not answer.
        """
        begin = screen.beginning
        if begin is None:
            return self._credentials
        if begin not in self._begun:
            self._begun[begin] = self._begin(screen, begin)
        return self._begun[begin]

    def _begin(self, screen: Screen, begin: SessionFunction) -> Credentials:
        rest_url, graphql_url = self._urls
        assert rest_url is not None
        assert graphql_url is not None
        given, cookies = self._credentials, RequestsCookieJar()
        cookies.update(given.cookies)
        with ExitStack() as closing:
            session = open_session(rest_url, headers=given.rest, ca_file=self._ca_file)
            rest = closing.enter_context(RestClient(rest_url, session=session))
            session = open_session(graphql_url, headers=given.graphql, ca_file=self._ca_file)
            graphql = closing.enter_context(GraphqlClient(graphql_url, session=session))
            rest.session.cookies = graphql.session.cookies = cookies
            api = SessionApi(rest, graphql, self._threads)
            with loading_of(screen.name, "logging in", api):
                begin(api)
        return Credentials(
            joined(given.rest, joined(api.headers, api.rest_headers)),
            joined(given.graphql, joined(api.headers, api.graphql_headers)),
            cookies,
        )
