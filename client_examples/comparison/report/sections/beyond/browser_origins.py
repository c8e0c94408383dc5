"""What it takes in a browser when the servers are on another origin than the page: preflights."""

from collections.abc import Sequence
from statistics import median

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Paragraph,
    Row,
    Table,
)
from client_examples.comparison.results.browser import BrowserArm, BrowserResults
from client_examples.comparison.results.links import Link
from client_examples.comparison.statistics import ENOUGH, Summary

ORIGINS = {
    "arm": Column("arm", kind="arm"),
    "same": Column("same origin ms", "same\norigin", keep=False),
    "simple": Column("other origin, simple ms", "simple"),
    "number": Column("preflights", "pre-\nflights"),
    "preflight": Column("with preflights ms", "with\nthem"),
    "cached": Column("remembered ms", "remem-\nbered"),
}


def other_origins(found: BrowserResults) -> list[Block]:
    """What it takes when the servers are on another origin than the page; empty if not measured."""
    asked = [(screen.name, arm) for screen in found.screens for arm in screen.arms if arm.origins]
    if not asked:
        return []
    first = asked[0][1].origins[0]
    link = Link(first.rtt_ms, name=first.name)
    groups = [
        Group(screen.name, [_across(arm) for arm in screen.arms if arm.origins])
        for screen in found.screens
    ]
    intro = f"By a page of another origin, over HTTP/2 {link.at}:"
    return [Paragraph(_preflights(asked)), Paragraph(intro), Table(ORIGINS, groups)]


def _preflights(asked: Sequence[tuple[str, BrowserArm]]) -> str:
    """How many preflights a load sends, and how long they take until they are remembered."""
    each = [
        (screen, arm.name, one, cached)
        for screen, arm in asked
        for one in arm.origins
        for cached in arm.origins
        if (one.way, cached.way) == ("preflight", "cached") and one.summary and cached.summary
    ]
    if not each:
        return ""
    most = max(each, key=lambda one: one[2].preflights)
    added = median(
        (one.summary.median_ns - cached.summary.median_ns) / 1e6
        for _, _, one, cached in each
        if one.summary and cached.summary
    )
    return (
        "A page of another origin sends a preflight before each request that has a header such as "
        "a token's, or a body of JSON, as GraphQL's POST. Browsers remember the answer by address: "
        "GraphQL has one, REST as many as resources. "
        f"Preflights of the first load: at most {most[2].preflights} ({most[0]}, {most[1]}); they "
        f"take {numbers.milliseconds(added)} ms in the median, and nothing once remembered."
    )


def _across(arm: BrowserArm) -> Row:
    ways = {one.way: one for one in arm.origins}
    over = next(iter(arm.origins))
    same = [
        one.summary
        for one in arm.loads
        if (one.protocol, one.connections) == ("http2", "warm")
        and (one.rtt_ms, one.name) == (over.rtt_ms, over.name)
    ]
    cells = {"arm": arm.name, "same": median_of(next(iter(same), None))}
    for way, one in ways.items():
        cells[way] = median_of(one.summary)
    if "preflight" in ways:
        cells["number"] = numbers.whole(ways["preflight"].preflights)
    return cells


def median_of(summary: Summary | None) -> str:
    """With its interval, where there were enough loads for one."""
    if summary is None or summary.count >= ENOUGH:
        return numbers.plus_minus(summary)
    return numbers.from_nanoseconds(summary.median_ns)
