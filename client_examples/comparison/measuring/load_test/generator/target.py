"""What the users of a worker process load: a screen by one arm, checked against its view."""

import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from statistics import median
from typing import Any, cast

import requests
from gevent.lock import RLock
from locust.contrib.fasthttp import FastHttpSession

from client_examples.clients.api_errors import ApiError
from client_examples.clients.http_client import new_session
from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.exchanges import NoRecord
from client_examples.comparison.arms.leaves import plain
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import ViewsDiffer
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.loading.sessions import Sessions
from client_examples.comparison.measuring.load_test.generator.locust_session import (
    Greenlets,
    LocustSession,
)
from client_examples.comparison.network.clients import BothClients
from client_examples.comparison.network.servers import Servers
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient

ALONE = 20  # loads one after the other, to know where to begin


class Target:
    """A screen by an arm, which can be exchanged while nobody loads.

    All users of a process share it; each loads by a `Visitor` of its own. It logs in once, if the
    screen says how.

    Raises:
        LoadFailed: logging in failed.
        ServerUnreachable: a server does not answer.
    """

    def __init__(self, screen: Screen, arms: Sequence[Arm], servers: Servers) -> None:
        self.screen = screen
        self.arm = arms[0]
        self._arms = {arm.name: arm for arm in arms}
        assert servers.rest_url is not None
        assert servers.graphql_url is not None
        self._rest_url, self._graphql_url = servers.rest_url, servers.graphql_url
        self._ca_file = servers.ca_file
        self._credentials = Sessions(
            self._rest_url, self._graphql_url, servers.credentials, servers.ca_file, Greenlets()
        ).of(screen)
        self._lock = RLock()
        self._prepared: list[Any] | None = None
        self._leaving = ExitStack()
        self._view: Any = None
        self._to_undo: list[RestApi | GraphqlApi] = []

    @property
    def name(self) -> str:
        """The screen's and the arm's."""
        return f"{self.screen.name}, {self.arm.name}"

    def take(self, arm: str) -> None:
        """Load by that arm from now on; "" leaves it as it is."""
        self.arm = self._arms[arm] if arm else self.arm

    def clients(self, session: FastHttpSession) -> BothClients:
        """Both servers' clients for one user."""
        sent = self._credentials.sent_to
        rest = LocustSession(session, sent("rest", self._rest_url))
        graphql = LocustSession(session, sent("graphql", self._graphql_url))
        by: dict[str, Any] = {"elsewhere": lambda _: LocustSession(session, {}), "retry": NO_RETRY}
        return BothClients(
            RestClient(self._rest_url, session=cast("requests.Session", rest), **by),
            GraphqlClient(self._graphql_url, session=cast("requests.Session", graphql), **by),
        )

    def get_ready(self, clients: BothClients) -> None:
        """Prepare what the screen needs, and learn its view; once, whoever comes first.

        Raises:
            ViewsDiffer: an arm shows something else than the screen's first arm.
            LoadFailed: the screen could not be loaded.
            ServerUnreachable: a server does not answer.
        """
        with self._lock:
            if self._prepared is not None:
                return
            prepared = self._prepare()
            try:
                view = self._seen(self.screen.arms[0], clients, prepared)
                for arm in self._arms.values():
                    self._require(view, self._seen(arm, clients, prepared))
            except BaseException:
                self._leaving.close()
                raise
            self._view, self._prepared = view, prepared

    def load(self, clients: BothClients) -> None:
        """Load once.

        Raises:
            ViewsDiffer: what it shows is not the view.
            LoadFailed: the screen could not be loaded.
            ServerUnreachable: a server does not answer.
        """
        assert self._prepared is not None
        seen = self._seen(self.arm, clients, self._prepared)
        if seen != self._view:  # `_require` knows better, and takes longer
            self._require(self._view, seen)

    def alone_s(self, clients: BothClients) -> dict[str, float]:
        """The median time of a load by each arm when there is no other, in seconds."""
        first, alone = self.arm.name, {}
        for name in self._arms:
            self.take(name)
            took = []
            for _ in range(ALONE):
                began = time.perf_counter()
                self.load(clients)
                took.append(time.perf_counter() - began)
            self.undo()
            alone[name] = median(took)
        self.take(first)
        return alone

    def undo(self) -> None:
        """Take back what loads have done; after it, not during it, as it is not timed."""
        while self._to_undo:
            self._to_undo.pop().undo()

    def close(self) -> None:
        """Undo what was prepared, as far as the server allows it."""
        with suppress(ApiError):
            self.undo()
            self._leaving.close()

    def _prepare(self) -> list[Any]:
        if self.screen.preparation is None:
            return []
        session = new_session(self._rest_url)
        session.headers.update({**self._credentials.rest, "If-Match": "*"})
        session.cookies.update(self._credentials.cookies)
        if self._ca_file is not None:
            session.verify = self._ca_file
        client = self._leaving.enter_context(RestClient(self._rest_url, session=session))
        api = RestApi(client, Greenlets(), NoRecord())
        with loading_of(self.screen.name, "preparing", api):
            return [self._leaving.enter_context(self.screen.preparation(api))]

    def _seen(self, arm: Arm, clients: BothClients, prepared: list[Any]) -> Any:
        """The view that an arm gives; what it does is kept to be undone."""
        api = arm.by(clients, Greenlets(), NoRecord())
        try:
            with loading_of(self.screen.name, arm.name, api):
                return arm.load(api, *prepared)
        finally:
            if self.screen.preparation is not None:
                self._to_undo.append(api)

    def _require(self, view: Any, seen: Any) -> None:
        found = difference(plain(view), plain(seen))
        if found is not None:
            raise ViewsDiffer(
                f"the view is another at {found.path}: {found.right} instead of {found.left}",
                screen=self.screen.name,
                arm=self.arm.name,
            )
