"""How late each change was seen, as a chart; every number in it is one of the document's."""

import altair as alt

from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts.common import (
    ROW,
    Chart,
    arm_axis,
    scale,
    spec,
    tips,
    values,
)
from client_examples.comparison.report.palette import styles
from client_examples.comparison.results.live_updates import WatchResult

_NAMES = {"rest": "REST", "graphql": "GraphQL"}


def late_chart(result: WatchResult) -> Chart | None:
    """A mark per change, on a scale of powers of ten, as an arm may be a hundred times as late."""
    rows = [
        {
            "arm": arm.name,
            "ms": change.seen_ns / 1e6,
            "status": change.status,
            "changed by": _NAMES[change.through],
            "late": f"{numbers.from_nanoseconds(change.seen_ns)} ms",
        }
        for arm in result.arms
        for change in arm.changes
    ]
    if not rows:
        return None
    names = [arm.name for arm in result.arms]
    colours = {name: style.colour for name, style in styles(names).items()}
    shapes = scale({"REST": "circle", "GraphQL": "diamond"})
    marks = (
        alt.Chart(values(rows))
        .mark_point(filled=True, size=50, opacity=0.65)
        .encode(
            y=arm_axis(names),
            x=alt.X(
                "ms:Q",
                title="milliseconds from sent to seen",
                scale=alt.Scale(type="log", nice=True),
                axis=alt.Axis(tickCount=4, format="~g"),
            ),
            color=alt.Color("arm:N", legend=None, scale=scale(colours)),
            shape=alt.Shape("changed by:N", legend=None, scale=shapes),
            tooltip=tips("arm", "status", "changed by", "late"),
        )
    )
    return spec(marks, ROW * len(names))
