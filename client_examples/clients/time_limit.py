"""A time limit for a whole call, whatever the server does.

A socket's time limit begins anew with every byte, so a server that sends one now and then could
hold a client for ever. Here each read waits at most for what is left of the whole call's time.
"""

import http.client
import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.poolmanager import pool_classes_by_scheme

_LEAST_S = 0.001  # 0 would mean no waiting at all to a socket, and is refused by the libraries

# The way to a connection leads through any session: one that caches, one that records.
_limit: ContextVar["TimeLimit | None"] = ContextVar("limit", default=None)


class TimeLimit:
    """So many seconds from now on.

    Connections made by `BoundedAdapter` (and any others with `BoundedResponse`) keep to it while
    it is `applied`.
    """

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds that are left, less than 0 when it is over."""
        return self._ends - time.monotonic()

    def within(self, seconds: float) -> float:
        """So many seconds or what is left, whichever is less; never quite 0."""
        return max(_LEAST_S, min(seconds, self.remaining))

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Apply the limit to whatever this thread sends within the context."""
        token = _limit.set(self)
        try:
            yield
        finally:
            _limit.reset(token)


def remaining_s() -> float | None:
    """Seconds that are left of the limit that is applied, None where there is none."""
    limit = _limit.get()
    return None if limit is None else limit.remaining


class _BoundedSocket(io.RawIOBase):
    """Reads from a socket; no read waits longer than until the limit."""

    def __init__(self, raw: io.RawIOBase, connection: Any, limit: TimeLimit) -> None:
        self._raw = raw
        self._connection = connection
        self._limit = limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        remaining = self._limit.remaining
        if remaining <= 0:
            raise TimeoutError("the time of the call is over")
        own = self._connection.gettimeout()
        if own is None or remaining < own:
            self._connection.settimeout(remaining)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class BoundedResponse(http.client.HTTPResponse):
    """An answer whose head and body come within the limit that is applied when it begins."""

    fp: Any

    def __init__(self, connection: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(connection, *arguments, **options)
        limit = _limit.get()
        if limit is not None:
            self.fp = io.BufferedReader(_BoundedSocket(self.fp.detach(), connection, limit))


class _BoundedConnection(HTTPConnection):
    response_class = BoundedResponse


class _BoundedTlsConnection(HTTPSConnection):
    response_class = BoundedResponse


class _BoundedPool(HTTPConnectionPool):
    ConnectionCls: type[Any] = _BoundedConnection


class _BoundedTlsPool(HTTPSConnectionPool):
    ConnectionCls: type[Any] = _BoundedTlsConnection


class BoundedAdapter(HTTPAdapter):
    """A session's transport whose answers keep to the limit that is applied."""

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """The kinds of pools, by scheme: of connections that keep to the limit."""
        return _POOLS

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        """Make pools of these kinds."""
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = self.pools()

    def proxy_manager_for(self, *arguments: Any, **options: Any) -> Any:
        """Make such pools through a proxy too."""
        manager = super().proxy_manager_for(*arguments, **options)
        manager.pool_classes_by_scheme = self.pools()
        return manager


_POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _BoundedPool, "https": _BoundedTlsPool}


def bound(session: requests.Session) -> None:
    """Have a session keep to the limit, whatever its adapters add to requests' own.

    Connections through a proxy do so only by a `BoundedAdapter`, and those of a kind of their own
    by a `BoundedResponse`.
    """
    for adapter in session.adapters.values():
        manager = getattr(adapter, "poolmanager", None)
        if manager is not None and manager.pool_classes_by_scheme is pool_classes_by_scheme:
            manager.pool_classes_by_scheme = _POOLS
            manager.clear()  # of connections of the usual kind
