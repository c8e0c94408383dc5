"""The loads of one screen's arms in the browser, in random order over all protocols."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from client_examples.comparison.analysis.network_model import link_at
from client_examples.comparison.arms.exchanges import level_sizes
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.arms.view_difference import difference
from client_examples.comparison.errors import LoadFailed, ViewsDiffer
from client_examples.comparison.loading.load_counter import in_order, numbered
from client_examples.comparison.measuring.browser.chromium import NAMES
from client_examples.comparison.measuring.browser.page import LabPage, PageLoad
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.measuring.timing import interleaved
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.network.relay import Passed, Relay
from client_examples.comparison.results.browser import WAYS, BrowserWork, Connections, Way
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.timing import Sample

WARM_UP = 1
_PHONE = 4.0  # a processor slowed to a quarter, as Lighthouse does for a telephone
_TRIES = 3  # until a load opens no connection

Key = tuple[Protocol, Link, Connections]


@dataclass
class Found:
    """What is known of an arm."""

    loads: dict[Key, list[tuple[Sample, Passed]]] = field(default_factory=dict)
    work: list[BrowserWork] = field(default_factory=list)
    preflights: dict[Way, int] = field(default_factory=dict)
    origins: dict[Way, list[Sample]] = field(default_factory=dict)


def protocols_of(settings: Settings) -> list[Protocol]:
    """Those that browsers speak over TLS, of the run's."""
    return [one for one in settings.protocols if one in NAMES]


def links_of(settings: Settings) -> list[Link]:
    """The links to load over; none is one of 0 ms."""
    return settings.links or [link_at(settings, 0.0)]


def farthest(settings: Settings) -> Link:
    """The one with the longest round trip, over which more is measured."""
    return max(links_of(settings), key=lambda link: link.rtt_ms)


class Turns:
    """The loads of one screen's arms, in random order over all protocols."""

    def __init__(
        self,
        screen: Screen,
        arms: Sequence[str],
        measured: Measured,
        settings: Settings,
        relay: Relay,
    ) -> None:
        self.found = {arm: Found() for arm in arms}
        self._screen = screen
        self._measured = measured
        self._settings = settings
        self._relay = relay

    def warm(self, pages: Mapping[Protocol, LabPage], on_load: Callable[[], None]) -> None:
        """Over connections that are open."""
        assert self._settings.browser is not None
        loads = WARM_UP + self._settings.browser.samples
        for link, position, protocol, arm in self._order(list(pages), loads, "warm"):
            way = f"in the browser over {link.title} by {protocol}, connections open"
            with numbered(way, position + 1, loads):
                load, passed = self._load_open(pages[protocol], protocol, arm, link)
            on_load()
            if position >= WARM_UP:
                self._keep((protocol, link, "warm"), arm, load, passed, position - WARM_UP)

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
        for link, position, protocol, arm in self._order(list(open_page), loads, "cold"):
            way = f"in the browser over {link.title} by {protocol}, connections new"
            with numbered(way, position + 1, loads), open_page[protocol]() as page:
                load, passed = self._load(page, protocol, arm, link)
            on_load()
            self._keep((protocol, link, "cold"), arm, load, passed, position)

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
        link = farthest(self._settings)
        for arm, found in self.found.items():
            for way in WAYS:
                page.load(self._screen.name, arm, way)  # what may be remembered is, from here on
                found.preflights[way] = page.count_preflights(self._screen.name, arm, way)
        turns = {f"{way} {arm}": (way, arm) for way in WAYS for arm in self.found}
        seed = f"{self._settings.seed}/{self._screen.name}/origins"
        order = interleaved(list(turns), self._settings.browser.origin_samples, seed)
        for position, turn in enumerate(order):
            way, arm = turns[turn]
            with in_order(order, position, f"in the browser across origins ({way})"):
                page.connect(1)
                load, _ = self._load(page, "http2", arm, link, way)
            on_load()
            sample = Sample(position, round(load.ms * 1e6), None)
            self.found[arm].origins.setdefault(way, []).append(sample)

    def _order(
        self, protocols: Sequence[Protocol], loads: int, seed: str
    ) -> Iterator[tuple[Link, int, Protocol, str]]:
        """The link, round, protocol and arm of each load."""
        turns = {f"{one} {arm}": (one, arm) for one in protocols for arm in self.found}
        for link in links_of(self._settings):
            whole = f"{self._settings.seed}/{self._screen.name}/browser/{seed}/{link.label}"
            for number, turn in enumerate(interleaved(list(turns), loads, whole)):
                yield link, number // len(turns), *turns[turn]

    def _load_open(
        self, page: LabPage, protocol: Protocol, arm: str, link: Link
    ) -> tuple[PageLoad, Passed]:
        """A load that opens no connection."""
        for _ in range(_TRIES):
            page.connect(AT_ONCE)
            load, passed = self._load(page, protocol, arm, link)
            if not passed.opened:
                return load, passed
        raise self._failed(arm, "does not keep its connections open")

    def _load(
        self, page: LabPage, protocol: Protocol, arm: str, link: Link, way: Way | None = None
    ) -> tuple[PageLoad, Passed]:
        with self._relay.over(link):
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
