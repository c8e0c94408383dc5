"""The results as one JSON document, from which everything that is shown is rendered.

The version changes when a member changes its meaning or goes; members may be added.
Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter

from client_examples.comparison.errors import Failure
from client_examples.comparison.results.browser import BrowserResults, BrowserSettings
from client_examples.comparison.results.caching import (
    CachingPhase,
    SharedCacheResults,
    SharedCacheSettings,
)
from client_examples.comparison.results.counts import Counts, Exchange, StaticCost
from client_examples.comparison.results.cpu import CpuResults, CpuSettings
from client_examples.comparison.results.judging.caveats import Caveat
from client_examples.comparison.results.judging.regressions import Against, LimitResult
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.live_updates import WatchResult
from client_examples.comparison.results.load_test import LoadScreen, LoadSettings
from client_examples.comparison.results.protocols import (
    PROTOCOLS,
    Handshake,
    LeftOut,
    Protocol,
    ProtocolFloor,
    ProtocolResult,
    ProvedLink,
)
from client_examples.comparison.results.resilience import FailureChance, ResilienceResult
from client_examples.comparison.results.timing import (
    FloorResult,
    LinkResult,
    Pair,
    Sample,
    SelfCheck,
)
from client_examples.comparison.statistics import Summary

SCHEMA_VERSION = 3


@dataclass(frozen=True)
class ArmResult:
    """An arm's counts and exchanges from a load that was not timed, and its timed loads.

    The exchanges' times are those of the timed load nearest to the median, if there is one.
    `floor_share` is rounds times the floor's median, divided by the arm's median. The keys of
    `predicted_ms` are round-trip times in ms, as text: "0", "1", "20", "100", "300". `cost` is None
    for REST, and where the server does not tell it. `protocols` are its loads over each, where
    there are several.
    """

    name: str
    description: str
    code_lines: int | None
    counts: Counts
    exchanges: list[Exchange]
    samples: list[Sample]
    summary: Summary | None
    floor_share: float | None
    links: list[LinkResult]
    predicted_ms: dict[str, float]
    failure: FailureChance
    resilience: list[ResilienceResult]
    cost: StaticCost | None = None
    protocols: list[ProtocolResult] = field(default_factory=list)


@dataclass(frozen=True)
class ScreenResult:
    """A screen, the view that all its arms gave, and the order of its loads, warm-up first.

    `link_orders` are the orders of the loads over simulated links, by the profile's name or else
    the round-trip time as text.
    `caching` has the first and later visits with and without a cache, phase by phase.
    """

    name: str
    shows: str
    view: Any
    warm_up_order: list[str]
    order: list[str]
    link_orders: dict[str, list[str]]
    floors: list[FloorResult]
    arms: list[ArmResult]
    pairs: list[Pair]
    doubts: list[Caveat]
    caching: list[CachingPhase] = field(default_factory=list)
    protocol_floors: list[ProtocolFloor] = field(default_factory=list)


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do; a floor is an address on its server, None for none.

    With a `budget_s` (s), arms are timed less often than `samples` where time runs short: what a
    screen's `order` and samples hold is what was done. `visit_samples` are the timed loads per arm
    and phase of second visits, `watched_orders` the orders that each arm watches. `load` is how
    the load test was made, None where there was none. `header_names` are those that were sent to
    both servers, `rest_header_names` and `graphql_header_names` those that were sent to one alone.
    `screens_file` declares the screens, None where they are the bookstore's. `server_processors`
    are those that the servers are held on, by their numbers, None where nobody told. `encoding` is
    what clients accept: "identity", "gzip", or by "default" what they accept elsewhere.
    `protocols` are those to load over, first what the servers themselves speak; the others go by
    `edge_url` where there is one. Arms are timed `protocol_samples` times over each.
    `browser` is how often arms are loaded in one, None where they are not.
    `bandwidth_mbit` and `up_mbit` are the rates down and up of the links of `link_rtts_ms`, None
    for no limit; in documents older than `up_mbit`, the first is that of both. `profiles` are the
    links that have a name.
    """

    rest_url: str
    graphql_url: str
    samples: int
    warm_up: int
    seed: int
    at_once: int
    garbage_collection: str
    link_rtts_ms: list[float]
    link_samples: int
    bandwidth_mbit: float | None
    cold: bool
    failure_rate: float
    resilience: bool
    self_check: bool
    quick: bool
    floor_rest: str | None
    floor_graphql: str | None
    header_names: list[str]
    budget_s: float | None = None
    visit_samples: int = 0
    watched_orders: int = 0
    load: LoadSettings | None = None
    cpu: CpuSettings | None = None
    edge_url: str | None = None
    protocols: list[Protocol] = field(default_factory=lambda: list(PROTOCOLS[:1]))
    protocol_samples: int = 0
    rest_header_names: list[str] = field(default_factory=list)
    graphql_header_names: list[str] = field(default_factory=list)
    screens_file: str | None = None
    server_processors: list[int] | None = None
    encoding: str = "default"
    shared_cache: SharedCacheSettings | None = None
    browser: BrowserSettings | None = None
    up_mbit: float | None = None
    profiles: list[Link] = field(default_factory=list)

    @property
    def links(self) -> list[Link]:
        """All links, those of `--rtt` first."""
        down = self.bandwidth_mbit
        up = down if self.up_mbit is None else self.up_mbit
        return [*(Link(rtt, down, up) for rtt in self.link_rtts_ms), *self.profiles]

    @property
    def is_own(self) -> bool:
        """Whether the APIs are others than the bookstore's."""
        return self.screens_file is not None


@dataclass(frozen=True)
class Document:
    """A run; not `complete` if it was interrupted or failed on the way.

    `against` is the run beside an earlier one, if one was named, `budget` each limit of the
    performance budget. The screens of `failures` could not be compared and are not among
    `screens`; what ended the run is there too. `left_out` are protocols that would have been
    measured, but could not. `handshakes` are known where connections were to be new in each load.
    `links` are the simulated links as they were found before anything was timed.
    """

    schema_version: int
    began: str
    complete: bool
    settings: Settings
    environment: dict[str, Any]
    screens: list[ScreenResult]
    doubts: list[Caveat]
    self_check: SelfCheck | None
    watching: list[WatchResult] = field(default_factory=list)
    load: list[LoadScreen] = field(default_factory=list)
    cpu: CpuResults | None = None
    shared_cache: SharedCacheResults | None = None
    against: Against | None = None
    budget: list[LimitResult] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    handshakes: list[Handshake] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    browser: BrowserResults | None = None
    links: list[ProvedLink] = field(default_factory=list)


def not_begun(settings: Settings, failure: Failure) -> Document:
    """The document of a run that has ended before anything was loaded, for this reason."""
    return Document(
        schema_version=SCHEMA_VERSION,
        began=datetime.now(UTC).isoformat(timespec="seconds"),
        complete=False,
        settings=settings,
        environment={},
        screens=[],
        doubts=[],
        self_check=None,
        failures=[failure],
    )


def to_json(document: Document) -> str:
    """The document as JSON text; equal documents give equal text."""
    return json.dumps(asdict(document), ensure_ascii=False, indent=1) + "\n"


def from_json(text: str) -> Document:
    """The document that `to_json` wrote; `ValueError` for any other text."""
    return TypeAdapter(Document).validate_json(text)
