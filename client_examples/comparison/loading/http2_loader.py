"""Loads screens over HTTP/2: one connection to each server, and no limit of six at once."""

from collections.abc import Callable
from functools import partial

from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.connections import Connections, SideBySide
from client_examples.comparison.network.http2.connections import Http2Connections
from client_examples.comparison.network.http2.event_loop import EventLoop
from client_examples.comparison.network.metered import Network
from client_examples.comparison.results.protocols import Protocol


class Http2Loader(Loader):
    """Loads by an event loop, as many exchanges at once as the arm asks for."""

    @property
    def protocols(self) -> set[Protocol]:
        """HTTP/2 alone."""
        return {"http2"}

    def _ways(self) -> tuple[SideBySide, Callable[[Network], Connections]]:
        loop = EventLoop()
        return loop, partial(Http2Connections, loop=loop)
