"""A loader for each protocol: by the servers' own addresses, or by a proxy in front of both."""

from collections.abc import Collection
from contextlib import ExitStack

from requests.utils import get_environ_proxies, select_proxy

from client_examples.clients.addresses import is_here
from client_examples.comparison.errors import NotSpoken, ServerUnreachable
from client_examples.comparison.loading.floor import GRAPHQL_FLOOR, REST_FLOOR, floors
from client_examples.comparison.loading.http2_loader import Http2Loader
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.http2.stream import NotOffered
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import LeftOut, Protocol


class ByProtocol:
    """The loaders of a run by their protocols, the servers' own first; and what was left out.

    Args:
        own: by the servers' own addresses; it outlives the others.
        settings: which protocols, and where they are spoken.
        named: those that the user asks for by name, which are not left out.

    Raises:
        ServerUnreachable: the proxy, or one of the servers, does not answer.
        NotSpoken: a protocol that is named cannot be had there.
    """

    def __init__(self, own: Loader, settings: Settings, named: Collection[Protocol] = ()) -> None:
        self.own = own
        self.loaders: dict[Protocol, Loader] = {settings.protocols[0]: own}
        self.left_out: list[LeftOut] = []
        self._settings = settings
        self._closing = ExitStack()
        for protocol in settings.protocols[1:]:
            try:
                loader = _loader(own, protocol, settings)
            except NotToBeHad as error:
                if protocol in named:
                    self.close()
                    raise NotSpoken(protocol, str(error)) from error
                self.left_out.append(LeftOut(protocol, str(error)))
                continue
            self._closing.callback(loader.close)
            self.loaders[protocol] = loader

    def floors(self, protocol: Protocol) -> dict[str, str]:
        """The addresses of the floors over a protocol, by their names."""
        own = floors(self._settings)
        if protocol == self._settings.protocols[0]:
            return own
        rest, graphql = _urls(self._settings)
        moved = {
            REST_FLOOR: (self._settings.rest_url, rest),
            GRAPHQL_FLOOR: (self._settings.graphql_url, graphql),
        }
        return {name: address.replace(*moved[name], 1) for name, address in own.items()}

    def close(self) -> None:
        """Close the connections that were opened here."""
        self._closing.close()


class NotToBeHad(Exception):
    """A protocol that nobody speaks there; says why."""


def _urls(settings: Settings) -> tuple[str, str]:
    """Where REST and GraphQL are over the other protocols."""
    if settings.edge_url is None:
        return settings.rest_url, settings.graphql_url
    return f"{settings.edge_url}/rest", settings.edge_url


def _loader(own: Loader, protocol: Protocol, settings: Settings) -> Loader:
    urls = _urls(settings)
    if protocol != "http2":
        return own.at(Loader, *urls)
    for url in urls:
        if not is_here(url) and select_proxy(url, get_environ_proxies(url)):
            raise NotToBeHad(f"{url} is reached through the environment's proxy")
    try:
        return own.at(Http2Loader, *urls)
    except ServerUnreachable as error:
        if isinstance(error.__cause__, NotOffered):
            raise NotToBeHad(str(error.__cause__.strerror)) from error
        raise
