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
from client_examples.comparison.report.charts.palette import BYTES
from client_examples.comparison.results.counts import Exchange
from client_examples.comparison.results.document import ArmResult, ScreenResult

_WATERFALL_ROW = 10  # px


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


def waterfall_chart(screen: ScreenResult) -> Chart:
    """Each arm's exchanges one below the other, from when they began to when they ended."""
    rows = [row for arm in screen.arms for row in _exchange_rows(arm)]
    axis = alt.Axis(
        title=None,
        labelColor="var(--ink)",
        labelExpr="slice(datum.value, 0, -2)",
        labelOverlap=False,
        labelLimit=170,
        values=[row["row"] for row in rows if row["row"].endswith(" 0")],
        grid=False,
    )
    # An empty row below each arm's keeps its name apart from the next one's.
    places = [
        f"{arm.name} {index}" for arm in screen.arms for index in range(len(arm.exchanges) + 1)
    ]
    base = alt.Chart(values(rows)).encode(
        y=alt.Y("row:N", axis=axis, scale=alt.Scale(domain=places, paddingInner=0.25)),
        tooltip=tips("arm", "exchange", "when, ms", "server ms", "statements", "bytes received"),
    )
    x = alt.X("start:Q", title="ms since the load began",
              axis=alt.Axis(tickCount=6))  # fmt: skip
    whole = base.mark_bar(height=_WATERFALL_ROW - 2, opacity=0.45).encode(
        x=x, x2="end:Q", color=arm_colour(screen)
    )
    server = base.mark_bar(height=_WATERFALL_ROW - 2).encode(
        x="server start:Q", x2="server end:Q", color=arm_colour(screen)
    )
    return spec(alt.layer(whole, server), _WATERFALL_ROW * len(places))


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


def _exchange_rows(arm: ArmResult) -> Iterable[Row]:
    for index, one in enumerate(arm.exchanges):
        server = min((one.server_ms or 0.0) * 1e6, one.end_ns - one.start_ns)
        middle = (one.start_ns + one.end_ns) / 2  # where in the exchange it was is not known
        yield {
            "row": f"{arm.name} {index}",
            "arm": arm.name,
            "start": one.start_ns / 1e6,
            "end": one.end_ns / 1e6,
            "server start": (middle - server / 2) / 1e6,
            "server end": (middle + server / 2) / 1e6,
            **_exchange_tips(one, index, len(arm.exchanges)),
        }


def _exchange_tips(one: Exchange, index: int, total: int) -> Row:
    return {
        "exchange": f"{index + 1} of {total}: {one.method} {_short(one.path)}",
        "when, ms": numbers.interval(one.start_ns, one.end_ns),
        "server ms": numbers.NONE if one.server_ms is None else f"{one.server_ms:.2f}",
        "statements": numbers.whole(one.statements),
        "bytes received": numbers.whole(one.received_head_bytes + one.received_body_bytes),
    }


def _short(path: str, limit: int = 80) -> str:
    return path if len(path) <= limit else f"{path[: limit - 1]}…"
