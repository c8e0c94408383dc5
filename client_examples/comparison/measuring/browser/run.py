"""Measures the arms in a browser, over each protocol with TLS and over each link."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from client_examples.comparison.analysis.network_model import link_at
from client_examples.comparison.arms.exchanges import level_sizes
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.measuring.browser.chromium import NAMES, chromium, playing
from client_examples.comparison.measuring.browser.har import Recording
from client_examples.comparison.measuring.browser.page import LabPage, PageLoad, Servers, opened
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.measuring.timing import interleaved
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.network.relay import Passed, Relay
from client_examples.comparison.results.browser import (
    WAYS,
    BrowserArm,
    BrowserLoads,
    BrowserResults,
    BrowserScreen,
    BrowserWork,
    Connections,
    OriginLoads,
    Way,
)
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.timing import Sample
from client_examples.comparison.statistics import summarize

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_PHONE = 4.0  # a processor slowed to a quarter, as Lighthouse does for a telephone
_WARM_UP = 1
_TRIES = 3  # until a load opens no connection

Key = tuple[Protocol, float, Connections]


@dataclass
class _Found:
    """What is known of an arm."""

    loads: dict[Key, list[tuple[Sample, Passed]]] = field(default_factory=dict)
    work: list[BrowserWork] = field(default_factory=list)
    preflights: dict[Way, int] = field(default_factory=dict)
    origins: dict[Way, list[Sample]] = field(default_factory=dict)


class BrowserTest:
    """Screens in a browser; `results` can be asked for at any time.

    Args:
        settings: what else is measured, and how often each arm is loaded here.
        relay: what the browser goes through; None where it is not asked for.
        credentials: headers that are sent to each of the two APIs.
        ca_file: certificates to trust instead of the usual ones.
        recording: of a load of each arm over each protocol, if there is to be one.
    """

    def __init__(
        self,
        settings: Settings,
        relay: Relay | None = None,
        credentials: Credentials | None = None,
        ca_file: str | None = None,
        recording: Recording | None = None,
    ) -> None:
        self._settings = settings
        self._relay = relay
        self._credentials = credentials or Credentials()
        self._ca_file = ca_file
        self._recording = recording
        self._name = ""
        self._found: dict[str, dict[str, _Found]] = {}
        self._left_out: list[str] = []

    def run(
        self,
        screens: Sequence[Screen],
        measured: Mapping[str, Measured],
        on_load: Callable[[], None] = lambda: None,
    ) -> None:
        """Measure all screens that the lab has; does nothing unless it was asked for.

        Raises:
            BrowserFailed: the browser does not start, or does not get the lab's page.
            LinkFailed: the relay has ended.
            LoadFailed: a screen could not be loaded, or went by another protocol.
            ViewsDiffer: it shows something else than in the Python clients.
        """
        if self._settings.browser is None or self._relay is None:
            return
        with playing() as playwright, ExitStack() as closing:
            browsers: dict[Protocol, Browser] = {}
            for protocol in protocols_of(self._settings):
                self._relay.set(None)
                browsers[protocol] = closing.enter_context(
                    chromium(
                        playwright,
                        protocol,
                        self._edge,
                        self._relay,
                        self._ca_file,
                        [self._settings.graphql_url],
                    )
                )
            first = next(iter(browsers.values()))
            self._name = f"{first.browser_type.name} {first.version}"
            pages = {
                protocol: closing.enter_context(self._page(browser))
                for protocol, browser in browsers.items()
            }
            other = None
            if "http2" in browsers:
                other = closing.enter_context(self._page_of_another_origin(browsers["http2"]))
            there = next(iter(pages.values())).arms()
            for screen in screens:
                arms = [arm.name for arm in screen.arms if arm.name in there.get(screen.name, [])]
                if not arms:
                    self._left_out.append(screen.name)
                    continue
                turn = _Turns(screen, arms, measured[screen.name], self._settings, self._relay)
                self._found[screen.name] = turn.found
                turn.warm(pages, on_load)
                turn.cold(
                    {one: partial(self._page, each) for one, each in browsers.items()}, on_load
                )
                turn.work(pages, on_load)
                self._record(browsers, screen.name, arms)
                if other is not None:
                    turn.across_origins(other, on_load)

    def results(self) -> BrowserResults | None:
        """The results so far; None where there are none."""
        if not self._name:
            return None
        rtt = max(rtts_of(self._settings))
        screens = [
            BrowserScreen(name, [_arm(arm, found, rtt) for arm, found in arms.items()])
            for name, arms in self._found.items()
        ]
        return BrowserResults(self._name, screens, self._left_out)

    @property
    def _edge(self) -> str:
        assert self._settings.edge_url is not None
        return self._settings.edge_url

    def _record(
        self, browsers: Mapping[Protocol, "Browser"], screen: str, arms: Sequence[str]
    ) -> None:
        if self._recording is None:
            return
        assert self._relay is not None
        link = link_at(self._settings, max(rtts_of(self._settings)))
        for protocol, browser in browsers.items():
            for arm in arms:
                turn = (screen, arm, protocol)
                self._recording.add(browser, self._servers, self._relay, link, turn)

    @property
    def _servers(self) -> Servers:
        return Servers(self._edge, f"{self._edge}/rest", self._edge, self._credentials)

    @contextmanager
    def _page(self, browser: "Browser") -> Iterator[LabPage]:
        with opened(browser, self._servers) as page:
            yield page

    @contextmanager
    def _page_of_another_origin(self, browser: "Browser") -> Iterator[LabPage]:
        """The GraphQL server's own page, which asks the proxy's origin for all."""
        servers = replace(self._servers, page=self._settings.graphql_url)
        with opened(browser, servers, bypass_csp=True) as page:
            yield page


def protocols_of(settings: Settings) -> list[Protocol]:
    """Those that browsers speak over TLS, of the run's."""
    return [one for one in settings.protocols if one in NAMES]


def rtts_of(settings: Settings) -> list[float]:
    """The links to load over; none is one of 0 ms."""
    return settings.link_rtts_ms or [0.0]


def planned(arms: int, settings: Settings) -> int:
    """How many loads so many arms take, if the lab has them all."""
    if settings.browser is None:
        return 0
    each = _WARM_UP + settings.browser.samples + settings.browser.cold_samples
    loads = each * len(rtts_of(settings)) * len(protocols_of(settings))
    origins = settings.browser.origin_samples * len(WAYS)
    return arms * (loads + 2 + (origins if "http2" in settings.protocols else 0))


class _Turns:
    """The loads of one screen's arms, in random order over all protocols."""

    def __init__(
        self,
        screen: Screen,
        arms: Sequence[str],
        measured: Measured,
        settings: Settings,
        relay: Relay,
    ) -> None:
        self.found = {arm: _Found() for arm in arms}
        self._screen = screen
        self._measured = measured
        self._settings = settings
        self._relay = relay

    def warm(self, pages: Mapping[Protocol, LabPage], on_load: Callable[[], None]) -> None:
        """Over connections that are open."""
        assert self._settings.browser is not None
        loads = _WARM_UP + self._settings.browser.samples
        for rtt, position, protocol, arm in self._order(list(pages), loads, "warm"):
            for _ in range(_TRIES):
                pages[protocol].connect(AT_ONCE)
                load, passed = self._load(pages[protocol], protocol, arm, rtt)
                if not passed.opened:
                    break
            else:
                raise self._failed(arm, "does not keep its connections open")
            on_load()
            if position >= _WARM_UP:
                self._keep((protocol, rtt, "warm"), arm, load, passed, position - _WARM_UP)

    def cold(
        self,
        open_page: Mapping[Protocol, Callable[[], AbstractContextManager[LabPage]]],
        on_load: Callable[[], None],
    ) -> None:
        """Each over connections of its own: a page's requests share none with its scripts.

        Chromium keeps connections with credentials and those without apart (Fetch, 2.6).
        """
        assert self._settings.browser is not None
        loads = self._settings.browser.cold_samples
        for rtt, position, protocol, arm in self._order(list(open_page), loads, "cold"):
            with open_page[protocol]() as page:
                load, passed = self._load(page, protocol, arm, rtt)
            on_load()
            self._keep((protocol, rtt, "cold"), arm, load, passed, position)

    def work(self, pages: Mapping[Protocol, LabPage], on_load: Callable[[], None]) -> None:
        """What the page does with the answers."""
        page = next(iter(pages.values()))
        for arm, found in self.found.items():
            for slowed in (1.0, _PHONE):
                found.work.append(page.work(self._screen.name, arm, slowed))
                on_load()

    def across_origins(self, page: LabPage, on_load: Callable[[], None]) -> None:
        """By a page of another origin, over HTTP/2 and the farthest link."""
        assert self._settings.browser is not None
        rtt = max(rtts_of(self._settings))
        for arm, found in self.found.items():
            for way in WAYS:
                page.load(self._screen.name, arm, way)  # what may be remembered is, from here on
                found.preflights[way] = page.count_preflights(self._screen.name, arm, way)
        turns = {f"{way} {arm}": (way, arm) for way in WAYS for arm in self.found}
        seed = f"{self._settings.seed}/{self._screen.name}/origins"
        order = interleaved(list(turns), self._settings.browser.origin_samples, seed)
        for position, turn in enumerate(order):
            way, arm = turns[turn]
            page.connect(1)
            load, _ = self._load(page, "http2", arm, rtt, way)
            on_load()
            sample = Sample(position, round(load.ms * 1e6), None)
            self.found[arm].origins.setdefault(way, []).append(sample)

    def _order(
        self, protocols: Sequence[Protocol], loads: int, seed: str
    ) -> Iterator[tuple[float, int, Protocol, str]]:
        """The link, round, protocol and arm of each load."""
        turns = {f"{one} {arm}": (one, arm) for one in protocols for arm in self.found}
        for rtt in rtts_of(self._settings):
            whole = f"{self._settings.seed}/{self._screen.name}/browser/{seed}/{rtt}"
            for number, turn in enumerate(interleaved(list(turns), loads, whole)):
                yield rtt, number // len(turns), *turns[turn]

    def _load(
        self, page: LabPage, protocol: Protocol, arm: str, rtt: float, way: Way | None = None
    ) -> tuple[PageLoad, Passed]:
        with self._relay.over(link_at(self._settings, rtt)):
            self._relay.reset()
            load = page.load(self._screen.name, arm, way)
            passed = self._relay.counted()
        self._check(load, protocol, arm)
        return load, passed

    def _check(self, load: PageLoad, protocol: Protocol, arm: str) -> None:
        """It must be the load that the Python clients make, by this protocol."""
        known, screen = self._measured, self._screen
        found = difference(known.view, load.view)
        if found is not None:
            raise ViewsDiffer(
                f"the views differ at {found.path}: "
                f"{found.left} by {known.reference}, {found.right} in the browser",
                screen=screen.name,
                arm=arm,
            )
        expected = level_sizes(known.counted[arm][0].exchanges)
        if load.levels != expected:
            raise self._failed(arm, f"sends {load.levels} requests per level, not {expected}")
        if load.protocols != [NAMES[protocol]]:
            there = ", ".join(load.protocols)
            raise self._failed(arm, f"loads over {there}, not over {NAMES[protocol]}")

    def _failed(self, arm: str, what: str) -> LoadFailed:
        return LoadFailed(f"the browser {what}", screen=self._screen.name, arm=arm)

    def _keep(self, key: Key, arm: str, load: PageLoad, passed: Passed, position: int) -> None:
        sample = Sample(position, round(load.ms * 1e6), None)
        self.found[arm].loads.setdefault(key, []).append((sample, passed))


def _arm(name: str, found: _Found, farthest_ms: float) -> BrowserArm:
    loads = [_loads(key, each) for key, each in found.loads.items()]
    origins = [
        OriginLoads(
            way,
            farthest_ms,
            found.preflights[way],
            samples,
            summarize([sample.elapsed_ns for sample in samples]),
        )
        for way in WAYS
        if (samples := found.origins.get(way))
    ]
    return BrowserArm(name, loads, found.work, origins)


def _loads(key: Key, each: Sequence[tuple[Sample, Passed]]) -> BrowserLoads:
    protocol, rtt_ms, connections = key
    samples = [sample for sample, _ in each]
    return BrowserLoads(
        protocol=protocol,
        rtt_ms=rtt_ms,
        connections=connections,
        samples=samples,
        summary=summarize([sample.elapsed_ns for sample in samples]),
        opened=median(len(passed.opened) for _, passed in each),
        sent_bytes=median(passed.up_bytes for _, passed in each),
        received_bytes=median(passed.down_bytes for _, passed in each),
    )
