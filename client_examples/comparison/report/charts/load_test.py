"""p50 and p99 against the rate, as a chart; every number in it is one of the document's."""

from collections.abc import Iterator

import altair as alt

from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts.common import Chart, Row, scale, spec, tips, values
from client_examples.comparison.report.palette import styles
from client_examples.comparison.results.load_test import LoadArm, LoadScreen

_HEIGHT = 300  # px
_TICKS = [figure * 10**power for power in range(-1, 5) for figure in (1, 2, 5)]
_AXIS = alt.Axis(values=_TICKS, format=",~r", labelOverlap=True)


def load_chart(screen: LoadScreen, bound_ms: float) -> Chart | None:
    """Two lines per arm over the rates, p99 above p50, and the bound as a line across.

    A point is filled where p99 stayed below the bound. Above it, p99 grows for as long as a rate is
    held, so what is drawn there is a lower bound.
    """
    rows = [row for arm in screen.arms for row in _rows(arm)]
    if not rows:
        return None
    looks = styles([arm.name for arm in screen.arms])
    colours = scale({name: look.colour for name, look in looks.items()})
    legend = alt.Legend(
        title=None,
        orient="bottom",
        columns=2,
        labelColor="var(--ink)",
        labelFontSize=12,
        symbolSize=80,
    )
    shapes = scale({name: look.shape for name, look in looks.items()})
    base = alt.Chart(values(rows)).encode(
        x=alt.X("rate:Q", title="arrivals per second", scale=_log(12), axis=_AXIS),
        y=alt.Y("ms:Q", title="time of the view, ms", scale=_log(8), axis=_AXIS),
        color=alt.Color("arm:N", legend=legend, scale=colours),
    )
    dash = alt.StrokeDash("what:N", legend=None, scale=scale({"p50": [3, 3], "p99": [1, 0]}))
    fill = alt.FillOpacity(
        "full:Q", legend=None, scale=alt.Scale(domain=[0, 1], range=[0, 1], nice=False)
    )
    lines = base.mark_line(strokeWidth=2).encode(strokeDash=dash, detail="what:N", order="rate:Q")
    points = base.mark_point(size=60, opacity=1, strokeWidth=1.5, filled=False).encode(
        shape=alt.Shape("arm:N", legend=legend, scale=shapes),
        fill=alt.Fill("arm:N", legend=legend, scale=colours),
        fillOpacity=fill,
        tooltip=tips("arm", "arrivals", "what", "time", "verdict", "sent late", "failed"),
    )
    rule = alt.Chart(values([{"ms": bound_ms}])).mark_rule(stroke="var(--quiet)", strokeDash=[6, 4])
    return spec(alt.layer(rule.encode(y="ms:Q"), lines, points), _HEIGHT)


def _log(padding: int) -> alt.Scale:
    return alt.Scale(type="log", nice=False, padding=padding)


def _rows(arm: LoadArm) -> Iterator[Row]:
    """A row per rate and percentile; where a rate was tried twice, the second try."""
    by_rate = {step.rate: step for step in arm.steps}
    for rate, step in sorted(by_rate.items()):
        for what, time in (("p50", step.p50_ms), ("p99", step.p99_ms)):
            if time is None:
                continue
            yield {
                "arm": arm.name,
                "rate": rate,
                "ms": round(max(time, 0.01), 4),
                "what": what,
                "full": int(step.is_kept),
                "arrivals": f"{rate:,g} per second",
                "time": f"{numbers.milliseconds(time)} ms",
                "verdict": "kept" if step.is_kept else "lost",
                "sent late": f"{numbers.milliseconds(step.late_p99_ms)} ms",
                "failed": f"{step.failed:,}",
            }
