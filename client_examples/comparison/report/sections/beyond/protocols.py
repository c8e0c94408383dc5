"""What TLS and HTTP/2 change: steps, bytes and times of each arm over each protocol."""

from collections.abc import Sequence
from statistics import median

from client_examples.comparison.analysis.decisions import leads, rtt_names
from client_examples.comparison.analysis.protocols.over import NAMES, is_enough_over, measured, over
from client_examples.comparison.analysis.ranking import break_evens
from client_examples.comparison.report import numbers
from client_examples.comparison.report.http2 import by_arm, findings, too_seldom
from client_examples.comparison.report.sections.beyond.protocol_table import table
from client_examples.comparison.report.sections.section import (
    Block,
    Number,
    Paragraph,
    Section,
)
from client_examples.comparison.report.sections.summary import break_even, leads_table
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.protocols import Protocol, ProtocolResult

TITLE = "HTTP/1.1, TLS and HTTP/2"
ABOUT = (
    "Steps: over HTTP/1.1 requests wait for each other, six at once; over HTTP/2 all that an arm "
    "asks for together are one step, over one connection. Wire bytes are those that a relay "
    "between client and server counted, TLS records and compressed heads among them, {}. All "
    "protocols were timed in turns."
)
_CONNECTIONS = {
    False: "on connections that are open",
    True: "and what opening the connections takes, anew in each load",
}
LEADS = "On how many of the screens each API is ahead over {}, by the round-trip time (RTT):"


def section(document: Document) -> Section | None:
    """A row per arm; None where only one protocol was measured, and no browser."""
    there = measured(document)
    if not there or (len(there) < 2 and document.browser is None):
        return None
    blocks: list[Block] = [
        Paragraph(findings(document)),
        Paragraph(by_arm(document)),
        table(document, there),
        Paragraph(client_cost(document, there)),
        Paragraph(handshakes(document)),
        Paragraph(_errors(document, there)),
        *_leads(document, there[-1]),
        *(
            Paragraph(f"{NAMES[one.protocol]} was left out: {one.reason}.")
            for one in document.left_out
        ),
        Paragraph(ABOUT.format(_CONNECTIONS[document.settings.cold]), "quiet"),
    ]
    blocks = [one for one in blocks if not isinstance(one, Paragraph) or one.text]
    return Section("protocols", TITLE, blocks, numbers=_numbers(document), detail=True)


def client_cost(document: Document, there: Sequence[Protocol]) -> str:
    """What a request costs over each protocol, and how much of it is this client's own work."""
    told = []
    for protocol in there:
        floors = [
            one
            for screen in document.screens
            for one in screen.protocol_floors
            if one.protocol == protocol and one.summary is not None
        ]
        if floors:
            whole = median(one.summary.median_ns for one in floors if one.summary) / 1e6
            own = median(one.client_ms or 0.0 for one in floors)
            told.append(
                f"{numbers.milliseconds(whole)} ms over {NAMES[protocol]} "
                f"({numbers.milliseconds(own)})"
            )
    if not told:
        return ""
    return (
        f"An empty request{' on a new connection' if document.settings.cold else ''} takes "
        f"{numbers.listed(told)}; in brackets this Python client's own "
        "processor time, which no API is to blame for."
    )


def handshakes(document: Document) -> str:
    """What a new connection takes, from nothing and resumed; "" where that was not measured."""
    told = []
    for one in document.handshakes:
        if one.protocol != document.handshakes[0].protocol:
            break  # of an earlier version's document, which has the same of each protocol with TLS
        size = numbers.whole(one.sent_bytes + one.received_bytes)
        told.append(
            f"{'with a resumed session' if one.is_resumed else 'from nothing'} "
            f"{numbers.counted(one.trips, 'round trip')} and {size} bytes"
        )
    return f"Opening a connection (TCP, then TLS) takes {numbers.listed(told)}." if told else ""


def _errors(document: Document, there: Sequence[Protocol]) -> str:
    """How far the model's times are from those measured over links."""
    told = []
    for protocol in there:
        errors = [
            abs(link.relative_error)
            for screen in document.screens
            for arm in screen.arms
            for one in arm.protocols
            for link in one.links
            if one.protocol == protocol and link.relative_error is not None
        ]
        if errors:
            most = numbers.share(max(errors))
            told.append(f"{NAMES[protocol]} {numbers.share(median(errors))} (at most {most})")
    return f"The computed times are off by, in the median: {numbers.listed(told)}." if told else ""


def _leads(document: Document, protocol: Protocol) -> list[Block]:
    """Which API is ahead over that protocol, and where that changes with distance."""
    if not is_enough_over(document, protocol):
        return [Paragraph(too_seldom(document, protocol))]
    then = over(document, protocol)
    blocks: list[Block] = [
        leads_table(rtt_names(document), leads(then), LEADS.format(NAMES[protocol]))
    ]
    evens = [
        f"{screen.name}: {'; '.join(map(break_even, found))}"
        for screen in then.screens
        if (found := break_evens(screen))
    ]
    if evens:
        blocks.append(Paragraph(f"Break-even RTT over {NAMES[protocol]}: {'. '.join(evens)}."))
    return blocks


def _numbers(document: Document) -> list[dict[str, Number]]:
    rows = []
    for screen in document.screens:
        for arm in screen.arms:
            row: dict[str, Number] = {"screen": screen.name, "arm": arm.name}
            for one in arm.protocols:
                row |= _numbers_of(one)
            if arm.protocols:
                rows.append(row)
    return rows


def _numbers_of(one: ProtocolResult) -> dict[str, Number]:
    counts, name = one.counts, one.protocol
    row: dict[str, Number] = {
        f"{name}: steps": counts.steps,
        f"{name}: trips": counts.trips,
        f"{name}: connections": counts.connections,
        f"{name}: handshake_trips": counts.handshake_trips,
        f"{name}: sent_bytes": counts.sent_bytes,
        f"{name}: received_bytes": counts.received_bytes,
        f"{name}: median_ms": one.summary.median_ns / 1e6 if one.summary else None,
        f"{name}: client_ms (processor time)": one.client_ms,
    }
    for link in one.links:
        measured_ms = None if link.median_ns is None else link.median_ns / 1e6
        row[f"{name}: measured_rtt_{link.link.label}_ms"] = measured_ms
        row[f"{name}: model_error_rtt_{link.link.label} (share)"] = link.relative_error
    return row
