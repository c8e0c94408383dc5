"""Measures what a shared cache saves, way by way."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from client_examples.comparison.arms.screen import Arm, GraphqlArm, RestArm, Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.loading.caching_loader import PersistedLoader
from client_examples.comparison.loading.failures import loading_of
from client_examples.comparison.loading.load import Load, check_view
from client_examples.comparison.loading.load_counter import numbered
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.attempts import Attempts
from client_examples.comparison.measuring.shared_cache.edge import CachingEdge, NoEdge, max_age_of
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.network.server_processes import ServerProcesses, Unseen, Used
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.caching import (
    SharedCacheResults,
    SharedCacheScreen,
    SharedCacheSettings,
    SharedCacheWay,
)
from client_examples.comparison.results.document import Settings

_REST_S = 1.0  # for which the servers are watched while they have nothing to do
_SPARE_S = 5.0  # after a view should be fresh
_PAUSE_S = 0.01  # between two looks whether a view is fresh


@dataclass
class _Way:
    """One way of loading a screen, and what is known of it so far."""

    arm: Arm
    method: str
    loader: Loader
    loads: list[Load] = field(default_factory=list)
    cpu_ms: float | None = None
    changed_ms: float | None = None
    stale_ms: float = 0.0

    def result(self) -> SharedCacheWay:
        exchanges = [exchange for load in self.loads for exchange in load.exchanges]
        return SharedCacheWay(
            arm=self.arm.name,
            description=self.arm.description,
            method=self.method,
            times_ms=[load.elapsed_ns / 1e6 for load in self.loads],
            requests=len(exchanges),
            hits=sum(exchange.from_shared_cache for exchange in exchanges),
            cpu_ms=self.cpu_ms,
            changed_ms=self.changed_ms,
            stale_ms=None if self.changed_ms is None else self.stale_ms,
        )


class SharedCacheTest:
    """Some screens behind a shared cache; `results` can be asked for at any time.

    Args:
        screens: what to load; each declares what another client changes of it.
    """

    def __init__(self, screens: Sequence[Screen]) -> None:
        self.screens = screens
        self._results: SharedCacheResults | None = None

    def run(
        self,
        loader: Loader,
        settings: Settings,
        on_screen: Callable[[], None],
        attempts: Attempts,
    ) -> None:
        """Measure all screens, by `attempts`; does nothing unless it was asked for.

        Raises:
            LoadFailed: a screen could not be loaded, or was stale for longer than it may be: to
                `attempts`.
            ViewsDiffer: a visitor was shown something else; likewise.
        """
        asked = settings.shared_cache
        if asked is None:
            return
        try:
            with _between_links(loader.servers, asked) as edge:
                self._measure(loader, edge, asked, on_screen, attempts)
        except NoEdge as error:
            self._results = SharedCacheResults(missing=str(error))

    def results(self) -> SharedCacheResults | None:
        """The results so far; None where there are none."""
        return self._results

    def _measure(
        self,
        loader: Loader,
        edge: "_Edge",
        asked: SharedCacheSettings,
        on_screen: Callable[[], None],
        attempts: Attempts,
    ) -> None:
        edge.warm_up()
        max_age_s = 0  # until a screen has told it
        found: dict[str, SharedCacheScreen] = {}

        def measure(screen: Screen) -> None:
            nonlocal max_age_s
            max_age_s = max_age_s or max_age_of(loader, screen)
            for ways in _Measuring(screen, loader, edge, asked, max_age_s).run():
                found[screen.name] = SharedCacheScreen(screen.name, [way.result() for way in ways])
                self._results = SharedCacheResults(max_age_s=max_age_s, screens=[*found.values()])
            on_screen()

        attempts(measure, self.screens)


class _Edge:
    """The edge between two links, with clients of it, and the servers' processes behind."""

    def __init__(self, edge: CachingEdge, servers: Servers, relay: Relay, link: Link) -> None:
        urls = f"{edge.url}/rest", edge.url
        options: dict[str, Any] = {"ca_file": str(edge.ca_file), "relay": relay}
        options["credentials"] = servers.credentials
        self.plain = Loader(*urls, **options)
        self.persisted = PersistedLoader(*urls, **options)
        self.link = link
        self.processes: ServerProcesses | None = None
        self.rest_ms = 0.0
        try:
            behind = [url for url in (servers.rest_url, servers.graphql_url) if url]
            self.processes = ServerProcesses.behind(behind)
        except Unseen:
            return
        before = self.processes.used()
        time.sleep(_REST_S)
        self.rest_ms = self.processes.used().since(before).cpu_ns / 1e6 / _REST_S

    def used(self) -> Used | None:
        """What the servers have used; None where they cannot be seen, or a process has ended."""
        try:
            return self.processes.used() if self.processes else None
        except Unseen:
            return None

    def warm_up(self) -> None:
        """Have the edge connected to both servers, which no visitor is to wait for."""
        for url, health in self.plain.health().items():
            if health is None:
                raise NoEdge(
                    f"{url}/health is not there: the servers do not know that an edge is in front "
                    "of them; ./start_servers.sh --compare --shared-cache tells them"
                )

    def close(self) -> None:
        self.plain.close()
        self.persisted.close()


@contextmanager
def _between_links(servers: Servers, asked: SharedCacheSettings) -> Iterator[_Edge]:
    names = [*servers.credentials.rest, *servers.credentials.graphql]
    if any(name.lower() == "authorization" for name in names):
        raise NoEdge("a request with Authorization is never answered from a shared cache")
    with ExitStack() as closing:
        near, far = Relay(), Relay()
        closing.callback(near.close)
        closing.callback(far.close)
        edge = closing.enter_context(CachingEdge(servers, far))
        far.set(Link(asked.far_rtt_ms))
        found = _Edge(edge, servers, near, Link(asked.near_rtt_ms))
        closing.callback(found.close)
        yield found


class _Measuring:
    """A screen behind the edge."""

    def __init__(
        self,
        screen: Screen,
        direct: Loader,
        edge: _Edge,
        asked: SharedCacheSettings,
        max_age_s: int,
    ) -> None:
        self._screen = screen
        self._direct = direct
        self._edge = edge
        self._asked = asked
        self._max_age_s = max_age_s
        rest = [arm for arm in screen.arms if isinstance(arm, RestArm)][-1]  # the best known
        query = next(arm for arm in screen.arms if isinstance(arm, GraphqlArm))
        graphql = next((arm for arm in screen.arms if arm.name == "graphql/planned"), query)
        self._reference = rest
        self._ways = [
            _Way(rest, "GET", edge.plain),
            _Way(graphql, "GET, persisted", edge.persisted),
            _Way(graphql, "POST", edge.plain),
        ]

    def run(self) -> Iterator[list[_Way]]:
        """Measure; the ways each time that more is known of them."""
        self._know_queries()
        view = self._direct.load(self._screen, self._reference).view
        for way in self._ways:
            self._visit(way, view)
            yield self._ways
        self._change(view)
        yield self._ways

    def _know_queries(self) -> None:
        """Have the server know the text of each persisted query, as it does once one has asked."""
        with self._direct_persisted() as loader:
            for way in self._ways:
                if way.loader is self._edge.persisted:
                    loader.load(self._screen, way.arm)

    @contextmanager
    def _direct_persisted(self) -> Iterator[Loader]:
        loader = self._direct.beside(PersistedLoader)
        try:
            yield loader
        finally:
            loader.close()

    def _load(self, way: _Way) -> Load:
        return way.loader.load(self._screen, way.arm, self._edge.link)

    def _visit(self, way: _Way, view: Any) -> None:
        """Have all visitors load, one after the other."""
        before, began = self._edge.used(), time.perf_counter()
        visitors = self._asked.visitors
        name, reference = self._screen.name, self._reference.name
        for number in range(1, visitors + 1):
            with numbered(f"a visitor behind a shared cache ({way.method})", number, visitors):
                load = self._load(way)
                check_view(name, way.arm, load, reference, view, "behind a shared cache")
            way.loads.append(load)
        after = self._edge.used()
        if before and after:
            took = after.since(before).cpu_ns / 1e6
            at_rest = self._edge.rest_ms * (time.perf_counter() - began)
            way.cpu_ms = max(0.0, took - at_rest)

    def _change(self, before: Any) -> None:
        """Have another client change what is shown, and load by each way until it is seen."""
        screen = self._screen
        assert screen.changing is not None
        with self._direct.another_client(screen) as another:
            time.sleep(self._max_age_s)  # until nothing that is kept may be shown any more
            for way in self._ways:  # so what is kept is as young as it can be
                self._load(way)
            try:
                with loading_of(screen.name, "changing it", another):
                    screen.changing(another)
                changed = time.perf_counter()
                view = self._direct.load(screen, self._reference).view
                self._look_until_fresh(before, view, changed)
            finally:
                with loading_of(screen.name, "putting it back"):
                    another.undo()

    def _look_until_fresh(self, before: Any, view: Any, changed: float) -> None:
        waiting = list(self._ways)
        limit_s = self._max_age_s + _SPARE_S
        while waiting:
            for way in list(waiting):
                load = self._load(way)
                seen_s = time.perf_counter() - changed
                if way.changed_ms is None:
                    way.changed_ms = load.elapsed_ns / 1e6
                if load.view == view:
                    waiting.remove(way)
                    continue
                name, phase = self._screen.name, "after another client's change"
                check_view(name, way.arm, load, self._reference.name, before, phase)
                if seen_s > limit_s:
                    raise LoadFailed(
                        f"was stale for {seen_s:.1f} s {phase}", screen=name, arm=way.arm.name
                    )
                way.stale_ms = seen_s * 1000
            time.sleep(_PAUSE_S)
