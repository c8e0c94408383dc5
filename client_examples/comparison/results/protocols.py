"""Arms over each protocol: HTTP/1.1 without TLS, HTTP/1.1 with it, and HTTP/2.

Times are nanoseconds where a member ends in `_ns`, milliseconds in `_ms`.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison.results.links import Link
from client_examples.comparison.results.timing import LinkResult, Sample
from client_examples.comparison.statistics import Summary

Protocol: TypeAlias = Literal["http1", "http1-tls", "http2"]
PROTOCOLS: tuple[Protocol, ...] = ("http1", "http1-tls", "http2")


@dataclass(frozen=True)
class ProtocolCounts:
    """What one load of an arm takes over a protocol.

    `steps` are its sequential round trips: over HTTP/1.1 the rounds of six at once, over HTTP/2 the
    levels. `trips` are those and what new connections add to them. `connections` are those that it
    needs, `handshake_trips` the round trips that one of them takes to open (TCP, then TLS). Bytes
    are those on the wire as the relay counted them, TLS records and compressed heads among them;
    of a connection that has carried the same before, unless connections are cold.
    """

    requests: int
    steps: int
    trips: int
    connections: int
    handshake_trips: int
    sent_bytes: int
    received_bytes: int

    @property
    def wire_bytes(self) -> int:
        """Both ways."""
        return self.sent_bytes + self.received_bytes


@dataclass(frozen=True)
class ProtocolResult:
    """An arm over one protocol, timed in turns with the others.

    `client_ms` is the median of the client's own processor time in a load.
    """

    protocol: Protocol
    counts: ProtocolCounts
    samples: list[Sample]
    summary: Summary | None
    client_ms: float | None
    links: list[LinkResult]


@dataclass(frozen=True)
class ProtocolFloor:
    """The least that a request to a server costs over a protocol: "floor/rest", "floor/graphql"."""

    protocol: Protocol
    name: str
    samples: list[Sample]
    summary: Summary | None
    client_ms: float | None


@dataclass(frozen=True)
class Handshake:
    """What a new connection takes to open over a protocol: TCP, then TLS, from nothing or resumed.

    The bytes are those on the wire, the server's session tickets among them.
    """

    protocol: Protocol
    is_resumed: bool
    trips: int
    sent_bytes: int
    received_bytes: int


@dataclass(frozen=True)
class LeftOut:
    """A protocol that was not measured, and why not."""

    protocol: Protocol
    reason: str


@dataclass(frozen=True)
class ProvedLink:
    """A link that is what was asked for, as the client of a protocol found it.

    `rtt_ms` is the round-trip time of the link alone, `down_mbit` and `up_mbit` its rates; None
    where they have no limit.
    """

    link: Link
    protocol: Protocol
    rtt_ms: float
    down_mbit: float | None
    up_mbit: float | None
