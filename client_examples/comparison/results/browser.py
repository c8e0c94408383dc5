"""Arms in a browser: its own clock, its connections, its work on the answers.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.timing import Sample
from client_examples.comparison.statistics import Summary

Connections: TypeAlias = Literal["warm", "cold"]
Way: TypeAlias = Literal["simple", "preflight", "cached"]
WAYS: tuple[Way, ...] = ("simple", "preflight", "cached")


@dataclass(frozen=True)
class BrowserLoads:
    """Loads of an arm over one protocol and link, on connections that are open, or "cold".

    `rtt_ms`, `down_mbit`, `up_mbit` and `name` are the link's.
    `opened` are the connections that a load opened, in the median; bytes are those on the wire as
    the relay counted them, in the median too.
    """

    protocol: Protocol
    rtt_ms: float
    connections: Connections
    samples: list[Sample]
    summary: Summary | None
    opened: float
    sent_bytes: float
    received_bytes: float
    down_mbit: float | None = None
    up_mbit: float | None = None
    name: str = ""

    @property
    def link(self) -> Link:
        """The link."""
        return Link(self.rtt_ms, self.down_mbit, self.up_mbit, self.name)


@dataclass(frozen=True)
class BrowserWork:
    """What the page does with the answers of a load, with the processor slowed so many times.

    `decode_ms` is to parse the JSON of all answers, `draw_ms` to make the screen's elements of the
    view and to lay them out; medians. Painting is left out.
    """

    slowed: float
    decode_ms: float
    draw_ms: float


@dataclass(frozen=True)
class OriginLoads:
    """Loads over HTTP/2 by a page of another origin than the servers', over open connections.

    `way` is "simple" where nothing is asked that a page may not ask of any server (GraphQL by GET),
    "preflight" where each request is preceded by one that asks whether it may be sent, "cached"
    where the answers to those are known already (Fetch, 4.8). `preflights` are those of a load.
    `rtt_ms` and `name` are the link's.
    """

    way: Way
    rtt_ms: float
    preflights: int
    samples: list[Sample]
    summary: Summary | None
    name: str = ""


@dataclass(frozen=True)
class BrowserArm:
    """An arm in the browser."""

    name: str
    loads: list[BrowserLoads]
    work: list[BrowserWork] = field(default_factory=list)
    origins: list[OriginLoads] = field(default_factory=list)


@dataclass(frozen=True)
class BrowserScreen:
    """The arms of a screen."""

    name: str
    arms: list[BrowserArm]


@dataclass(frozen=True)
class BrowserSettings:
    """How often each arm is loaded, over each protocol and link: warm, cold, and across origins."""

    samples: int
    cold_samples: int
    origin_samples: int = 0


@dataclass(frozen=True)
class BrowserResults:
    """What a browser took; `left_out` are the screens that the page has no arms of."""

    browser: str
    screens: list[BrowserScreen] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
