"""The parts of the results' document: what was counted, timed and computed.

Words are DESIGN's. Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass
from typing import Literal

from client_examples.comparison.statistics import Summary, Verdict


@dataclass(frozen=True)
class Counts:
    """What one load of an arm takes.

    Bytes on the wire are those at the socket, inside TLS where there is TLS: `sent_...` and
    `received_...`, of which `wire_bytes` is the sum; `server_timing_bytes`, the instrument's own,
    are a part of `received_head_bytes`. `encoded_body_bytes` are the bodies received without the
    framing of chunks, `body_bytes` the same after decompression. Over-fetch is a share from 0
    to 1. `statements` and `db_ms` are None where a server does not tell. `trips` are the rounds
    and the round trips that new connections add to them. `objects` are the JSON objects of the
    answers, without GraphQL's `data` itself and what makes up its connections; None in documents
    that are older than this member.
    """

    requests: int
    rounds: int
    depth: int
    trips: int
    new_connections: int
    sent_head_bytes: int
    sent_body_bytes: int
    received_head_bytes: int
    received_body_bytes: int
    wire_bytes: int
    server_timing_bytes: int
    body_bytes: int
    encoded_body_bytes: int
    delivered_leaves: int
    used_leaves: int
    over_fetch: float
    delivered_leaf_bytes: int
    used_leaf_bytes: int
    over_fetch_bytes: float
    statements: int | None
    db_ms: float | None
    objects: int | None = None


@dataclass(frozen=True)
class StaticCost:
    """The most objects that a load's operations may return, as the server computes it beforehand.

    It refuses an operation that may return more than `limit`.
    """

    computed: int
    limit: int


@dataclass(frozen=True)
class Sample:
    """One timed load: its position in the order that it was part of, and its times."""

    position: int
    elapsed_ns: int
    db_ms: float | None


@dataclass(frozen=True)
class Doubt:
    """What a reader must bear in mind beside a number.

    `about` is "run", a screen's name, or "screen/arm"; `number` is the number that it concerns
    ("median", "p95", "p99", "statements", "objects", "link", "floor"), or "" for all.
    """

    about: str
    number: str
    text: str


@dataclass(frozen=True)
class FloorResult:
    """The least that a request to a server costs: "floor/rest" or "floor/graphql"."""

    name: str
    path: str
    samples: list[Sample]
    summary: Summary | None


@dataclass(frozen=True)
class LinkResult:
    """Loads over a simulated link, and what the model said they would take.

    `relative_error` is (predicted - measured) / measured.
    """

    rtt_ms: float
    bandwidth_mbit: float | None
    cold: bool
    samples: list[Sample]
    median_ns: float | None
    predicted_ns: float | None
    relative_error: float | None


@dataclass(frozen=True)
class FailureChance:
    """The chance that the whole screen loads when each exchange fails at a rate; computed."""

    rate: float
    loads: float
    loads_with_retries: float


@dataclass(frozen=True)
class ResilienceResult:
    """Loads while exchanges failed: how many of them succeeded, and what they took.

    `exchanges` are all that were sent, of which `in_vain` went to a server that could not answer;
    a breaker has refused to send `refused` more. With a `pace_s`, a load began every so many
    seconds, whatever became of those before; else each began when the one before had ended.
    `longest_s` is the longest load, whether it succeeded or not. `recovery_s` is how long after the
    server's return a load first succeeded; None where it was never away, or none did.
    """

    situation: str
    policy: str
    loads: int
    loaded: int
    exchanges: int
    seconds: float
    in_vain: int = 0
    refused: int = 0
    pace_s: float | None = None
    longest_s: float | None = None
    recovery_s: float | None = None


@dataclass(frozen=True)
class BreakEven:
    """At which round-trip time (RTT) one arm overtakes the other, by the model.

    "at": `ahead_below` is ahead below `rtt_ms`, `ahead_above` above it; 95% of the bootstrap lie
    between `low_ms` and `high_ms`, where 0 means that it may be ahead from the start.
    "always": left is ahead at every RTT; "never": right is. `ahead_below` and `ahead_above` are
    that arm. "level": as many round trips, and no material difference at an RTT of 0; neither is
    ahead. Only "at" has a time.
    """

    kind: Literal["at", "always", "never", "level"]
    rtt_ms: float | None
    low_ms: float | None
    high_ms: float | None
    ahead_below: str | None
    ahead_above: str | None


@dataclass(frozen=True)
class Pair:
    """Two arms compared: `ratio` is left's median over right's, with its 95% interval.

    The verdict is the side that is faster, "none" where there is no material difference.
    """

    left: str
    right: str
    ratio: float
    ratio_low: float
    ratio_high: float
    verdict: Verdict
    break_even: BreakEven


@dataclass(frozen=True)
class SelfCheck:
    """One arm against itself: how often the verdict would err on this machine now.

    Two times `samples` loads, taken in turn; over `repeats` random assignments of each two
    neighbours to left and right, `claimed_between_equals` is the share with a verdict, and
    `found` the share with the right one after one side's times were stretched by `difference`.
    `smallest_difference` is what is found in 95% of them; `smallest_difference_of_run` the same
    with as many samples as the run had per arm.
    """

    screen: str
    arm: str
    samples: int
    repeats: int
    claimed_between_equals: float
    difference: float
    found: float
    smallest_difference: float
    smallest_difference_of_run: float
    loads: list[Sample]
