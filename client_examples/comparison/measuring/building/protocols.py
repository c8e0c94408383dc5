"""Builds the part of the results document that tells of loads over each protocol."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TypeAlias

from client_examples.comparison.arms.exchanges import level_sizes, rounds, trips_over
from client_examples.comparison.measuring.building.links import Steps, link_results
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.counts import Exchange
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import (
    Protocol,
    ProtocolCounts,
    ProtocolFloor,
    ProtocolResult,
)
from client_examples.comparison.results.timing import Sample, elapsed_ns
from client_examples.comparison.statistics import summarize


@dataclass
class OverProtocol:
    """What is known of a screen over one protocol, by the name of the arm or floor.

    `client_ns` is the client's own processor time in each of the samples' loads.
    """

    counted: dict[str, ProtocolCounts] = field(default_factory=dict)
    samples: dict[str, list[Sample]] = field(default_factory=dict)
    client_ns: dict[str, list[int]] = field(default_factory=dict)
    links: dict[Link, dict[str, list[Sample]]] = field(default_factory=dict)


Protocols: TypeAlias = Mapping[Protocol, OverProtocol]


def counts_over(
    protocol: Protocol,
    exchanges: list[Exchange],
    handshake_trips: int,
    sent_bytes: int,
    received_bytes: int,
) -> ProtocolCounts:
    """What a load took that made these exchanges, and had so many bytes pass."""
    sizes = level_sizes(exchanges)
    is_http2 = protocol == "http2"
    at_once = max(1, len(exchanges)) if is_http2 else AT_ONCE
    return ProtocolCounts(
        requests=len(exchanges),
        steps=rounds(sizes, at_once),
        trips=trips_over(protocol, exchanges),
        connections=1 if is_http2 else min(AT_ONCE, max(sizes)),
        handshake_trips=handshake_trips,
        sent_bytes=sent_bytes,
        received_bytes=received_bytes,
    )


def protocol_results(
    arm: str, protocols: Protocols, steps: Steps, settings: Settings
) -> list[ProtocolResult]:
    """The arm over each protocol over which it was counted."""
    return [
        _protocol_result(protocol, arm, known, steps, settings)
        for protocol, known in protocols.items()
        if arm in known.counted
    ]


def _protocol_result(
    protocol: Protocol, arm: str, known: OverProtocol, steps: Steps, settings: Settings
) -> ProtocolResult:
    samples, counts = known.samples.get(arm, []), known.counted[arm]
    summary = summarize(elapsed_ns(samples))
    links = link_results(protocol, arm, known.links, steps, summary, counts, settings)
    client_ms = _client_ms(known.client_ns.get(arm, []))
    return ProtocolResult(protocol, counts, samples, summary, client_ms, links)


def protocol_floors(protocols: Protocols) -> list[ProtocolFloor]:
    """The floors over each protocol over which they were timed."""
    return [
        ProtocolFloor(
            protocol,
            name,
            samples,
            summarize(elapsed_ns(samples)),
            _client_ms(known.client_ns[name]),
        )
        for protocol, known in protocols.items()
        for name, samples in known.samples.items()
        if name not in known.counted
    ]


def _client_ms(each_ns: list[int]) -> float | None:
    return median(each_ns) / 1e6 if each_ns else None
