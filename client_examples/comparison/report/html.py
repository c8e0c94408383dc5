"""A document as a page that needs nothing but itself: tables, charts, and how to repeat it."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined

from client_examples.comparison.analysis.decisions import (
    FIELDS_ARM,
    decisions_by_screen,
    leads,
    rtt_names,
    spans,
    without,
)
from client_examples.comparison.analysis.ranking import api_of, break_evens, timed
from client_examples.comparison.report import numbers
from client_examples.comparison.report.charts import palette
from client_examples.comparison.report.charts.common import CONFIG, Chart
from client_examples.comparison.report.charts.live_updates import late_chart
from client_examples.comparison.report.charts.load_test import load_chart
from client_examples.comparison.report.charts.round_trip_time import rtt_chart
from client_examples.comparison.report.charts.screens import (
    BYTES,
    bytes_chart,
    medians_chart,
    statements_chart,
    waterfall_chart,
)
from client_examples.comparison.report.footnotes import Footnotes, of_the_run
from client_examples.comparison.report.reproduce import commands, environment_rows
from client_examples.comparison.report.sections import caching, static_cost
from client_examples.comparison.report.sections import live_updates as watching_cells
from client_examples.comparison.report.sections import load_test as load_cells
from client_examples.comparison.report.sections import summary as words
from client_examples.comparison.report.sections.findings import finding
from client_examples.comparison.report.sections.resilience import WORDS, resilience_tables
from client_examples.comparison.report.sections.screens import (
    arm_cells,
    link_cells,
    links_of,
    other_cells,
)
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

_HEADINGS = {
    "requests": "requests",
    "rounds": "rounds",
    "bytes": "wire bytes",
    "over_fetch": "over-fetch",
    "statements": "statements",
    "median": "median ms (95%)",
    "p95": "p95 ms",
    "p99": "p99 ms",
    "floor_share": "floor share",
}


def page(document: Document) -> str:
    """The page's text."""
    templates = Environment(
        loader=PackageLoader("client_examples.comparison.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        numbers=numbers,
        words=words,
        visits=caching,
        watch=watching_cells,
        costs=static_cost,
        load=load_cells,
        api_of=api_of,
        link_cells=link_cells,
        links_of=links_of,
        other_cells=other_cells,
    )
    plain = without(document, FIELDS_ARM)
    text = templates.get_template("report.html").render(
        document=document,
        light=palette.css(dark=False),
        dark=palette.css(dark=True),
        rtts=rtt_names(document),
        decided={name: spans(each) for name, each in decisions_by_screen(document).items()},
        plain_leads=plain and leads(plain),
        leads=leads(document),
        screens=[_screen(screen) for screen in document.screens],
        byte_kinds=BYTES,
        doubts=[doubt.text for doubt in of_the_run(document)],
        commands=commands(document),
        environment=list(environment_rows(document)),
        resilience=resilience_tables(document),
        resilience_words=WORDS,
        charts=_json({"config": CONFIG, "charts": _charts(document)}),
        library=_library(),
    )
    return f"{text}\n"


def _screen(screen: ScreenResult) -> dict[str, Any]:
    p99_is_known = any(arm.summary and arm.summary.p99_ns for arm in screen.arms)
    headings = {one: text for one, text in _HEADINGS.items() if one != "p99" or p99_is_known}
    footnotes = Footnotes(screen, tuple(headings))
    return {
        "result": screen,
        "finding": finding(screen),
        "break_evens": break_evens(screen),
        "footnotes": footnotes,
        "headings": headings,
        "rows": [(arm, _cells(arm, headings, footnotes)) for arm in screen.arms],
        "styles": palette.styles([arm.name for arm in screen.arms]),
        "is_timed": bool(timed(screen)),
        "has_statements": statements_chart(screen) is not None,
    }


def _cells(arm: ArmResult, shown: Iterable[str], footnotes: Footnotes) -> list[tuple[str, str]]:
    """Each cell's text and marks, in the order of the columns."""
    cells = arm_cells(arm)
    return [(cells[number], footnotes.marks(arm.name, number)) for number in shown]


def _charts(document: Document) -> dict[str, Chart]:
    """The charts by the id of their place in the page."""
    charts: dict[str, Chart | None] = {}
    for screen in document.screens:
        if timed(screen):
            charts[f"{screen.name}-rtt"] = rtt_chart(screen)
            charts[f"{screen.name}-medians"] = medians_chart(screen)
        charts[f"{screen.name}-waterfall"] = waterfall_chart(screen)
        charts[f"{screen.name}-bytes"] = bytes_chart(screen)
        charts[f"{screen.name}-statements"] = statements_chart(screen)
    for result in document.watching:
        charts[f"{result.name}-late"] = late_chart(result)
    if document.settings.load is not None:
        for loaded in document.load:
            bound_ms = document.settings.load.bound_ms
            charts[load_cells.chart_id(loaded)] = load_chart(loaded, bound_ms)
    return {name: chart for name, chart in charts.items() if chart is not None}


def _json(value: object) -> str:
    """JSON that may stand in a script element."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")


@cache
def _library() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script."""
    library: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    return library.replace("</script", "<\\/script")
