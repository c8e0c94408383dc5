"""Counted connections with an HTTP cache in front of them, by the library CacheControl."""

from collections.abc import Collection

from cachecontrol.adapter import CacheControlAdapter
from cachecontrol.cache import DictCache
from requests import PreparedRequest, Response
from urllib3 import HTTPResponse

from client_examples.comparison.network.connections import MeteredConnections
from client_examples.comparison.network.metered import Network


class CachingConnections(CacheControlAdapter, MeteredConnections):
    """Caches answers in memory, and revalidates them by their ETag.

    An answer that comes from the cache says in `exchanged` what the server sent for it: its 304, or
    None where the cache did not ask.
    """

    def __init__(self, network: Network) -> None:
        super().__init__(DictCache(), network=network)

    def forget(self) -> None:
        """Empty the cache; the connections stay open."""
        self.cache = self.controller.cache = DictCache()

    def build_response(  # type: ignore[override]  # as CacheControl's own
        self,
        request: PreparedRequest,
        response: HTTPResponse,
        from_cache: bool = False,
        cacheable_methods: Collection[str] | None = None,
    ) -> Response:
        """What CacheControl makes of an answer, or of what it has kept."""
        built = super().build_response(request, response, from_cache, cacheable_methods)
        if getattr(built, "from_cache", False):  # set by CacheControl on the answers it gives
            vars(built)["exchanged"] = None if from_cache else response
        return built
