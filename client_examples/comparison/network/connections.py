"""Connections and threads that exist before the clock starts."""

import socket
from collections.abc import Callable, Mapping, Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar
from urllib.parse import urlsplit
from weakref import finalize

import requests
from requests.adapters import BaseAdapter
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from client_examples.clients.http_client import TIMEOUT, new_session, reason_of
from client_examples.clients.time_limit import BoundedAdapter
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.network.metered import Network, pool_classes

AT_ONCE = 6  # exchanges under way at most, as browsers hold it per host over HTTP/1.1
HOSTS = 8  # with open connections at most: an arm may ask others than its server, and come back

Result = TypeVar("Result")


class Connections(BaseAdapter):
    """Connections to one server, which sessions of `requests` send by."""

    def open_all(self, url: str, verify: bool | str) -> None:
        """Open every connection that is not; `HTTPError` or `OSError` where that fails."""
        raise NotImplementedError

    def open_again(self, *, to_count: bool = False) -> None:
        """Open those that the server has closed since, if they are not opened as they are used.

        Before a load `to_count` all are open, as they are before one over a link.
        """

    def close_all(self) -> None:
        """Close the connections, so that the next exchanges have to open theirs."""
        raise NotImplementedError


class MeteredConnections(BoundedAdapter, Connections):
    """As many connections to a server as there may be exchanges at once.

    Their bytes are counted, and pass through `network`.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._pool: HTTPConnectionPool | None = None
        # Blocking, so that no extra connection is opened and thrown away after use.
        super().__init__(pool_connections=HOSTS, pool_maxsize=AT_ONCE, pool_block=True)

    def pools(self) -> dict[str, type[HTTPConnectionPool]]:
        """The kinds of pools, by scheme: of counted connections."""
        return pool_classes(self._network)

    def open_all(self, url: str, verify: bool | str) -> None:
        """Open every connection that is not; `HTTPError` or `OSError` where that fails."""
        prepared = requests.Request("GET", url).prepare()
        pool = self.get_connection_with_tls_context(prepared, verify)
        assert isinstance(pool, HTTPConnectionPool)
        self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]  # requests' own
        self._pool = pool

        self._for_each(_opened)

    def open_again(self, *, to_count: bool = False) -> None:
        """Open those that the server has closed since, where that would take a round trip."""
        if self._pool is not None and (to_count or self._network.relay is not None):
            self._for_each(_opened)

    def close_all(self) -> None:
        """Close the connections, so that the next exchanges have to open theirs."""
        if self._pool is None:
            self.poolmanager.clear()
            return
        self._for_each(lambda connection: connection.close())
        pools = self.poolmanager.pools
        for key in pools.keys():  # noqa: SIM118 - it is no mapping that can be iterated
            if pools[key] is not self._pool:  # another host's
                pools.pop(key).close()

    def _for_each(self, act: Callable[[Any], None]) -> None:
        pool, taken = self._pool, []
        assert pool is not None
        try:
            for _ in range(AT_ONCE):
                taken.append(pool._get_conn(timeout=1))
                act(taken[-1])
        finally:
            for connection in taken:
                pool._put_conn(connection)


def _opened(connection: Any) -> None:
    if not connection.is_closed and not connection.is_connected:
        connection.close()
    if connection.is_closed:
        connection.timeout = TIMEOUT[0]
        connection.connect()
        connection.trips = 0  # no exchange's own


def open_session(
    url: str,
    network: Network | None = None,
    headers: Mapping[str, str] | None = None,
    ca_file: str | None = None,
    kind: Callable[[Network], Connections] = MeteredConnections,
) -> requests.Session:
    """A session with all its connections to the server at `url` open.

    Args:
        url: the server's address.
        network: what is to lie between; nothing by default.
        headers: sent with every request.
        ca_file: certificates to trust instead of the usual ones.
        kind: makes the connections; they may have a cache, or be over HTTP/2.

    Raises:
        ServerUnreachable: nothing answers there.
    """
    adapter = kind(network or Network())
    session = session_over(adapter, url, headers, ca_file)
    around = session.merge_environment_settings(url, {}, None, None, None)
    verify = True if around["verify"] is None else around["verify"]
    if select_proxy(url, around["proxies"]):
        return session  # the proxy's connections open as they are needed
    try:
        adapter.open_all(url, verify)
    except (HTTPError, OSError) as error:  # a certificate that is not trusted is an OSError
        raise ServerUnreachable(url, reason_of(error)) from error
    return session


def listens(url: str) -> bool:
    """Whether a server takes a new connection."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname or "", port), TIMEOUT[0]).close()
    except OSError:
        return False
    return True


def session_over(
    adapter: Connections,
    url: str,
    headers: Mapping[str, str] | None = None,
    ca_file: str | None = None,
) -> requests.Session:
    """A session for the server at `url` that sends by the adapter, which opens nothing yet."""
    session = new_session(url)
    session.headers.update(headers or {})
    if ca_file is not None:
        session.verify = ca_file
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Call:
    """A call for one of the threads, and how it ended.

    Attributes:
        is_wanted: whether somebody waits for it still.
    """

    def __init__(self, call: Callable[[], Any], ended: "SimpleQueue[None]") -> None:
        self._call, self._ended = call, ended
        self.is_wanted = True
        self._result: Any = None
        self._error: BaseException | None = None

    def run(self) -> None:
        """Call, unless nobody waits for it; then tell that it has ended."""
        try:
            if self.is_wanted:
                self._result = self._call()
        except BaseException as error:  # raised where it is waited for
            self._error = error
        self._ended.put(None)

    def result(self) -> Any:
        """What it gave; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._result


class SideBySide:
    """Runs calls side by side, on threads that exist from the start.

    They share nothing but `SimpleQueue`s, which take a step as a whole or not at all: a Ctrl-C that
    comes within a step of `concurrent.futures` leaves a lock taken that its threads end by.
    """

    def __init__(self) -> None:
        self._asked: SimpleQueue[_Call | None] = SimpleQueue()
        self._end = finalize(self, _end, self._asked)  # also where nobody closes it
        self._threads = [
            Thread(target=_serve, args=[self._asked], name=f"side-by-side_{number}", daemon=True)
            for number in range(AT_ONCE)
        ]
        for thread in self._threads:
            thread.start()

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in the order of the calls, at most six of which run at once.

        Returns, or raises the first call's error, when none of them runs any more.
        """
        if len(calls) == 1:
            return [calls[0]()]
        ended: SimpleQueue[None] = SimpleQueue()
        running = [_Call(call, ended) for call in calls]
        try:
            for one in running:
                self._asked.put(one)
            for _ in running:
                ended.get()
        finally:
            for one in running:
                one.is_wanted = False
        return [one.result() for one in running]

    def close(self) -> None:
        """End the threads."""
        self._end()
        for thread in self._threads:
            thread.join()


def _serve(asked: "SimpleQueue[_Call | None]") -> None:
    while (call := asked.get()) is not None:
        call.run()
        del call  # it may hold what has the threads


def _end(asked: "SimpleQueue[_Call | None]") -> None:
    for _ in range(AT_ONCE):
        asked.put(None)
