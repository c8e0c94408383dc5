"""A document as it would be if everything had been loaded over one protocol."""

from dataclasses import replace
from itertools import combinations

from client_examples.comparison.analysis.network_model import (
    TimedArm,
    link_at,
    paired,
    predicted_ms,
    timed,
)
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import (
    PROTOCOLS,
    Protocol,
    ProtocolCounts,
)
from client_examples.comparison.results.timing import FloorResult, elapsed_ns
from client_examples.comparison.statistics import ENOUGH

NAMES: dict[Protocol, str] = {
    "http1": "HTTP/1.1",
    "http1-tls": "HTTP/1.1 with TLS",
    "http2": "HTTP/2",
}


def measured(document: Document) -> list[Protocol]:
    """The protocols that arms were timed over; empty where there was only one."""
    found = {
        one.protocol
        for screen in document.screens
        for arm in screen.arms
        for one in arm.protocols
        if one.summary is not None
    }
    return [one for one in PROTOCOLS if one in found]


def fewest_loads(document: Document, protocol: Protocol) -> int:
    """How often the arm that was loaded least was loaded over it."""
    each = [
        len(one.samples)
        for screen in document.screens
        for arm in screen.arms
        for one in arm.protocols
        if one.protocol == protocol
    ]
    return min(each, default=0)


def is_enough_over(document: Document, *protocols: Protocol) -> bool:
    """Whether each arm was loaded often enough over these to say which is ahead."""
    return all(fewest_loads(document, one) >= ENOUGH for one in protocols)


def over(document: Document, protocol: Protocol) -> Document:
    """The document with the times, counts, floors, pairs and predictions of that protocol.

    Arms that were not timed over it are as if they had not been timed.
    """
    link = link_at(document.settings, 0.0)
    screens = [_screen(screen, protocol, link) for screen in document.screens]
    return replace(document, screens=screens)


def _screen(screen: ScreenResult, protocol: Protocol, link: Link) -> ScreenResult:
    arms = [_arm(arm, protocol, link) for arm in screen.arms]
    timed_arms = [one for one in map(_timed, arms) if one is not None]
    return replace(
        screen,
        arms=arms,
        floors=[
            FloorResult(one.name, "", one.samples, one.summary)
            for one in screen.protocol_floors
            if one.protocol == protocol
        ],
        pairs=[paired(*both, link) for both in combinations(timed_arms, 2)],
    )


def _arm(arm: ArmResult, protocol: Protocol, link: Link) -> ArmResult:
    found = next((one for one in arm.protocols if one.protocol == protocol), None)
    if found is None or found.summary is None:
        return replace(arm, samples=[], summary=None, links=[], predicted_ms={})
    counts = _counts(arm.counts, found.counts)
    return replace(
        arm,
        counts=counts,
        samples=found.samples,
        summary=found.summary,
        floor_share=None,
        links=found.links,
        predicted_ms=predicted_ms(found.summary.median_ns, counts, link),
    )


def _counts(counts: Counts, over: ProtocolCounts) -> Counts:
    """The counts of the arm, with those that depend on the protocol."""
    return replace(
        counts,
        rounds=over.steps,
        trips=over.trips,
        sent_head_bytes=over.sent_bytes - counts.sent_body_bytes,
        received_head_bytes=over.received_bytes - counts.received_body_bytes,
        wire_bytes=over.wire_bytes,
    )


def _timed(arm: ArmResult) -> TimedArm | None:
    if arm.summary is None:
        return None
    samples = elapsed_ns(arm.samples)
    return timed(arm.name, arm.summary.median_ns, samples, arm.counts)
