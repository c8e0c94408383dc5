"""Logs in for screens that need it, before anything of them is timed."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from requests.cookies import RequestsCookieJar

from client_examples.comparison.arms.screen import Screen, SessionFunction
from client_examples.comparison.arms.session import SessionApi
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.network.access.credentials import Credentials, joined
from client_examples.comparison.network.connections import SideBySide, open_session
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient


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
