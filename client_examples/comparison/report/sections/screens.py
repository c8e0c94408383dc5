"""One section per screen: a row per arm, what the numbers say, and the charts."""

from collections.abc import Iterator
from dataclasses import fields, replace

from client_examples.comparison.analysis.compression import unused
from client_examples.comparison.analysis.ranking import break_evens, timed
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Footnotes
from client_examples.comparison.report.palette import BYTES
from client_examples.comparison.report.sections.findings import brief_finding, finding
from client_examples.comparison.report.sections.section import (
    Block,
    Chart,
    Charts,
    Column,
    Group,
    Notes,
    Number,
    Paragraph,
    Section,
    Table,
    Waterfall,
)
from client_examples.comparison.report.sections.summary import break_even
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.statistics import Summary

COLUMNS = {
    "requests": Column("requests", "re-\nquests"),
    "rounds": Column("steps"),
    "bytes": Column("wire bytes", "wire\nbytes"),
    "over_fetch": Column("over-fetch", "over-\nfetch", keep=False),
    "unused": Column("not used, as sent: bytes", "unused\nbytes", keep=False, detail=True),
    "statements": Column("SQL statements", "SQL\nstate-\nments", brief=("SQL", "statements")),
    "median": Column(
        "median ms (95%)", "median ms\n(interval)", brief=("median ms ±95%", "plus_minus")
    ),
    "p95": Column("p95 ms", "p95\nms", keep=False, detail=True),
    "p99": Column("p99 ms", "p99\nms", keep=False, detail=True),
    "floor_share": Column("floor share", "floor\nshare", keep=False, detail=True),
}
_OPTIONAL = ("unused", "p95", "p99")  # there only where they are known
# Counts whose names do not tell their unit.
_UNITS = {
    "over_fetch": "over_fetch (share of leaves)",
    "over_fetch_bytes": "over_fetch_bytes (share of bytes)",
}


def sections(document: Document) -> Iterator[Section]:
    """A section per screen; the same caveat has the same mark in all of them."""
    marks: dict[str, str] = {}
    for screen in document.screens:
        yield section(screen, document, marks)


def section(
    screen: ScreenResult,
    document: Document | None = None,
    marks_by_text: dict[str, str] | None = None,
) -> Section:
    """The screen's section; its numbers only with the document that it is of."""
    rows = {arm.name: arm_cells(arm) for arm in screen.arms}
    shown = {
        name: one
        for name, one in COLUMNS.items()
        if name not in _OPTIONAL or any(row[name] != numbers.NONE for row in rows.values())
    }
    footnotes = Footnotes(screen, shown, marks_by_text)
    columns = {"arm": Column("arm", kind="arm", note="description")}
    for name, one in shown.items():
        marks = footnotes.marks("", name)
        columns[name] = replace(
            one, heading=one.heading + marks, short=(one.short or one.heading) + marks
        )
    for arm in screen.arms:
        cells = rows[arm.name]
        for name, text in cells.items():
            number = "median" if name == "plus_minus" else name
            cells[name] = text + footnotes.marks(arm.name, number)
        cells["arm"] = arm.name + footnotes.marks(arm.name, "")
        cells["description"] = arm.description
    evens = "; ".join(map(break_even, break_evens(screen)))
    blocks: list[Block] = [
        Waterfall(screen),
        Table(
            columns, [Group("", list(rows.values()), finding(screen), brief=brief_finding(screen))]
        ),
        *([Paragraph(f"Break-even RTT: {evens}.")] if evens else []),
        *([Notes(footnotes.notes)] if footnotes.notes else []),
        Charts(list(_charts(screen)), [arm.name for arm in screen.arms]),
    ]
    made = [] if document is None else [_numbers(document, screen, arm) for arm in screen.arms]
    return Section(f"screen-{screen.name}", screen.name, blocks, screen.shows, made)


def arm_cells(arm: ArmResult) -> dict[str, str]:
    """The cell of each number."""
    counts, summary, not_used = arm.counts, arm.summary, unused(arm)
    return {
        "requests": numbers.whole(counts.requests),
        "rounds": numbers.whole(counts.rounds),
        "bytes": numbers.whole(counts.wire_bytes),
        "over_fetch": numbers.share(counts.over_fetch),
        "unused": numbers.whole(None if not_used is None else not_used.encoded),
        "statements": numbers.whole(counts.statements),
        "median": numbers.median(summary),
        "plus_minus": numbers.plus_minus(summary),
        "p95": numbers.from_nanoseconds(summary.p95_ns if summary else None),
        "p99": numbers.from_nanoseconds(summary.p99_ns if summary else None),
        "floor_share": numbers.share(arm.floor_share),
    }


def _charts(screen: ScreenResult) -> Iterator[Chart]:
    """The places of those charts for which there are numbers."""
    name = screen.name
    if timed(screen):
        ring = "; a ring: there two arms take as long" if break_evens(screen) else ""
        yield Chart(f"{name}-rtt", "Time by round-trip time", f"by the model{ring}")
        has_p95 = any(arm.summary and arm.summary.p95_ns for arm in screen.arms)
        note = f"bar: 95% interval{'; line: to p95' if has_p95 else ''}"
        yield Chart(f"{name}-medians", "Median at loopback", note, is_wide=False)
    if any(arm.counts.statements is not None for arm in screen.arms):
        yield Chart(f"{name}-statements", "SQL statements", is_wide=False)
    yield Chart(f"{name}-bytes", "Bytes on the wire", legend=BYTES)


def _numbers(document: Document, screen: ScreenResult, arm: ArmResult) -> dict[str, Number]:
    return {
        "screen": screen.name,
        "arm": arm.name,
        "samples": len(arm.samples),
        "code_lines": arm.code_lines,
        **counts_of(arm.counts),
        "static_cost (objects)": arm.cost.computed if arm.cost else None,
        "static_cost_limit": arm.cost.limit if arm.cost else None,
        **times_of(arm.summary),
        "floor_share (rounds x floor / median)": arm.floor_share,
        **{f"predicted_rtt_{rtt}_ms": time for rtt, time in arm.predicted_ms.items()},
        **_links(arm),
        f"loads_if_{document.settings.failure_rate:g}_fail (chance)": arm.failure.loads,
        f"loads_if_{document.settings.failure_rate:g}_fail_with_retries (chance)": (
            arm.failure.loads_with_retries
        ),
        **_resilience(arm),
        "doubts": " ".join(
            f"{one.number or 'all'}: {one.text}"
            for one in screen.doubts
            if one.about in {screen.name, f"{screen.name}/{arm.name}"}
        ),
    }


def counts_of(counts: Counts) -> dict[str, Number]:
    """The counts of a load, with their units."""
    return {_UNITS.get(one.name, one.name): getattr(counts, one.name) for one in fields(counts)}


def times_of(summary: Summary | None) -> dict[str, Number]:
    """What is known of the times of some loads; nothing where there were none."""
    if summary is None:
        return {}
    times = {
        "median": summary.median_ns,
        "median_low": summary.median_low_ns,
        "median_high": summary.median_high_ns,
        "p95": summary.p95_ns,
        "p99": summary.p99_ns,
        "mean": summary.mean_ns,
    }
    return {
        **{f"{name}_ms": None if time is None else time / 1e6 for name, time in times.items()},
        "spread (interquartile range / median)": summary.spread,
    }


def _links(arm: ArmResult) -> dict[str, Number]:
    return {
        name: value
        for link in arm.links
        for name, value in (
            (f"measured_rtt_{link.link.label}_ms", _milliseconds(link.median_ns)),
            (f"step_rtt_{link.link.label}_ms (measured round trip)", link.measured_rtt_ms),
            (f"model_rtt_{link.link.label}_ms", _milliseconds(link.predicted_ns)),
            (f"model_error_rtt_{link.link.label} (share)", link.relative_error),
        )
    }


def _resilience(arm: ArmResult) -> dict[str, Number]:
    return {
        name: value
        for one in arm.resilience
        for name, value in (
            (f"{one.situation}, {one.policy}: loads", one.loads),
            (f"{one.situation}, {one.policy}: loaded", one.loaded),
            (f"{one.situation}, {one.policy}: exchanges", one.exchanges),
            (f"{one.situation}, {one.policy}: in vain", one.in_vain),
            (f"{one.situation}, {one.policy}: not sent", one.refused),
            (f"{one.situation}, {one.policy}: seconds", one.seconds),
            (f"{one.situation}, {one.policy}: longest load s", one.longest_s),
            (f"{one.situation}, {one.policy}: recovery s", one.recovery_s),
        )
    }


def _milliseconds(nanoseconds: float | None) -> float | None:
    return None if nanoseconds is None else nanoseconds / 1e6
