"""A shared cache: what it saves each way of loading a screen, and how stale a view was."""

from statistics import median

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Number,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.caching import (
    SharedCacheResults,
    SharedCacheScreen,
    SharedCacheSettings,
    SharedCacheWay,
)
from client_examples.comparison.results.document import Document

TITLE = "Behind a cache that clients share"
COLUMNS = {
    "arm": Column("arm", kind="arm"),
    "method": Column("by", kind="text"),
    "first": Column("first visitor ms", "first\nms"),
    "last": Column("hundredth ms", "100th\nms"),
    "changed": Column("after a change ms", "after a\nchange"),
    "stale": Column("stale at most s", "stale\ns"),
    "hits": Column("hits", keep=False),
    "reached": Column("requests to the servers", "to the\nservers"),
    "cpu": Column("processor ms", "CPU\nms"),
}


def section(document: Document) -> Section | None:
    """What each way takes; None where it was not asked for."""
    found = document.shared_cache
    if found is None:
        return None
    if found.missing:
        return Section("shared-cache", TITLE, [Paragraph(f"Not measured: {found.missing}.")])
    groups = [
        Group(screen.name, [_row(way) for way in screen.ways], finding(screen))
        for screen in found.screens
    ]
    blocks: list[Block] = [Table(COLUMNS, groups, apart=True)]
    if document.settings.shared_cache is not None:
        blocks.append(Paragraph(about(document.settings.shared_cache, found), "quiet"))
    made = [_numbers(screen, way) for screen in found.screens for way in screen.ways]
    return Section("shared-cache", TITLE, blocks, numbers=made)


def finding(screen: SharedCacheScreen) -> str:
    """How many requests reach the servers by each way, and what that saves."""
    if not screen.ways:
        return ""
    each = [f"{way.reached:,} of {way.requests:,} by {_named(way)}" for way in screen.ways]
    said = f"Requests that reach the servers: {numbers.listed(each)}"
    kept = [way for way in screen.ways if way.hits]
    asking = [way for way in screen.ways if not way.hits]
    if kept and asking:
        said += (
            f"; a visitor waits {numbers.milliseconds(median(kept[0].times_ms))} ms instead of "
            f"{numbers.milliseconds(median(asking[0].times_ms))}"
        )
    return f"{said}."


def about(asked: SharedCacheSettings, found: SharedCacheResults) -> str:
    """What was done, and what the numbers are."""
    return (
        f"{asked.visitors} visitors without a cache of their own, one after the other, over open "
        f"connections: {asked.near_rtt_ms:g} ms from them to nginx, {asked.far_rtt_ms:g} ms from "
        "there to the servers. nginx keeps anonymous answers to GET for "
        f"{numbers.counted(found.max_age_s, 'second')}, as the servers say (s-maxage); the first "
        "visitor of each way finds nothing kept, though the servers know the text of persisted "
        "queries. After a change: the first load after another client has changed what is shown, "
        "right after an entry was made. Stale: how long after the change a view without it was "
        "still shown. Requests to the servers are those that nginx did not answer alone "
        "(Cache-Status); processor time is that of both servers, for all visitors. A hit repeats "
        "the stored Server-Timing, of which no SQL statement counts. nginx sends no Age, which a "
        "cache must (RFC 9111, 4)."
    )


def _named(way: SharedCacheWay) -> str:
    return f"{way.arm} ({way.method})"


def _row(way: SharedCacheWay) -> dict[str, str]:
    return {
        "arm": way.arm,
        "method": way.method,
        "first": numbers.milliseconds(way.times_ms[0] if way.times_ms else None),
        "last": numbers.milliseconds(way.times_ms[-1] if way.times_ms else None),
        "changed": numbers.milliseconds(way.changed_ms),
        "stale": numbers.NONE if way.stale_ms is None else f"{way.stale_ms / 1000:.1f}",
        "hits": numbers.whole(way.hits),
        "reached": numbers.whole(way.reached),
        "cpu": _processor(way.cpu_ms),
    }


def _processor(ms: float | None) -> str:
    """Less than a millisecond is not told apart from what servers take at rest."""
    return "<1" if ms is not None and ms < 1 else numbers.milliseconds(ms)


def _numbers(screen: SharedCacheScreen, way: SharedCacheWay) -> dict[str, Number]:
    return {
        "screen": screen.name,
        "arm": way.arm,
        "samples": len(way.times_ms),
        "shared_cache_method": way.method,
        "shared_cache_first_ms": way.times_ms[0] if way.times_ms else None,
        "shared_cache_last_ms": way.times_ms[-1] if way.times_ms else None,
        "shared_cache_median_ms": median(way.times_ms) if way.times_ms else None,
        "shared_cache_changed_ms": way.changed_ms,
        "shared_cache_stale_ms": way.stale_ms,
        "shared_cache_hits": way.hits,
        "shared_cache_requests_to_servers": way.reached,
        "shared_cache_cpu_ms": way.cpu_ms,
    }
