"""Lets the clients send by Locust's FastHttpSession instead of a requests session.

Only for Locust's own processes: importing gevent's parts elsewhere is of no use.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import gevent
import requests
from gevent.pool import Pool
from locust.contrib.fasthttp import FastHttpSession

from client_examples.comparison.network.connections import AT_ONCE, Result, SideBySide


@dataclass(frozen=True, slots=True)
class Answer:
    """Those parts of a `requests.Response` that the clients read."""

    status_code: int
    content: bytes
    headers: Mapping[str, str]
    url: str
    reason: str = ""


class LocustSession:
    """Sends by one user's `FastHttpSession`, which tells Locust of every exchange.

    Args:
        session: the user's.
        headers: sent with every request.
    """

    adapters: Mapping[str, object] = {}  # none of requests'

    def __init__(self, session: FastHttpSession, headers: Mapping[str, str]) -> None:
        # An API's answer, not another address, is expected.
        agent: Any = session.client
        agent.redirect_response_codes = frozenset()
        self._session: Any = session  # its own types know no body of bytes
        # geventhttpclient can decode brotli too; the servers have only gzip, as with requests.
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
            **headers,
        }

    def request(
        self, method: str, url: str, *, data: bytes | None, headers: Mapping[str, str], **_: Any
    ) -> Answer:
        """The answer, whatever its status; requests' `ConnectionError` where none came."""
        response = self._session.request(
            method, url, name=name_of(url), data=data, headers={**self._headers, **headers}
        )
        status: int = response.status_code
        if status == 0:
            raise requests.ConnectionError(str(response.error) or type(response.error).__name__)
        return Answer(status, response.content or b"", response.headers, url)

    def close(self) -> None:
        """Close the connections."""
        self._session.client.close()


class Greenlets(SideBySide):
    """Runs calls as greenlets, of which Locust's processes can have many."""

    def __init__(self) -> None:
        """There is nothing to prepare: a greenlet takes no time to begin."""

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in the order of the calls, at most six of which run at once.

        Returns, or raises the first call's error, when none of them runs any more.
        """
        if len(calls) == 1:
            return [calls[0]()]
        pool = Pool(AT_ONCE)
        running = [pool.spawn(call) for call in calls]
        try:
            gevent.joinall(running)
        finally:
            pool.kill()  # where Locust ends this user meanwhile
        return [one.get() for one in running]

    def close(self) -> None:
        """Do nothing."""


@lru_cache(maxsize=1024)
def name_of(url: str) -> str:
    """What Locust's statistics call an address: the path, with ids left out."""
    return re.sub(r"\d+", "{id}", urlsplit(url).path)
