"""Measures the arms in a browser, over each protocol with TLS and over each link."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed
from client_examples.comparison.measuring.attempts import Attempts
from client_examples.comparison.measuring.browser.chromium import chromium, in_words, playing
from client_examples.comparison.measuring.browser.har import Recording
from client_examples.comparison.measuring.browser.page import LabPage, Servers, opened
from client_examples.comparison.measuring.browser.turns import (
    WARM_UP,
    Found,
    Key,
    Turns,
    farthest,
    links_of,
    protocols_of,
)
from client_examples.comparison.measuring.screen_results import Measured
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.relay import Passed, Relay
from client_examples.comparison.results.browser import (
    WAYS,
    BrowserArm,
    BrowserLoads,
    BrowserResults,
    BrowserScreen,
    OriginLoads,
)
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.timing import Sample, elapsed_ns
from client_examples.comparison.statistics import summarize

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright


class _Open(NamedTuple):
    """What is open while screens are loaded; `other` is a page of another origin, over HTTP/2."""

    browsers: Mapping[Protocol, "Browser"]
    pages: Mapping[Protocol, LabPage]
    other: LabPage | None


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
        self._found: dict[str, dict[str, Found]] = {}
        self._left_out: list[str] = []

    def run(
        self,
        screens: Sequence[Screen],
        measured: Mapping[str, Measured],
        on_load: Callable[[], None],
        attempts: Attempts,
    ) -> None:
        """Measure all screens that the lab has, by `attempts`; nothing unless it was asked for.

        Raises:
            BrowserFailed: the browser does not start, or does not get the lab's page.
            LinkFailed: the relay has ended.
            LoadFailed: a screen could not be loaded, or went by another protocol: to `attempts`.
            ViewsDiffer: it shows something else than in the Python clients; likewise.
        """
        if self._settings.browser is None or self._relay is None:
            return
        from playwright.sync_api import Error

        with playing() as playwright, self._open(playwright) as there:
            first = next(iter(there.browsers.values()))
            self._name = f"{first.browser_type.name} {first.version}"
            arms = next(iter(there.pages.values())).arms()

            def measure(screen: Screen) -> None:
                known = arms.get(screen.name, [])
                names = [arm.name for arm in screen.arms if arm.name in known]
                if not names:
                    self._left_out.append(screen.name)
                    return
                try:
                    self._measure(there, screen, names, measured[screen.name], on_load)
                except Error as error:  # of what is between its loads
                    raise LoadFailed(f"the browser says: {in_words(error)}") from error

            attempts(measure, screens)

    @contextmanager
    def _open(self, playwright: "Playwright") -> Iterator[_Open]:
        with ExitStack() as closing:
            browsers = {
                protocol: closing.enter_context(self._browser(playwright, protocol))
                for protocol in protocols_of(self._settings)
            }
            pages = {
                protocol: closing.enter_context(self._page(browser))
                for protocol, browser in browsers.items()
            }
            other = None
            if "http2" in browsers:
                other = closing.enter_context(self._page_of_another_origin(browsers["http2"]))
            yield _Open(browsers, pages, other)

    def _measure(
        self,
        there: _Open,
        screen: Screen,
        arms: Sequence[str],
        measured: Measured,
        on_load: Callable[[], None],
    ) -> None:
        assert self._relay is not None
        turns = Turns(screen, arms, measured, self._settings, self._relay)
        self._found[screen.name] = turns.found
        turns.warm(there.pages, on_load)
        new = {one: partial(self._page, each) for one, each in there.browsers.items()}
        turns.cold(new, on_load)
        turns.work(there.pages, on_load)
        self._record(there.browsers, screen.name, arms)
        if there.other is not None:
            turns.across_origins(there.other, on_load)

    def results(self) -> BrowserResults | None:
        """The results so far; None where there are none."""
        if not self._name:
            return None
        link = farthest(self._settings)
        screens = [
            BrowserScreen(name, [_arm(arm, found, link) for arm, found in arms.items()])
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
        link = farthest(self._settings)
        for protocol, browser in browsers.items():
            for arm in arms:
                turn = (screen, arm, protocol)
                self._recording.add(browser, self._servers, self._relay, link, turn)

    @property
    def _servers(self) -> Servers:
        return Servers(self._edge, f"{self._edge}/rest", self._edge, self._credentials)

    def _browser(
        self, playwright: "Playwright", protocol: Protocol
    ) -> AbstractContextManager["Browser"]:
        assert self._relay is not None
        self._relay.set(None)
        others = [self._settings.graphql_url]
        return chromium(playwright, protocol, self._edge, self._relay, self._ca_file, others)

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


def planned(arms: int, settings: Settings) -> int:
    """How many loads so many arms take, if the lab has them all."""
    if settings.browser is None:
        return 0
    each = WARM_UP + settings.browser.samples + settings.browser.cold_samples
    loads = each * len(links_of(settings)) * len(protocols_of(settings))
    origins = settings.browser.origin_samples * len(WAYS)
    return arms * (loads + 2 + (origins if "http2" in settings.protocols else 0))


def _arm(name: str, found: Found, across: Link) -> BrowserArm:
    loads = [_loads(key, each) for key, each in found.loads.items()]
    origins = [
        OriginLoads(
            way,
            across.rtt_ms,
            found.preflights[way],
            samples,
            summarize(elapsed_ns(samples)),
            across.name,
        )
        for way in WAYS
        if (samples := found.origins.get(way))
    ]
    return BrowserArm(name, loads, found.work, origins)


def _loads(key: Key, each: Sequence[tuple[Sample, Passed]]) -> BrowserLoads:
    protocol, link, connections = key
    samples = [sample for sample, _ in each]
    return BrowserLoads(
        protocol=protocol,
        rtt_ms=link.rtt_ms,
        connections=connections,
        samples=samples,
        summary=summarize(elapsed_ns(samples)),
        opened=median(len(passed.opened) for _, passed in each),
        sent_bytes=median(passed.up_bytes for _, passed in each),
        received_bytes=median(passed.down_bytes for _, passed in each),
        down_mbit=link.down_mbit,
        up_mbit=link.up_mbit,
        name=link.name,
    )
