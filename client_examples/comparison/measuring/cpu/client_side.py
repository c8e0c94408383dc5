"""What a load takes the client beside the network: to decode the answers, and to build the view.

The answers of one load are kept, and the arm is given them again and again without a request.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, NamedTuple

import requests

from client_examples.clients.http_client import without_secrets
from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.exchanges import NoRecord, Recorder
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.loading.sessions import Sessions
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.clients import BothClients
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


class _Kept:
    """A session that sends each request once, and then knows the answer."""

    adapters: dict[str, object] = {}  # noqa: RUF012 - none of requests'

    def __init__(self, session: requests.Session) -> None:
        self._session = session
        self._answers: dict[object, requests.Response] = {}

    def request(
        self, method: str, url: str, *, data: bytes | None, **more: Any
    ) -> requests.Response:
        """The answer; after the first time, at once."""
        key = method, url, data, tuple((more.get("headers") or {}).items())
        known = self._answers.get(key)
        if known is None:
            known = self._session.request(method, url, data=data, **more)
            self._answers[key] = known
        return known

    def elsewhere(self, url: str) -> "_Kept":
        """The same for another server, without headers that are for this one."""
        other = _Kept(without_secrets(self._session, url))
        other._answers = self._answers
        return other

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


def client_side(screen: Screen, arm: Arm, servers: Servers) -> ClientSide | None:
    """What an arm's loads take the client; None of a screen that writes.

    Raises:
        LoadFailed: the screen could not be loaded.
        ServerUnreachable: the server does not answer.
    """
    if screen.preparation is not None:
        return None
    url = servers.url_of(arm.api)
    signed_in = replace(servers, credentials=_credentials(screen, servers))
    kept = _Kept(signed_in.session(arm.api, Network()))
    by: dict[str, Any] = {"session": kept, "elsewhere": kept.elsewhere, "retry": NO_RETRY}
    clients = BothClients(RestClient(url, **by), GraphqlClient(url, **by))  # the arm takes its own
    given: list[requests.Response] = []
    try:
        api = arm.by(clients, _InTurn(), Recorder(on_exchange=given.append))
        with loading_of(screen.name, arm.name, api):
            arm.load(api)
        again = arm.by(clients, _InTurn(), NoRecord())
        with loading_of(screen.name, arm.name, again):
            whole = _median_ms(lambda: arm.load(again))
    finally:
        kept.close()
    bodies = [answer.content for answer in given if _is_json(answer.content)]
    decode = _median_ms(lambda: [json.loads(body) for body in bodies])
    return ClientSide(decode, max(0.0, whole - decode))


def _is_json(body: bytes) -> bool:
    """Whether there is something to decode: an answer may be empty, or no JSON."""
    try:
        json.loads(body)
    except ValueError:
        return False
    return True


def _credentials(screen: Screen, servers: Servers) -> Credentials:
    urls = servers.rest_url, servers.graphql_url
    return Sessions(*urls, servers.credentials, servers.ca_file, _InTurn()).of(screen)


def _median_ms(work: Callable[[], object]) -> float:
    took = []
    for _ in range(LOADS):
        began = time.perf_counter_ns()
        work()
        took.append(time.perf_counter_ns() - began)
    return median(took) / 1e6
