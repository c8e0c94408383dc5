"""Draws the report as one HTML file that needs nothing else: tables, charts, how to repeat it."""

import json
import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape

import vl_convert
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from client_examples.comparison.analysis.conditions import RTTS_MS, TYPICAL_RTT_MS
from client_examples.comparison.analysis.decisions import spans
from client_examples.comparison.analysis.ranking import api_of, timed
from client_examples.comparison.report import numbers, palette
from client_examples.comparison.report.charts import live_updates, load_test, screens
from client_examples.comparison.report.charts.common import CONFIG, Chart
from client_examples.comparison.report.charts.round_trip_time import rtt_chart
from client_examples.comparison.report.contents import INCOMPLETE, contents
from client_examples.comparison.report.page.waterfall import distances, drawing
from client_examples.comparison.report.page.words import Word, explained, heading, words
from client_examples.comparison.report.reproduce import commands, environment_rows
from client_examples.comparison.report.sections.section import Section, Waterfall
from client_examples.comparison.report.sections.summary import run
from client_examples.comparison.results.document import Document

ANSWER = "answer"  # the section that is not folded


def page(document: Document) -> str:
    """The page's text."""
    templates = Environment(
        loader=PackageLoader("client_examples.comparison.report.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found, known = contents(document), words(document.settings.at_once)
    templates.filters["inline"] = _inline
    templates.filters["heading"] = lambda text: heading(text, known)
    templates.filters["explained"] = _explained(known)
    templates.globals.update(numbers=numbers, api_of=api_of, spans=spans, styles=palette.styles)
    templates.globals.update(drawing=drawing, settings=document.settings, column_at=_column_at)
    templates.globals.update(usual_rtt_ms=TYPICAL_RTT_MS)
    text = templates.get_template("report.html").render(
        document=document,
        light=palette.css(dark=False),
        dark=palette.css(dark=True),
        run=run(document),
        incomplete=INCOMPLETE,
        answer=[one for one in found if one.id == ANSWER],
        folded=[one for one in found if one.id != ANSWER],
        first=next((one.id for one in found if one.shows), ""),
        arms=_arms(found),
        distances=distances(document),
        words=known,
        commands=commands(document),
        environment=list(environment_rows(document)),
        charts=_json({"config": CONFIG, "charts": _charts(document)}),
        library=_library(),
    )
    return f"{text}\n"


def _explained(known: tuple[Word, ...]) -> Callable[[Context, str], str]:
    """A filter that explains each word once on the page, where it first stands."""
    seen: set[str] = set()

    @pass_context  # else Jinja applies it to the template's own texts before all others
    def explain(_: Context, markup: str) -> str:
        return explained(markup, known, seen)

    return explain


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
