"""What a load takes the client beside the network: to decode the answers, and to build the view.

The answers of one load are kept, and the arm is given them again and again without a request.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, NamedTuple, cast

import requests

from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.arms.screen import Arm, RestArm, Screen
from client_examples.comparison.loading.load import loading_of
from client_examples.comparison.network.connections import Result, SideBySide
from client_examples.comparison.network.metered import Network
from client_examples.comparison.network.servers import Servers
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient

LOADS = 50


class ClientSide(NamedTuple):
    """Medians in milliseconds."""

    decode_ms: float
    build_ms: float


@dataclass(frozen=True, slots=True)
class _Answer:
    """Those parts of a `requests.Response` that the clients read."""

    status_code: int
    content: bytes
    headers: Any
    reason: str = ""


class _Kept:
    """A session that sends each request once, and then knows the answer."""

    adapters: dict[str, object] = {}  # noqa: RUF012 - none of requests'

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self.answers: dict[tuple[str, str, bytes | None], _Answer] = {}

    def request(self, method: str, url: str, *, data: bytes | None, **more: Any) -> _Answer:
        """The answer; after the first time, at once."""
        key = method, url, data
        known = self.answers.get(key)
        if known is None:
            found = self._session.request(method, url, data=data, **more)
            known = _Answer(found.status_code, found.content, found.headers, found.reason or "")
            self.answers[key] = known
        return known

    def close(self) -> None:
        """Close the connections."""
        self._session.close()


class _InTurn(SideBySide):
    """Calls one after the other: there is nothing to wait for."""

    def __init__(self) -> None:
        """There is nothing to prepare."""

    def run(self, calls: Sequence[Callable[[], Result]]) -> list[Result]:
        """The results in the order of the calls."""
        return [call() for call in calls]

    def close(self) -> None:
        """Do nothing."""


def server_of(arm: Arm, servers: Servers) -> str:
    """The address of the server that an arm uses."""
    url = servers.rest_url if isinstance(arm, RestArm) else servers.graphql_url
    assert url is not None
    return url


def client_side(screen: Screen, arm: Arm, servers: Servers) -> ClientSide | None:
    """What an arm's loads take the client; None of a screen that writes.

    Raises:
        LoadFailed: the screen could not be loaded.
        ServerUnreachable: the server does not answer.
    """
    if screen.preparation is not None:
        return None
    url = server_of(arm, servers)
    kept = _Kept(servers.session(url, Network()))
    session = cast("requests.Session", kept)
    api: RestApi | GraphqlApi
    if isinstance(arm, RestArm):
        api = RestApi(RestClient(url, session=session, retry=NO_RETRY), _InTurn(), NoRecord())
    else:
        client = GraphqlClient(url, session=session, retry=NO_RETRY)
        api = GraphqlApi(client, arm.path, _InTurn(), NoRecord())
    try:
        with loading_of(f"{screen.name}, {arm.name}"):
            arm.load(api)
            whole = _median_ms(lambda: arm.load(api))
    finally:
        kept.close()
    bodies = [answer.content for answer in kept.answers.values()]
    decode = _median_ms(lambda: [json.loads(body) for body in bodies])
    return ClientSide(decode, max(0.0, whole - decode))


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(LOADS):
        began = time.perf_counter_ns()
        work()
        took.append(time.perf_counter_ns() - began)
    return median(took) / 1e6
