"""Loading a screen once by one arm: its view, its exchanges and how long it took."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from time import perf_counter_ns, process_time_ns
from typing import Any, ClassVar, TypeVar

from requests import Response
from urllib3.util import Retry

from client_examples.clients.circuit_breaker import Breaker
from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.api import GraphqlApi, RestApi
from client_examples.comparison.arms.counting import count
from client_examples.comparison.arms.exchanges import NoRecord, Recorder
from client_examples.comparison.arms.leaves import LeafLedger, plain
from client_examples.comparison.arms.objects import objects_in_data
from client_examples.comparison.arms.screen import Arm, GraphqlArm, Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading import floor
from client_examples.comparison.loading.failures import loading_of, of_arm
from client_examples.comparison.loading.load import Load
from client_examples.comparison.loading.preparations import Preparations
from client_examples.comparison.loading.sessions import Sessions
from client_examples.comparison.loading.static_cost import CostApi, sum_of
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.clients import Clients
from client_examples.comparison.network.connections import (
    Connections,
    MeteredConnections,
    SideBySide,
    open_session,
)
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.metered import Network
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.counts import Counts, StaticCost
from client_examples.comparison.results.protocols import Protocol
from client_examples.rest_client import RestClient

# With cold connections, whether an exchange can reuse one depends on how long others take.
# Counting over a link makes exchanges side by side overlap, as on a real network.
_COUNTING_LINK_MS = 20.0

Kind = TypeVar("Kind", bound="Loader")


class Loader:
    """Loads any arm of any screen, over connections that are open before the clock starts.

    Args:
        rest_url: the server's address; None for a server that no arm needs. Likewise
        `graphql_url`.
        graphql_url: see `rest_url`.
        credentials: what goes with every request.
        ca_file: certificates to trust instead of the usual ones.
        retry: the policy for exchanges that may be repeated; by default, a failed exchange
            fails the load.
        breaker: for the one server; by default none.
        cold: whether each load opens its connections anew.
        relay: what loads over a link go through; without one there are none.
        preparations: another loader's, which undoes them; by default its own.
        sessions: another loader's, which have logged in; by default its own.

    Raises:
        ServerUnreachable: one of the servers does not answer.
    """

    connections: ClassVar[type[MeteredConnections]] = MeteredConnections

    def __init__(
        self,
        rest_url: str | None,
        graphql_url: str | None,
        *,
        credentials: Credentials | None = None,
        ca_file: str | None = None,
        retry: Retry = NO_RETRY,
        breaker: Breaker | None = None,
        cold: bool = False,
        relay: Relay | None = None,
        preparations: Preparations | None = None,
        sessions: Sessions | None = None,
    ) -> None:
        self._cold = cold
        self._relay = relay
        self._trust: dict[str, Any] = {
            "credentials": credentials or Credentials(),
            "ca_file": ca_file,
        }
        self._urls = rest_url, graphql_url
        self._policies: dict[str, Any] = {"retry": retry, "breaker": breaker}
        self._threads, self._kind = self._ways()
        self._sessions = sessions or Sessions(
            rest_url, graphql_url, **self._trust, threads=self._threads
        )
        self._direct = self._clients = self._connected(Network())
        self._relayed: Clients | None = None
        self._own = Preparations(self.another_client)
        self._preparations = preparations or self._own

    def _ways(self) -> tuple[SideBySide, Callable[[Network], Connections]]:
        """How exchanges are sent side by side, and over which connections."""
        return SideBySide(), self.connections

    @property
    def is_cold(self) -> bool:
        """Whether each load opens its connections anew."""
        return self._cold

    @property
    def network(self) -> Network:
        """The network between the clients and the servers, without a link."""
        return self._direct.network

    @property
    def relay(self) -> Relay | None:
        """What loads over a link go through."""
        return self._relay

    @property
    def protocols(self) -> set[Protocol]:
        """What its exchanges go by: one, unless only one of the servers speaks TLS."""
        urls = [url for url in self._urls if url is not None]
        return {"http1-tls" if url.startswith("https:") else "http1" for url in urls}

    @property
    def handshake_trips(self) -> int:
        """The round trips that the connection opened last took to open."""
        return (self._relayed or self._direct).network.handshake_trips

    @property
    def servers(self) -> Servers:
        """Both servers, for clients that have connections of their own."""
        return Servers(*self._urls, **self._trust)

    def beside(self, kind: type[Kind], **options: Any) -> Kind:
        """A loader of that kind for the same servers, over connections of its own."""
        own: dict[str, Any] = {
            "cold": self._cold,
            "relay": self._relay,
            "sessions": self._sessions,
        }
        return kind(*self._urls, **(self._trust | own | options))

    def at(self, kind: type[Kind], rest_url: str | None, graphql_url: str | None) -> Kind:
        """A loader of that kind for the same servers by other addresses, with what is prepared."""
        own: dict[str, Any] = {
            "cold": self._cold,
            "relay": self._relay,
            "preparations": self._preparations,
            "sessions": self._sessions,
        }
        return kind(rest_url, graphql_url, **self._trust, **own)

    def alone(self, arm: Arm, retry: Retry, breaker: Breaker | None) -> "Loader":
        """The arm's server alone, with other policies, over connections that stay open."""
        url = self.servers.url_of(arm.api)
        rest_url, graphql_url = (url, None) if arm.api == "rest" else (None, url)
        own: dict[str, Any] = {"retry": retry, "breaker": breaker, "sessions": self._sessions}
        return Loader(rest_url, graphql_url, **self._trust, **own)

    @contextmanager
    def another_client(self, screen: Screen) -> Iterator[RestApi]:
        """The REST server as another client sees it: nothing that it does is counted or timed."""
        url = self._urls[0]
        assert url is not None
        ca_file, credentials = self._trust["ca_file"], self._sessions.of(screen)
        session = open_session(url, headers=credentials.rest, ca_file=ca_file)
        with RestClient(url, session=session) as client:
            client.session.cookies.update(credentials.cookies)
            # It overwrites on purpose; a server may ask for a precondition.
            client.session.headers["If-Match"] = "*"
            yield RestApi(client, self._threads, NoRecord())

    def prepare(self, screen: Screen) -> None:
        """Prepare what the screen needs, if it needs anything; undone when this is closed."""
        self._preparations.prepare(screen)

    def load(self, screen: Screen, arm: Arm, link: Link | None = None) -> Load:
        """Load as a client would, to be timed; over a link, if one is given.

        Raises:
            LinkFailed: the relay that is the link has ended.
        """
        return self._recorded(screen, arm, Recorder(), link)

    def load_counted(
        self,
        screen: Screen,
        arm: Arm,
        on_exchange: Callable[[Response], None] | None = None,
    ) -> tuple[Load, Counts]:
        """Load with a record of every leaf that the arm reads; its time is not valid."""
        is_graphql = isinstance(arm, GraphqlArm)
        ledger = LeafLedger(objects_in_data, "data") if is_graphql else LeafLedger()
        link = Link(_COUNTING_LINK_MS) if self._cold else None
        if link is None:
            self._direct.open_again(to_count=True)
        load = self._recorded(screen, arm, Recorder(ledger, on_exchange), link)
        return load, count(load.exchanges, ledger)

    def load_for_cost(self, screen: Screen, arm: GraphqlArm) -> StaticCost | None:
        """Load, only to be told the most that the arm's operations may return.

        None where the server does not tell, or refuses to be asked.
        """
        api = CostApi(self._clients.graphql, arm.path, self._threads)
        try:
            self._load(screen, arm, api)
        except LoadFailed:
            if api.failure is None:
                raise
            return None
        return sum_of(api.costs)

    def load_floor(self, name: str, url: str, link: Link | None = None, *, times: int = 1) -> Load:
        """Ask for the address, which is on that floor's server; over a link, if one is given."""
        with of_arm("", name), self._between(link):
            clients = self._clients
            client = clients.rest if name == floor.REST_FLOOR else clients.graphql
            return floor.load_floor(name, url, client, times)

    def health(self) -> dict[str, Any]:
        """What each server says of itself at `/health`, by its address; None if it says nothing."""
        return self._direct.health()

    def _recorded(self, screen: Screen, arm: Arm, recorder: Recorder, link: Link | None) -> Load:
        with of_arm(screen.name, arm.name), self._between(link):
            load, began = self._load(screen, arm, self._api(arm, recorder))
        return replace(load, exchanges=recorder.exchanges(began))

    def _load(self, screen: Screen, arm: Arm, api: RestApi | GraphqlApi) -> tuple[Load, int]:
        """A load without its exchanges, and when it began."""
        self._clients.sign_in(self._sessions.of(screen))
        prepared = self._preparations.prepare(screen)
        is_far = self._clients is not self._direct
        with loading_of(screen.name, arm.name, api, is_far=is_far):
            try:
                client_ns = process_time_ns()
                began = perf_counter_ns()
                view = arm.load(api, *prepared)
                elapsed = perf_counter_ns() - began
                client_ns = process_time_ns() - client_ns
                view = plain(view)
            finally:
                api.undo()
        return Load(view, [], elapsed, client_ns), began

    def _api(self, arm: Arm, recorder: Recorder) -> RestApi | GraphqlApi:
        """The API that the arm is to use."""
        return arm.by(self._clients, self._threads, recorder)

    @contextmanager
    def _between(self, link: Link | None) -> Iterator[None]:
        """Put the link between client and servers; for cold loads, close the connections first."""
        relay = None if link is None else self._relay
        self._clients = self._direct if link is None else self._behind_relay()
        if self._cold:
            self._clients.close_all()
        else:
            self._clients.open_again()
        try:
            with nullcontext() if relay is None else relay.over(link):
                yield
        finally:
            self._clients = self._direct

    def _behind_relay(self) -> Clients:
        """The clients that load over links, connected when they are first needed."""
        assert self._relay is not None
        if self._relayed is None:
            self._relayed = self._connected(Network(self._relay))
        return self._relayed

    def _connected(self, network: Network) -> Clients:
        rest_url, graphql_url = self._urls
        return Clients(rest_url, graphql_url, self._kind, network, **self._trust, **self._policies)

    def close(self) -> None:
        """Undo the preparations, close the connections and end the threads."""
        self._own.undo()
        self._direct.close()
        if self._relayed is not None:
            self._relayed.close()
        self._threads.close()
