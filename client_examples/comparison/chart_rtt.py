"""Time against round-trip time (RTT), with the RTTs where one arm overtakes another."""

from collections.abc import Iterable

import altair as alt

from client_examples.comparison import numbers
from client_examples.comparison.chart_parts import Chart, Row, arm_colour, spec, tips, values
from client_examples.comparison.charts import arm_marks
from client_examples.comparison.document import ArmResult, Pair, ScreenResult
from client_examples.comparison.findings import RTTS, timed

_FARTHEST = 300.0  # ms
# ms; close together where the scale is wide, so that the lines bend and do not kink
_DRAWN = (*(n / 10 for n in range(11)), 1.3, 1.7, 2, 2.6, 3.5, 5, 7, 10, 14, 20, 28, 40, 56, 80,
          100, 140, 200, 300)  # fmt: skip
_HEIGHT = 300  # px


def rtt_chart(screen: ScreenResult, height: int = _HEIGHT) -> Chart:
    """A line per arm by the model, a point at each RTT of the tables, a ring at each crossing."""
    arms = timed(screen)
    x = alt.X(
        "rtt:Q",
        title="round-trip time, ms (0: loopback)",
        scale=alt.Scale(type="symlog", constant=1, domain=[0, _FARTHEST], nice=False),
        axis=alt.Axis(values=[0, 1, 2, 5, 10, 20, 50, 100, 300], format="~g"),
    )
    y = alt.Y("ms:Q", title="time of the screen, ms", scale=alt.Scale(type="log"),
              axis=alt.Axis(tickCount=6, format="~s"))  # fmt: skip
    marks = arm_marks(screen)
    lines = alt.Chart(values(list(_rows(arms, _DRAWN)))).mark_line(strokeWidth=2).encode(
        x=x, y=y, color=arm_colour(screen), strokeDash=marks["strokeDash"]
    )  # fmt: skip
    points = alt.Chart(values(list(_rows(arms, map(float, RTTS))))).mark_point(
        filled=True, size=70, opacity=1
    ).encode(
        x="rtt:Q", y="ms:Q", color=arm_colour(screen), shape=marks["shape"],
        tooltip=tips("arm", "round-trip time", "time"),
    )  # fmt: skip
    layers = [lines, points]
    crossings = list(_crossings(screen, arms))
    if crossings:
        layers += _rings(crossings)
    return spec(alt.layer(*layers).resolve_scale(color="shared"), height)


def _rings(crossings: list[Row]) -> list[alt.Chart]:
    base = alt.Chart(values(crossings)).encode(x="rtt:Q", y="ms:Q")
    rings = base.mark_point(
        filled=True, fill="var(--page)", stroke="var(--ink)", strokeWidth=1.5, size=60, opacity=1
    ).encode(tooltip=tips("break-even", "95% interval", "below", "above"))
    labels = base.mark_text(dy=-13, fontWeight="bold", stroke="var(--page)", strokeWidth=3)
    return [
        labels.encode(text="break-even:N"),
        base.mark_text(dy=-13, fontWeight="bold").encode(text="break-even:N"),
        rings,
    ]


def _rows(arms: list[ArmResult], rtts: Iterable[float]) -> Iterable[Row]:
    each = list(rtts)
    for arm in arms:
        for rtt in each:
            time = time_at(arm, rtt)
            yield {
                "arm": arm.name,
                "rtt": rtt,
                "ms": round(time, 4),
                "round-trip time": numbers.rtt(rtt),
                "time": f"{numbers.milliseconds(time)} ms",
            }


def _crossings(screen: ScreenResult, arms: list[ArmResult]) -> Iterable[Row]:
    by_name = {arm.name: arm for arm in arms}
    for pair in screen.pairs:
        even = pair.break_even
        if even.kind == "at" and even.rtt_ms is not None and even.rtt_ms <= _FARTHEST:
            yield _crossing(pair, even.rtt_ms, time_at(by_name[pair.left], even.rtt_ms))


def _crossing(pair: Pair, rtt_ms: float, time: float) -> Row:
    even = pair.break_even
    known = even.low_ms is not None and even.high_ms is not None
    low, high = even.low_ms or 0.0, even.high_ms or 0.0
    return {
        "rtt": rtt_ms,
        "ms": time,
        "break-even": f"{numbers.milliseconds(rtt_ms)} ms",
        "95% interval": f"{numbers.interval(low * 1e6, high * 1e6)} ms" if known else numbers.NONE,
        "below": even.ahead_below or numbers.NONE,
        "above": even.ahead_above or numbers.NONE,
    }


def time_at(arm: ArmResult, rtt: float) -> float:
    """The time in ms by the model, which is a line through what the document holds."""
    return arm.predicted_ms["0"] + arm.counts.trips * rtt
