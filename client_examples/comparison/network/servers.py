"""Where the two servers are, for clients that have connections of their own."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from client_examples.comparison.network.connections import MeteredConnections, session_over
from client_examples.comparison.network.metered import Network


@dataclass(frozen=True)
class Servers:
    """Both addresses, and what goes with every request; None for a server that no arm needs."""

    rest_url: str | None
    graphql_url: str | None
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str | None = None

    def session(self, url: str, network: Network) -> requests.Session:
        """A session for one of them, which opens its connections on demand."""
        return session_over(MeteredConnections(network), url, self.headers, self.ca_file)

    def ssl_context(self) -> ssl.SSLContext:
        """Trusts the usual certificates, or those in the file."""
        return ssl.create_default_context(cafile=self.ca_file)
