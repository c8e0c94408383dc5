"""Loads a screen as a client with an HTTP cache: ETags, and persisted queries over GET."""

from typing import ClassVar, cast

from client_examples.comparison.loading.persisted_loader import PersistedLoader
from client_examples.comparison.network.caching import CachingConnections
from client_examples.comparison.network.connections import MeteredConnections


class CachingLoader(PersistedLoader):
    """Loads the arms that have a cache, which lasts until `forget`."""

    connections: ClassVar[type[MeteredConnections]] = CachingConnections

    def forget(self) -> None:
        """Empty the cache, as at a first visit; the connections stay open."""
        for connections in self._clients.connections():
            cast("CachingConnections", connections).forget()
