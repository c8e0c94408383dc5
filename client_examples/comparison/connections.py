"""Connections that are open, and threads that run, before a clock starts."""

from collections.abc import Callable, Sequence
from concurrent.futures import ALL_COMPLETED, ThreadPoolExecutor, wait
from threading import Barrier
from typing import TypeVar

import requests
from requests.adapters import HTTPAdapter
from requests.utils import select_proxy
from urllib3 import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from client_examples.comparison.exchanges import AT_ONCE
from client_examples.comparison.failures import ServerAway
from client_examples.http_client import TIMEOUT, new_session, reason_of

Result = TypeVar("Result")


class KeptConnections(HTTPAdapter):
    """Keeps as many connections to a server as exchanges may be under way at once."""

    def __init__(self) -> None:
        # Blocking, so that there is never one more, which would be thrown away after use.
        super().__init__(pool_connections=1, pool_maxsize=AT_ONCE, pool_block=True)

    def open_all(self, url: str, verify: bool | str) -> None:
        """Open every connection that is not; urllib3's `HTTPError` where that fails."""
        prepared = requests.Request("GET", url).prepare()
        pool = self.get_connection_with_tls_context(prepared, verify)
        assert isinstance(pool, HTTPConnectionPool)
        self.cert_verify(pool, url, verify, None)  # type: ignore[no-untyped-call]
        taken = []
        try:
            for _ in range(AT_ONCE):
                taken.append(pool._get_conn(timeout=1))
                if taken[-1].is_closed:
                    taken[-1].timeout = TIMEOUT[0]
                    taken[-1].connect()
        finally:
            for connection in taken:
                pool._put_conn(connection)


def open_session(url: str) -> requests.Session:
    """A session with all its connections to the server at `url` open.

    Raises:
        ServerAway: nothing answers there.
    """
    session = new_session(url)
    adapter = KeptConnections()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    around = session.merge_environment_settings(url, {}, None, None, None)
    verify = True if around["verify"] is None else around["verify"]
    if select_proxy(url, around["proxies"]):
        return session  # the proxy's connections open as they are needed
    try:
        adapter.open_all(url, verify)
    except HTTPError as error:
        raise ServerAway(url, reason_of(error)) from error
    return session


class SideBySide:
    """Runs calls on threads of which all exist from the start."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="side-by-side")
        # A thread is made only while no other one is idle: here each waits for all.
        all_there = Barrier(AT_ONCE)
        wait([self._threads.submit(all_there.wait, 10) for _ in range(AT_ONCE)])

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in the order of the calls, at most six of which run at once.

        Returns, or raises the first call's error, when none of them runs any more.
        """
        if len(calls) == 1:
            return [calls[0]()]
        running = [self._threads.submit(call) for call in calls]
        try:
            wait(running, return_when=ALL_COMPLETED)
        finally:
            for future in running:
                future.cancel()
        return [future.result() for future in running]

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown(cancel_futures=True)
