"""The charts of a screen as Vega-Lite; every number in them is one of the document's."""

from collections.abc import Iterable

import altair as alt

from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts.common import (
    BAR,
    ROW,
    Chart,
    Row,
    arm_axis,
    arm_colour,
    scale,
    spec,
    tips,
    values,
)
from client_examples.comparison.report.palette import BYTES
from client_examples.comparison.results.document import ArmResult, ScreenResult


def bytes_chart(screen: ScreenResult) -> Chart:
    """What the bytes on the wire are, as stacked bars."""
    rows = [row for arm in screen.arms for row in _byte_rows(arm)]
    bars = (
        alt.Chart(values(rows))
        .mark_bar(height=BAR)
        .encode(
            y=arm_axis([arm.name for arm in screen.arms]),
            x=alt.X("size:Q", title="bytes on the wire", axis=alt.Axis(tickCount=5, format=",d")),
            color=alt.Color(
                "kind:N", legend=None, scale=scale({kind: f"var(--{kind})" for kind in BYTES})
            ),
            order=alt.Order("order:Q"),
            tooltip=tips("arm", "what", "bytes", "on the wire"),
        )
    )
    return spec(bars, ROW * len(screen.arms))


def statements_chart(screen: ScreenResult) -> Chart | None:
    """SQL statements, as bars with their number; None where no server tells."""
    rows: list[Row] = [
        {"arm": arm.name, "statements": arm.counts.statements,
         "database ms": numbers.NONE if arm.counts.db_ms is None
         else numbers.milliseconds(arm.counts.db_ms)}
        for arm in screen.arms
        if arm.counts.statements is not None
    ]  # fmt: skip
    if not rows:
        return None
    axis = alt.Axis(tickCount=5, tickMinStep=1, format="d")
    base = alt.Chart(values(rows)).encode(
        y=arm_axis([row["arm"] for row in rows]),
        x=alt.X("statements:Q", title="SQL statements", axis=axis),
        tooltip=tips("arm", "statements", "database ms"),
    )
    bars = base.mark_bar(height=BAR).encode(color=arm_colour(screen))
    text = base.mark_text(align="left", dx=4).encode(text="statements:Q")
    return spec(bars + text, ROW * len(rows))


def medians_chart(screen: ScreenResult) -> Chart:
    """Loopback medians with their intervals, and a line to the p95 where there is one."""
    rows = [_median_row(arm) for arm in screen.arms if arm.summary]
    base = alt.Chart(values(rows)).encode(
        y=arm_axis([row["arm"] for row in rows]),
        color=arm_colour(screen),
        tooltip=tips("arm", "median ms (95%)", "p95 ms"),
    )
    x = alt.X("low:Q", title="ms at loopback", scale=alt.Scale(zero=True),
              axis=alt.Axis(tickCount=5))  # fmt: skip
    interval = base.mark_bar(height=BAR, opacity=0.4).encode(x=x, x2="high:Q")
    tail = base.mark_rule(strokeWidth=1.5, opacity=0.6).encode(x="median:Q", x2="p95:Q")
    middle = base.mark_tick(thickness=3, size=20, opacity=1).encode(x="median:Q")
    return spec(alt.layer(interval, tail, middle), ROW * len(rows))


def _byte_rows(arm: ArmResult) -> Iterable[Row]:
    """Bodies as received, compressed or not, split as their decompressed values are."""
    counts = arm.counts
    over = round(counts.received_body_bytes * counts.over_fetch_bytes)
    found = {
        "needed": counts.received_body_bytes - over,
        "over-fetched": over,
        "asked": counts.sent_body_bytes,
        "heads": counts.sent_head_bytes + counts.received_head_bytes - counts.server_timing_bytes,
        "instrument": counts.server_timing_bytes,
    }
    for order, (kind, size) in enumerate(found.items()):
        if size:
            yield {"arm": arm.name, "kind": kind, "order": order, "size": size,
                   "what": BYTES[kind], "bytes": f"{size:,}",
                   "on the wire": f"{counts.wire_bytes:,}"}  # fmt: skip


def _median_row(arm: ArmResult) -> Row:
    summary = arm.summary
    assert summary is not None
    return {
        "arm": arm.name,
        "median": summary.median_ns / 1e6,
        "low": summary.median_low_ns / 1e6,
        "high": summary.median_high_ns / 1e6,
        "p95": (summary.p95_ns or summary.median_ns) / 1e6,
        "median ms (95%)": numbers.median(summary),
        "p95 ms": numbers.from_nanoseconds(summary.p95_ns),
    }
