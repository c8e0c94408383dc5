"""Draws the report as one HTML file that needs nothing else: tables, charts, how to repeat it."""

import json
import re
from functools import cache
from html import escape

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined

from client_examples.comparison.analysis.decisions import spans
from client_examples.comparison.analysis.ranking import api_of, timed
from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts import live_updates, load_test, palette, screens
from client_examples.comparison.report.charts.common import CONFIG, Chart
from client_examples.comparison.report.charts.round_trip_time import rtt_chart
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.reproduce import commands, environment_rows
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.results.document import Document


def page(document: Document) -> str:
    """The page's text."""
    templates = Environment(
        loader=PackageLoader("client_examples.comparison.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["inline"] = _inline
    templates.globals.update(numbers=numbers, api_of=api_of, spans=spans, styles=palette.styles)
    text = templates.get_template("report.html").render(
        document=document,
        light=palette.css(dark=False),
        dark=palette.css(dark=True),
        run=run(document),
        incomplete=INCOMPLETE,
        sections=contents(document),
        commands=commands(document),
        environment=list(environment_rows(document)),
        charts=_json({"config": CONFIG, "charts": _charts(document)}),
        library=_library(),
    )
    return f"{text}\n"


def _inline(text: str) -> str:
    """Markup of a text in which `code` and **bold** are marked as in Markdown."""
    marked = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text, quote=False))
    return re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", marked)


def _charts(document: Document) -> dict[str, Chart]:
    """The charts by the id of their place in the page."""
    charts: dict[str, Chart | None] = {}
    for screen in document.screens:
        if timed(screen):
            charts[f"{screen.name}-rtt"] = rtt_chart(screen)
            charts[f"{screen.name}-medians"] = screens.medians_chart(screen)
        charts[f"{screen.name}-waterfall"] = screens.waterfall_chart(screen)
        charts[f"{screen.name}-bytes"] = screens.bytes_chart(screen)
        charts[f"{screen.name}-statements"] = screens.statements_chart(screen)
    for result in document.watching:
        charts[f"{result.name}-late"] = live_updates.late_chart(result)
    if document.settings.load is not None:
        for loaded in document.load:
            bound_ms = document.settings.load.bound_ms
            charts[f"{loaded.name}-load"] = load_test.load_chart(loaded, bound_ms)
    return {name: chart for name, chart in charts.items() if chart is not None}


def _json(value: object) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    library: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return library.replace("</script", "<\\/script")
