"""A browser's loads: beside those of the Python clients, and as a condition of the comparison."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from client_examples.comparison.analysis.conditions import ArmTime, Condition
from client_examples.comparison.analysis.network_model import transfer_ns
from client_examples.comparison.analysis.protocols.over import NAMES
from client_examples.comparison.results.browser import BrowserArm, BrowserLoads, Connections
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol, ProtocolResult
from client_examples.comparison.results.timing import elapsed_ns
from client_examples.comparison.statistics import Summary, median_resamples, summarize

NEAR = 0.1  # how far a browser's median may lie from the Python client's to be as good as it


@dataclass(frozen=True)
class Beside:
    """An arm in the browser, over one protocol and link, beside the Python client's loads.

    `over` is what the Python client takes over that protocol; `at_first` are the requests that an
    arm begins with, side by side.
    """

    screen: str
    arm: str
    loads: BrowserLoads
    browser: Summary
    python: Summary
    over: ProtocolResult
    at_first: int

    @property
    def requests(self) -> int:
        """The requests of a load, the same by both."""
        return self.over.counts.requests

    @property
    def deviation(self) -> float:
        """(browser - Python client) / Python client, of the medians."""
        return self.browser.median_ns / self.python.median_ns - 1

    @property
    def is_near(self) -> bool:
        """Whether both clients measure the same, to 10%."""
        return abs(self.deviation) <= NEAR

    @property
    def may_be_noise(self) -> bool:
        """Whether the intervals of both medians overlap."""
        return (
            self.browser.median_low_ns <= self.python.median_high_ns
            and self.python.median_low_ns <= self.browser.median_high_ns
        )

    @property
    def python_waits_first(self) -> bool:
        """Whether the Python client alone takes a step to learn how many requests may be sent.

        On a new HTTP/2 connection, httpcore sends one until the server's SETTINGS have come.
        """
        is_new = self.loads.connections == "cold"
        return is_new and self.loads.protocol == "http2" and self.at_first > 1

    @property
    def more_ms(self) -> float:
        """How much longer the browser takes."""
        return (self.browser.median_ns - self.python.median_ns) / 1e6

    @property
    def more_transfer_ms(self) -> float:
        """How much longer the link takes for the browser's bytes."""
        each = (transfer_ns(sized, self.loads.link) for sized in (self.loads, self.over.counts))
        browser, python = each
        return (browser - python) / 1e6


def beside(document: Document) -> list[Beside]:
    """All arms that both have loaded alike: over the same protocol, link and kind of connection."""
    return list(_beside(document))


def _beside(document: Document) -> Iterator[Beside]:
    for screen in document.screens:
        for arm in screen.arms:
            for loads in loads_of(document, screen.name, arm.name):
                over = _over(arm, loads)
                python = python_summary(document, arm, loads)
                if loads.summary is not None and python is not None and over is not None:
                    first = sum(one.level == 0 for one in arm.exchanges)
                    yield Beside(screen.name, arm.name, loads, loads.summary, python, over, first)


def loads_of(document: Document, screen: str, arm: str) -> list[BrowserLoads]:
    """The arm's loads in the browser; empty where it was not loaded in one."""
    found = _arm(document, screen, arm)
    return found.loads if found else []


def _arm(document: Document, screen: str, arm: str) -> BrowserArm | None:
    screens = document.browser.screens if document.browser else []
    arms = [one for each in screens if each.name == screen for one in each.arms]
    return next((one for one in arms if one.name == arm), None)


def python_summary(document: Document, arm: ArmResult, loads: BrowserLoads) -> Summary | None:
    """The Python client's times of the arm over the same protocol, link and connections."""
    over = _over(arm, loads)
    if over is None or loads.connections != python_connections(document):
        return None
    for link in over.links:
        if link.link == loads.link:
            return summarize(elapsed_ns(link.samples))
    return over.summary if loads.link == Link(0.0) else None


def python_connections(document: Document) -> Connections:
    """The kind of connections that the Python client has loaded by."""
    return "cold" if document.settings.cold else "warm"


def _over(arm: ArmResult, loads: BrowserLoads) -> ProtocolResult | None:
    return next((one for one in arm.protocols if one.protocol == loads.protocol), None)


def browser_conditions(document: Document) -> list[Condition]:
    """A condition for each protocol, link and kind of connection that the browser has loaded by."""
    found = document.browser.screens if document.browser else []
    keys = dict.fromkeys(
        (one.link, one.connections, one.protocol)
        for screen in found
        for arm in screen.arms
        for one in arm.loads
    )
    return [_condition(document, *key) for key in keys]


def _condition(
    document: Document, link: Link, connections: Connections, protocol: Protocol
) -> Condition:
    def times(screen: ScreenResult) -> Sequence[ArmTime]:
        found = [
            _time(document, arm, one)
            for arm in screen.arms
            for one in loads_of(document, screen.name, arm.name)
            if (one.link, one.connections, one.protocol) == (link, connections, protocol)
        ]
        return sorted(found, key=lambda one: one.median_ns)

    opened = "" if connections == "warm" else " and new connections"
    name = f"{NAMES[protocol]} {link.at}{opened}"
    return Condition(name, link.rtt_ms, times, has_floors=False)


def _time(document: Document, arm: ArmResult, loads: BrowserLoads) -> ArmTime:
    samples = np.asarray(elapsed_ns(loads.samples), dtype=np.float64)
    medians = median_resamples(samples, f"{document.settings.seed}/{arm.name}")
    return ArmTime(arm, float(np.median(samples)), medians, len(samples))
