"""The advice as one JSON document, of which every format is drawn.

It holds no value of a recording, but for addresses if these were asked for. Times are milliseconds,
sizes bytes. Calls are named by their entry's number in the file: `NUMBER`, or `FILE:NUMBER` of
several files.
"""

import json
from dataclasses import asdict, dataclass, field

from client_examples.comparison.results.timing import BreakEven

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class CallResult:
    """A call: when it was asked for since its view began, and what it waited for.

    `waits_for` are those whose answers hold what it asks with. `address` is "" unless addresses
    are shown.
    """

    name: str
    template: str
    origin: str
    status: int
    start_ms: float
    end_ms: float
    blocked_ms: float
    server_ms: float
    sent_bytes: int
    received_bytes: int
    waits_for: list[str]
    address: str = ""


@dataclass(frozen=True)
class WayResult:
    """A way of asking for a view; `predicted_ms` by round-trip time, as in the comparison.

    Of bytes there are two where a selection's are not known: `bytes_low` counts each object once.
    `break_even` is with the recorded way, this one on the left.
    """

    name: str
    told: str
    change: str
    requests: int
    preflights: int
    steps: int
    bytes_low: int
    bytes_high: int
    server_ms: float
    predicted_ms: dict[str, float]
    break_even: BreakEven


@dataclass(frozen=True)
class FindingResult:
    """A fault, with its evidence, its costs, and its fix."""

    kind: str
    found: str
    calls: list[str]
    requests: int
    bytes: int
    ms: float
    fix: str


@dataclass(frozen=True)
class ViewResult:
    """A view; `took_ms` from its first call to its last answer.

    `cure` is the cheapest change that is as fast as any: "", "client", "http2", "origin", "rest"
    or "graphql", None where the recording is too thin to say.
    """

    number: int
    shows: str
    took_ms: float
    calls: list[CallResult]
    steps_by_time: int
    steps_by_data: int
    ways: list[WayResult]
    findings: list[FindingResult]
    cure: str | None
    verdict: str
    doubts: list[str]


@dataclass(frozen=True)
class OriginResult:
    """Where calls went, and over what."""

    origin: str
    calls: int
    protocols: list[str]
    round_trip_ms: float
    round_trip_known_by: str


@dataclass(frozen=True)
class Advice:
    """What was recorded, and what follows from it."""

    schema_version: int
    files: list[str]
    entries: int
    calls: int
    left_out: dict[str, int]
    wrong: list[str]
    origins: list[OriginResult]
    verdict: str
    views: list[ViewResult]
    findings: list[FindingResult] = field(default_factory=list)
    pause_ms: float = 0.0
    bandwidth_mbit: list[float] | None = None  # down and up
    is_used_known: bool = False


def to_json(advice: Advice) -> str:
    """The document as JSON text."""
    return json.dumps(asdict(advice), ensure_ascii=False, indent=1) + "\n"
