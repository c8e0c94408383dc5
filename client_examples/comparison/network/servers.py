"""Where the two servers are, for clients that have connections of their own."""

import ssl
from dataclasses import dataclass, field

import requests

from client_examples.clients.settings import Api
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.connections import MeteredConnections, session_over
from client_examples.comparison.network.metered import Network


@dataclass(frozen=True)
class Servers:
    """Both addresses, and what goes with every request; None for a server that no arm needs."""

    rest_url: str | None
    graphql_url: str | None
    credentials: Credentials = field(default_factory=Credentials)
    ca_file: str | None = None

    def url_of(self, api: Api) -> str:
        """The address of one of them, which is needed."""
        url = self.rest_url if api == "rest" else self.graphql_url
        assert url is not None
        return url

    def session(self, api: Api, network: Network) -> requests.Session:
        """A session for one of them, which opens its connections on demand."""
        url = self.url_of(api)
        headers = self.credentials.of(api)
        session = session_over(MeteredConnections(network), url, headers, self.ca_file)
        session.cookies.update(self.credentials.cookies)
        return session

    def ssl_context(self) -> ssl.SSLContext:
        """Trusts the usual certificates, or those in the file."""
        return ssl.create_default_context(cafile=self.ca_file)
