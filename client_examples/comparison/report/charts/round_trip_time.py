"""Time against round-trip time (RTT), with the RTTs where one arm overtakes another."""

from collections.abc import Iterable

import altair as alt

from client_examples.comparison.analysis.decisions import RTTS
from client_examples.comparison.analysis.ranking import break_evens, timed
from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts.common import (
    Chart,
    Row,
    arm_colour,
    arm_scale,
    spec,
    tips,
    values,
)
from client_examples.comparison.results.document import ArmResult, ScreenResult
from client_examples.comparison.results.timing import Pair

_FARTHEST = 300.0  # ms
# ms; close together where the scale is wide, so that the lines bend and do not kink
_DRAWN = (*(n / 10 for n in range(11)), 1.3, 1.7, 2, 2.6, 3.5, 5, 7, 10, 14, 20, 28, 40, 56, 80,
          100, 140, 200, 300)  # fmt: skip
_HEIGHT = 300  # px
_TICKS = [figure * 10**power for power in range(-1, 5) for figure in (1, 2, 5)]
# A line of each arm's colour and dash, long enough to show the dash.
_LEGEND = alt.Legend(
    title=None, orient="bottom", columns=3, symbolType="stroke", symbolSize=1200, columnPadding=24
)


def rtt_chart(screen: ScreenResult, legend: bool = False) -> Chart:
    """A line per arm by the model, a point at each RTT of the tables, a ring at each crossing.

    Args:
        screen: whose arms.
        legend: whether the chart says what the lines mean, as the page does itself; it has no
            rings then, which are nothing without their tooltips.
    """
    arms = timed(screen)
    shown = _LEGEND if legend else None
    colour, dots = arm_colour(screen, shown), arm_colour(screen)
    dash = alt.StrokeDash(
        "arm:N", legend=shown, scale=arm_scale(screen, lambda style: list(style.dash))
    )
    shapes = arm_scale(screen, lambda style: style.shape)
    # With shapes of their own, the points would take the lines' place in the legend.
    shape = {} if legend else {"shape": alt.Shape("arm:N", legend=None, scale=shapes)}
    lines = alt.Chart(values(list(_rows(arms, _DRAWN, told=False)))).mark_line(strokeWidth=2)
    points = alt.Chart(values(list(_rows(arms, map(float, RTTS), told=True)))).mark_point(
        filled=True, size=70, opacity=1
    )
    layers = [
        lines.encode(x=_rtt_axis(), y=_time_axis(), color=colour, strokeDash=dash),
        points.encode(
            x="rtt:Q", y="ms:Q", color=dots, **shape,
            tooltip=tips("arm", "round-trip time", "time"),
        ),
        *([] if legend else _rings(list(_crossings(screen, arms)))),
    ]  # fmt: skip
    return spec(alt.layer(*layers), _HEIGHT)


def _rtt_axis() -> alt.X:
    return alt.X(
        "rtt:Q",
        title="round-trip time, ms (0: loopback)",
        scale=alt.Scale(type="symlog", constant=1, domain=[0, _FARTHEST], nice=False),
        axis=alt.Axis(values=[0, 1, 2, 5, 10, 20, 50, 100, 300], format=",~r"),
    )


def _time_axis() -> alt.Y:
    return alt.Y(
        "ms:Q",
        title="time of the screen, ms",
        scale=alt.Scale(type="log"),
        axis=alt.Axis(values=_TICKS, format=",~r"),
    )


def _rings(crossings: list[Row]) -> list[alt.Chart]:
    if not crossings:
        return []
    base = alt.Chart(values(crossings)).encode(x="rtt:Q", y="ms:Q")
    rings = base.mark_point(
        filled=True, fill="var(--page)", stroke="var(--ink)", strokeWidth=1.5, size=60, opacity=1
    ).encode(tooltip=tips("break-even", "below", "above"))
    return [rings]


def _rows(arms: list[ArmResult], rtts: Iterable[float], *, told: bool) -> Iterable[Row]:
    """A row per arm and RTT; with its numbers in words for a tooltip where they are to be told."""
    each = list(rtts)
    for arm in arms:
        for rtt in each:
            time = time_at(arm, rtt)
            row: Row = {"arm": arm.name, "rtt": rtt, "ms": round(time, 4)}
            if told:
                row["round-trip time"] = numbers.rtt(rtt)
                row["time"] = f"{numbers.milliseconds(time)} ms"
            yield row


def _crossings(screen: ScreenResult, arms: list[ArmResult]) -> Iterable[Row]:
    by_name = {arm.name: arm for arm in arms}
    for pair in break_evens(screen):
        rtt_ms = pair.break_even.rtt_ms
        if rtt_ms is None or rtt_ms > _FARTHEST:
            continue
        yield _crossing(pair, rtt_ms, time_at(by_name[pair.left], rtt_ms))


def _crossing(pair: Pair, rtt_ms: float, time: float) -> Row:
    even = pair.break_even
    interval = numbers.distances(even.low_ms, even.high_ms)
    return {
        "rtt": rtt_ms,
        "ms": time,
        "break-even": f"{numbers.distance(rtt_ms)} ms{interval}",
        "below": even.ahead_below or numbers.NONE,
        "above": even.ahead_above or numbers.NONE,
    }


def time_at(arm: ArmResult, rtt: float) -> float:
    """The time in ms by the model, which is a line through what the document holds."""
    return arm.predicted_ms["0"] + arm.counts.trips * rtt
