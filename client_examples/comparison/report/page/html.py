"""Draws the report as one HTML file that needs nothing else: tables, charts, how to repeat it."""

import json
from collections.abc import Sequence
from functools import cache

import vl_convert

from client_examples.comparison.analysis.conditions import RTTS_MS, TYPICAL_RTT_MS
from client_examples.comparison.analysis.decisions import spans
from client_examples.comparison.analysis.ranking import api_of, timed
from client_examples.comparison.report.charts import live_updates, load_test, screens
from client_examples.comparison.report.charts.common import CONFIG, Chart
from client_examples.comparison.report.charts.round_trip_time import rtt_chart
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.page.frame import drawn
from client_examples.comparison.report.page.waterfall import distances, drawing
from client_examples.comparison.report.page.words import words
from client_examples.comparison.report.reproduce import commands, environment_rows
from client_examples.comparison.report.sections.section import Section, Waterfall
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.results.document import Document


def page(document: Document) -> str:
    """The page's text."""
    found = contents(document)
    return drawn(
        "report.html",
        found,
        words(document.settings.at_once),
        functions={
            "api_of": api_of,
            "spans": spans,
            "drawing": drawing,
            "column_at": _column_at,
            "settings": document.settings,
            "usual_rtt_ms": TYPICAL_RTT_MS,
        },
        title="REST or GraphQL, for these screens?",
        document=document,
        run=run(document),
        incomplete=INCOMPLETE,
        arms=_arms(found),
        distances=distances(document),
        commands=commands(document),
        environment=list(environment_rows(document)),
        charts=_json({"config": CONFIG, "charts": _charts(document)}),
        library=_library(),
    )


def _arms(sections: Sequence[Section]) -> dict[str, list[str]]:
    """The names of the arms whose waterfalls a section has, by its id."""
    return {
        section.id: [arm.name for arm in block.screen.arms]
        for section in sections
        for block in section.blocks
        if isinstance(block, Waterfall)
    }


def _column_at(rtt_ms: float) -> str:
    """The class of a column that the control of the distance marks."""
    return f"in-{RTTS_MS.index(rtt_ms)}" if rtt_ms in RTTS_MS else ""


def _charts(document: Document) -> dict[str, Chart]:
    """The charts by the id of their place in the page."""
    charts: dict[str, Chart | None] = {}
    for screen in document.screens:
        if timed(screen):
            charts[f"{screen.name}-rtt"] = rtt_chart(screen)
            charts[f"{screen.name}-medians"] = screens.medians_chart(screen)
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
