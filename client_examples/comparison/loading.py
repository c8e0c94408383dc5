"""Loading a screen once by one arm: its view, its exchanges and how long it took."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from time import perf_counter_ns
from typing import Any, ClassVar, TypeVar, cast
from urllib.parse import urlsplit

from requests import Response
from urllib3.util import Retry

from client_examples.api_errors import ApiError, rest_answer
from client_examples.breaker import Breaker
from client_examples.comparison.api import GraphqlApi, RestApi
from client_examples.comparison.arms import Arm, RestArm, Screen
from client_examples.comparison.connections import MeteredConnections, SideBySide, open_session
from client_examples.comparison.counts import count
from client_examples.comparison.document import Counts
from client_examples.comparison.exchanges import NoRecord, Recorder
from client_examples.comparison.failures import ComparisonError, LoadFailed
from client_examples.comparison.leaves import LeafLedger, plain
from client_examples.comparison.link import Link
from client_examples.comparison.load import Load, loading_of
from client_examples.comparison.metered import Network
from client_examples.comparison.watching.servers import Servers
from client_examples.graphql_client import GraphqlClient
from client_examples.http_client import HttpClient
from client_examples.rest_client import RestClient
from client_examples.retries import NO_RETRY

FLOORS = ("floor/rest", "floor/graphql")

# On fresh connections, whether an exchange finds one that another has left depends on how long
# they take. Counted over a link, side by side means side by side, as on a real network.
_COUNTING_LINK_MS = 20.0

Kind = TypeVar("Kind", bound="Loader")


class Loader:
    """The servers, with connections open and threads running: loads any arm of any screen.

    Args:
        rest_url: the server's address; None for a server that no arm needs. Likewise
        `graphql_url`.
        graphql_url: see `rest_url`.
        headers: sent with every request.
        ca_file: certificates to trust instead of the usual ones.
        retry: the policy for exchanges that may be repeated; by default, a failed exchange
            fails the load.
        breaker: for the one server; by default none.
        cold: whether each load opens its connections anew.

    Raises:
        ServerAway: one of the servers does not answer.
    """

    connections: ClassVar[type[MeteredConnections]] = MeteredConnections

    def __init__(
        self,
        rest_url: str | None,
        graphql_url: str | None,
        *,
        headers: Mapping[str, str] | None = None,
        ca_file: str | None = None,
        retry: Retry = NO_RETRY,
        breaker: Breaker | None = None,
        cold: bool = False,
    ) -> None:
        self.network = Network()
        self._cold = cold
        self._options: dict[str, Any] = {"headers": headers, "ca_file": ca_file, "cold": cold}
        self._urls = rest_url, graphql_url
        self._open = partial(open_session, headers=headers, ca_file=ca_file)
        self._rest = self._graphql = None
        policies: dict[str, Any] = {"retry": retry, "breaker": breaker}
        if rest_url is not None:
            session = self._open(rest_url, self.network, kind=self.connections)
            self._rest = RestClient(rest_url, session=session, **policies)
        if graphql_url is not None:
            session = self._open(graphql_url, self.network, kind=self.connections)
            self._graphql = GraphqlClient(graphql_url, session=session, **policies)
        self._threads = SideBySide()
        self._preparations = ExitStack()
        self._prepared: dict[str, Any] = {}

    @property
    def servers(self) -> Servers:
        """Both servers, for clients that have connections of their own."""
        options = self._options
        return Servers(*self._urls, options["headers"] or {}, options["ca_file"])

    def with_retries(self, retry: Retry) -> "Loader":
        """The same servers over connections of their own, with another policy."""
        return self.beside(Loader, retry=retry)

    def beside(self, kind: type[Kind], **options: Any) -> Kind:
        """A loader of that kind for the same servers, over connections of its own."""
        return kind(*self._urls, **(self._options | options))

    def alone(self, arm: Arm, retry: Retry, breaker: Breaker | None) -> "Loader":
        """The arm's server alone, with other policies, over connections that stay open."""
        rest_url, graphql_url = self._urls
        if isinstance(arm, RestArm):
            graphql_url = None
        else:
            rest_url = None
        options = self._options | {"cold": False}
        return Loader(rest_url, graphql_url, **options, retry=retry, breaker=breaker)

    @contextmanager
    def another_client(self) -> Iterator[RestApi]:
        """The REST server as another client sees it: nothing that it does is counted or timed."""
        url = self._urls[0]
        assert url is not None
        with RestClient(url, session=self._open(url)) as client:
            # It means to, whoever was there first; a server may ask for a condition.
            client.session.headers["If-Match"] = "*"
            yield RestApi(client, self._threads, NoRecord())

    def prepare(self, screen: Screen) -> None:
        """Prepare what the screen needs, if it needs anything; undone when this is closed."""
        if screen.preparation is None or screen.name in self._prepared:
            return
        api = self._preparations.enter_context(self.another_client())
        with loading_of(screen.name):
            context = screen.preparation(api)
            self._prepared[screen.name] = self._preparations.enter_context(context)

    def load(self, screen: Screen, arm: Arm, link: Link | None = None) -> Load:
        """Load as a client would, to be timed; over a link, if one is given."""
        return self._load(screen, arm, Recorder(), link)

    def load_counted(
        self,
        screen: Screen,
        arm: Arm,
        on_exchange: Callable[[Response], None] | None = None,
    ) -> tuple[Load, Counts]:
        """Load with a record of every leaf that the arm reads; its time means nothing."""
        ledger = LeafLedger()
        link = Link(_COUNTING_LINK_MS) if self._cold else None
        load = self._load(screen, arm, Recorder(ledger, on_exchange), link)
        return load, count(load.exchanges, ledger)

    def load_floor(self, name: str, url: str, link: Link | None = None) -> Load:
        """Ask for the address, which is on the server of the floor's name."""
        client = self._rest if name == FLOORS[0] else self._graphql
        assert client is not None
        parts = urlsplit(url)
        asking = HttpClient(
            f"{parts.scheme}://{parts.netloc}", session=client.session, retry=NO_RETRY
        )
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        with self._between(link), loading_of(name):
            began = perf_counter_ns()
            response = asking.exchange("GET", path or "/", repeatable=True)
            elapsed = perf_counter_ns() - began
        if not 200 <= response.status_code < 300:
            raise LoadFailed(f"{name}: {url} answers {response.status_code}")
        return Load(None, [], elapsed)

    def health(self) -> dict[str, Any]:
        """What each server says of itself at `/health`, by its address; None if it says nothing."""
        return {client.url: _health(client) for client in self._clients()}

    def _load(self, screen: Screen, arm: Arm, recorder: Recorder, link: Link | None) -> Load:
        self.prepare(screen)
        api = self._api(arm, recorder)
        prepared = [] if screen.preparation is None else [self._prepared[screen.name]]
        with loading_of(f"{screen.name}, {arm.name}"):
            try:
                with self._between(link):
                    began = perf_counter_ns()
                    view = arm.load(api, *prepared)
                    elapsed = perf_counter_ns() - began
                view = plain(view)
            finally:
                api.undo()
        return Load(view, recorder.exchanges(began), elapsed)

    def _api(self, arm: Arm, recorder: Recorder) -> RestApi | GraphqlApi:
        """The API that the arm is to use."""
        if isinstance(arm, RestArm):
            assert self._rest is not None
            return RestApi(self._rest, self._threads, recorder)
        assert self._graphql is not None
        return GraphqlApi(self._graphql, arm.path, self._threads, recorder)

    @contextmanager
    def _between(self, link: Link | None) -> Iterator[None]:
        """Have the link lie between client and servers, and connections that fit."""
        if self._cold:
            for client in self._clients():
                cast("MeteredConnections", client.session.get_adapter(client.url)).close_all()
        self.network.link = link
        try:
            yield
        finally:
            self.network.link = None

    def _clients(self) -> list[HttpClient]:
        return [client for client in (self._rest, self._graphql) if client is not None]

    def close(self) -> None:
        """Undo the preparations, close the connections and end the threads."""
        with suppress(ApiError, ComparisonError):
            self._preparations.close()
        self._threads.close()
        for client in self._clients():
            client.close()


def _health(client: HttpClient) -> Any:
    try:
        return rest_answer(client.exchange("GET", "/health", repeatable=True))
    except ApiError:
        return None
