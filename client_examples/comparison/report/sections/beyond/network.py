"""What lies beyond one machine: simulated links, exchanges that fail, lines of client code."""

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Column,
    Group,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.document import ArmResult, Document
from client_examples.comparison.results.timing import LinkResult

TITLE = "Beyond one machine"


def section(document: Document) -> Section | None:
    """A row per arm and link; None where nothing was loaded."""
    if not document.screens:
        return None
    rate = numbers.share(document.settings.failure_rate)
    columns = {
        "arm": Column("arm", kind="arm", once=True),
        "rtt": Column("RTT ms", "RTT\nms"),
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
    about = (
        "Predicted: the time over a simulated link as computed from the counts. Measured: the time "
        "over that link, which checks the counts. Loads: the chance, computed, that the whole "
        f"screen loads when {rate} of its requests fail."
    )
    return Section(
        "beyond", TITLE, [Table(columns, groups), Paragraph(about, "quiet")], detail=True
    )


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
        return cells | dict.fromkeys(("rtt", "predicted", "measured", "error"), numbers.NONE)
    return cells | {
        "rtt": f"{link.rtt_ms:g}",
        "predicted": numbers.from_nanoseconds(link.predicted_ns),
        "measured": numbers.from_nanoseconds(link.median_ns),
        "error": numbers.signed_share(link.relative_error),
    }
