"""Parts that all charts share: their look, the arms' colours, tooltips."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import altair as alt

from client_examples.comparison.report.palette import Style, styles
from client_examples.comparison.results.document import ScreenResult

Chart: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
CONFIG: Chart = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--quiet)",
        "titleColor": "var(--quiet)",
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "var(--grid)",
        "domainColor": "var(--line)",
        "tickColor": "var(--line)",
    },
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
    "text": {"fill": "var(--ink)", "fontSize": 12},
}
ROW = 26  # px, of an arm's bar with the space around it
BAR = 14  # px


def values(rows: list[Row]) -> alt.InlineData:
    """Rows as a chart's data."""
    return alt.InlineData(values=rows)


def arm_axis(names: list[str]) -> alt.Y:
    """The arms from top to bottom."""
    axis = alt.Axis(title=None, labelLimit=170, labelColor="var(--ink)", grid=False)
    return alt.Y("arm:N", sort=names, axis=axis)


def arm_scale(screen: ScreenResult, look: Callable[[Style], Any]) -> alt.Scale:
    """From the arms to their colours, dashes or shapes."""
    found = styles([arm.name for arm in screen.arms])
    return scale({name: look(style) for name, style in found.items()})


def arm_colour(screen: ScreenResult, legend: alt.Legend | None = None) -> alt.Color:
    """The arms' colours; by default the page shows what they mean, not the chart."""
    return alt.Color("arm:N", legend=legend, scale=arm_scale(screen, lambda style: style.colour))


def scale(looks: Mapping[str, Any]) -> alt.Scale:
    """From names to looks."""
    return alt.Scale(domain=list(looks), range=list(looks.values()))


def tips(*names: str) -> list[alt.Tooltip]:
    """A tooltip that shows these columns of text under their own names."""
    return [alt.Tooltip(field=name, type="nominal") for name in names]


def spec(chart: alt.Chart | alt.LayerChart | alt.FacetChart, height: int) -> Chart:
    """The chart's specification, as wide as its place; the page adds the look that all share."""
    fitted = alt.AutoSizeParams(type="fit-x", contains="padding")
    made: Chart = chart.properties(width="container", height=height, autosize=fitted).to_dict()
    return {name: part for name, part in made.items() if name not in {"config", "$schema"}}
