"""The numbers of an arm as the text of a table's cells, the same in every report."""

from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult
from client_examples.comparison.results.timing import LinkResult

# The columns of a screen's table, by the name of their number.
COLUMNS = ("requests", "rounds", "bytes", "over_fetch", "statements", "median", "p95",
           "floor_share")  # fmt: skip


def arm_cells(arm: ArmResult) -> dict[str, str]:
    """The cell of each number."""
    counts, summary = arm.counts, arm.summary
    return {
        "requests": numbers.whole(counts.requests),
        "rounds": numbers.whole(counts.rounds),
        "bytes": numbers.whole(counts.wire_bytes),
        "over_fetch": numbers.share(counts.over_fetch),
        "statements": numbers.whole(counts.statements),
        "median": numbers.median(summary),
        "p95": numbers.from_nanoseconds(summary.p95_ns if summary else None),
        "p99": numbers.from_nanoseconds(summary.p99_ns if summary else None),
        "floor_share": numbers.share(arm.floor_share),
    }


def links_of(arm: ArmResult) -> list[LinkResult | None]:
    """The links that an arm was measured over, or the one place of none."""
    return list(arm.links) or [None]


def link_cells(link: LinkResult | None) -> list[str]:
    """RTT, what was predicted and measured over it (ms), and the relative error."""
    if link is None:
        return [numbers.NONE] * 4
    return [
        f"{link.rtt_ms:g}",
        numbers.from_nanoseconds(link.predicted_ns),
        numbers.from_nanoseconds(link.median_ns),
        numbers.signed_share(link.relative_error),
    ]


def other_cells(arm: ArmResult) -> list[str]:
    """The chance that all loads when exchanges fail, the same with retries, and lines of code."""
    return [
        numbers.chance(arm.failure.loads),
        numbers.chance(arm.failure.loads_with_retries),
        numbers.whole(arm.code_lines),
    ]
