"""Where the two servers are, for clients that have connections of their own."""

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
        """A session for one of them, which opens its connections as it needs them."""
        return session_over(MeteredConnections(network), url, self.headers, self.ca_file)
