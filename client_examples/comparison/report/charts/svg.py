"""Pictures for a page that runs no scripts, as SVG: who is ahead where, and one screen's times."""

import json
from typing import Any

import vl_convert

from client_examples.comparison.report.charts.common import CONFIG, Chart
from client_examples.comparison.report.charts.matrix import matrix_chart
from client_examples.comparison.report.charts.round_trip_time import rtt_chart
from client_examples.comparison.report.palette import COLOURS
from client_examples.comparison.report.sections import answer
from client_examples.comparison.results.document import Document, ScreenResult

_FONT = "Liberation Sans, Arial, Helvetica, sans-serif"  # the first is vl-convert's own
_WIDTH, _HEIGHT = 640, 360  # px, of the plot
_LEGEND = {"labelColor": "var(--ink)", "titleColor": "var(--quiet)", "symbolSize": 90,
           "symbolStrokeWidth": 2, "labelFontSize": 12, "titleFontSize": 12}  # fmt: skip


def picture(screen: ScreenResult) -> str:
    """The SVG's text; equal results give equal text."""
    chart = {
        **rtt_chart(screen, legend=True),
        "width": _WIDTH,
        "height": _HEIGHT,
        "padding": 16,
        "title": {"text": f"{screen.name}: time of the screen by round-trip time",
                  "anchor": "start", "fontSize": 15, "offset": 14, "color": "var(--ink)"},
    }  # fmt: skip
    chart.pop("autosize")
    return svg(chart)


def matrix_picture(document: Document) -> str:
    """Who is ahead on which screen at which distance, as SVG; equal results give equal text.

    Raises:
        ValueError: nothing was timed, so there is no answer.
    """
    matrix = answer.matrix_of(document)
    if matrix is None:
        raise ValueError("no screen was timed: there is no answer")
    title = {
        "text": "Which API is ahead, and how many times as fast",
        "subtitle": "by the round-trip time between clients and servers",
        "subtitleColor": "var(--quiet)", "subtitleFontSize": 12,
        "anchor": "start", "fontSize": 15, "offset": 14, "color": "var(--ink)",
    }  # fmt: skip
    return svg({**matrix_chart(matrix), "padding": 16, "title": title})


def svg(chart: Chart) -> str:
    """A chart as SVG, in light and in dark; equal charts give equal text."""
    config = {**CONFIG, "font": _FONT, "background": "var(--page)", "legend": _LEGEND}
    drawn = vl_convert.vegalite_to_svg(_in_light(chart), config=_in_light(config))
    return drawn.replace(">", f">{_dark_style()}", 1) + "\n"


def _in_light(chart: Chart) -> Chart:
    """The chart with colours in place of the page's variables."""
    text = json.dumps(chart)
    for name, (light, _) in COLOURS.items():
        text = text.replace(f"var(--{name})", light)
    resolved: dict[str, Any] = json.loads(text)
    return resolved


def _dark_style() -> str:
    """The same picture for readers in the dark."""
    rules = {
        f'[{part}="{light}"]{{{part}:{dark}}}'
        for light, dark in COLOURS.values()
        for part in ("fill", "stroke")
    }
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(sorted(rules))}}}</style>"
