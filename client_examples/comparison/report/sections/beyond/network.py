"""What lies beyond one machine: simulated links, exchanges that fail, lines of client code."""

from statistics import median

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.document import ArmResult, Document
from client_examples.comparison.results.protocols import ProvedLink
from client_examples.comparison.results.timing import LinkResult

TITLE = "Beyond one machine"
LINKS = (
    "RTT: what one step really takes longer over the link; processors that have waited start "
    "slowly. Predicted: the time over the link as computed from the counts and that RTT. "
    "Measured: the time over the link, which checks the counts."
)


def section(document: Document) -> Section | None:
    """A row per arm and link; None where nothing was loaded."""
    if not document.screens:
        return None
    rate = numbers.share(document.settings.failure_rate)
    columns = {
        "arm": Column("arm", kind="arm", once=True),
        "link": Column("link", kind="text"),
        "rtt": Column("RTT measured, ms", "RTT\nms"),
        "predicted": Column("predicted ms", "predicted\nms"),
        "measured": Column("measured ms", "measured\nms"),
        "error": Column("error"),
        "loads": Column(f"loads if {rate} fail", f"loads if\n{rate} fail", once=True),
        "retried": Column("with retries", "with\nretries", once=True),
        "lines": Column("lines of code", "code\nlines", once=True),
    }
    groups = [
        Group(
            screen.name,
            [row for arm in screen.arms for row in _rows(arm)],
        )
        for screen in document.screens
    ]
    about = f"Loads: the chance, computed, that the whole screen loads when {rate} of its requests "
    about += "fail."
    table = Table(columns, groups).without_unknown()
    if "link" in table.columns:
        about = f"{LINKS} {about}"
    blocks: list[Block] = [table, Paragraph(about, "quiet")]
    blocks += [Paragraph(said) for said in (_proved(document), off(document)) if said]
    return Section("beyond", TITLE, blocks, detail=True)


def off(document: Document) -> str:
    """How far predictions are from the times measured over the links; "" where none is known."""
    told = []
    for link in document.settings.links:
        errors = [
            abs(one.relative_error)
            for screen in document.screens
            for arm in screen.arms
            for one in arm.links
            if one.link == link and one.relative_error is not None
        ]
        if errors:
            middle, most = numbers.share(median(errors)), numbers.share(max(errors))
            told.append(f"{middle} at {link.title} (at most {most})")
    return f"Predictions are off by, in the median: {numbers.listed(told)}." if told else ""


def _proved(document: Document) -> str:
    """Each link with its numbers, and what real exchanges found it to be."""
    told = [
        f"{link}: {numbers.listed([_found(one) for one in document.links if one.link == link])}"
        for link in dict.fromkeys(one.link for one in document.links)
    ]
    if not told:
        return ""
    by = numbers.listed(list(dict.fromkeys(one.protocol for one in document.links)))
    return f"Each link as asked for, and as real exchanges over {by} found it: {'; '.join(told)}."


def _found(one: ProvedLink) -> str:
    rates = ""
    if one.down_mbit is not None and one.up_mbit is not None:
        rates = f", {one.down_mbit:.3g}/{one.up_mbit:.3g} Mbit/s"
    return f"{one.rtt_ms:.1f} ms{rates}"


def _rows(arm: ArmResult) -> list[Row]:
    """A row per link that it was measured over, or one without."""
    return [_cells(arm, link) for link in arm.links] or [_cells(arm, None)]


def _cells(arm: ArmResult, link: LinkResult | None) -> Row:
    cells = {
        "arm": arm.name,
        "loads": numbers.chance(arm.failure.loads),
        "retried": numbers.chance(arm.failure.loads_with_retries),
        "lines": numbers.whole(arm.code_lines),
    }
    if link is None:
        return cells
    return cells | {
        "link": link.link.title,
        "rtt": numbers.NONE if link.measured_rtt_ms is None else f"{link.measured_rtt_ms:.1f}",
        "predicted": numbers.from_nanoseconds(link.predicted_ns),
        "measured": numbers.from_nanoseconds(link.median_ns),
        "error": numbers.signed_share(link.relative_error),
    }
