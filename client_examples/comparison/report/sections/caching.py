"""Caching: a row per arm and phase of its visits, and what a later visit takes."""

from collections.abc import Iterator

from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.screens import counts_of, times_of
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Number,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.caching import CachingPhase
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.statistics import ENOUGH

TITLE = "A client with a cache"
ABOUT = (
    "What a screen takes when its client has a cache, beside the arm that loads the same without "
    "one. Cold: the cache is empty. First ever: also, the server has never seen the query, so its "
    "text is sent by POST, and that answer is not cached. Warm: nothing has changed since the "
    "first visit. Changed: another client has changed what is shown. A cached answer is always "
    "revalidated before it is shown (Cache-Control: no-cache): each visit still takes its round "
    "trip, and every view was the current one. The cache is the library CacheControl, whose own "
    "work is a part of the times."
)
COLUMNS = {
    "phase": Column("phase", kind="text", once=True),
    "arm": Column("arm", kind="arm", note="description"),
    "requests": Column("requests", "re-\nquests"),
    "statuses": Column("statuses", "sta-\ntuses"),
    "bytes": Column("wire bytes", "wire\nbytes"),
    "body": Column("body bytes", "body\nbytes", keep=False),
    "median": Column("median ms (95%)", "median ms\n(interval)"),
    "ratio": Column("times uncached (95%)", "times uncached\n(interval)"),
}


def section(document: Document) -> Section | None:
    """All visits; None where none were measured."""
    screens = visited(document)
    if not screens:
        return None
    groups = [
        Group(screen.name, [caching_cells(one) for one in screen.caching], caching_finding(screen))
        for screen in screens
    ]
    blocks: list[Block] = [Paragraph(ABOUT, "quiet"), Table(COLUMNS, groups, apart=True)]
    made = [_numbers(screen, one) for screen in screens for one in screen.caching]
    return Section("caching", TITLE, blocks, numbers=made, detail=True)


def visited(document: Document) -> list[ScreenResult]:
    """The screens whose visits were measured."""
    return [screen for screen in document.screens if screen.caching]


def caching_cells(one: CachingPhase) -> dict[str, str]:
    """The cell of each number."""
    explained = one.uncached is not None and one.phase == "cold"
    return {
        "phase": one.phase,
        "arm": one.arm,
        "description": one.description if explained else "",
        "requests": numbers.whole(one.counts.requests),
        "statuses": ", ".join(map(str, one.statuses)),
        "bytes": numbers.whole(one.counts.wire_bytes),
        "body": numbers.whole(one.counts.encoded_body_bytes),
        "median": numbers.median(one.summary),
        "ratio": "" if one.uncached is None else _ratio(one),
    }


def caching_finding(screen: ScreenResult) -> str:
    """Sentences on what a later visit by each arm with a cache takes; "" if none was timed."""
    said = []
    for one in screen.caching:
        beside = _beside(screen, one)
        if one.phase == "warm" and beside is not None and one.ratio is not None:
            said.append(f"{_warm(one, beside)}{_first_ever(screen, one)}.")
    return " ".join(said)


def _warm(one: CachingPhase, beside: CachingPhase) -> str:
    """A later visit, beside one without a cache."""
    requests = numbers.counted(one.counts.requests, "request")
    return (
        f"A second visit by {one.arm} takes {requests} and "
        f"{numbers.whole(one.counts.wire_bytes)} bytes instead of the "
        f"{numbers.whole(beside.counts.wire_bytes)} of {beside.arm}; {_times(one, beside)}"
    )


def _times(one: CachingPhase, beside: CachingPhase) -> str:
    assert one.ratio is not None
    taken, instead = _ms(one), _ms(beside)
    if min(len(one.samples), len(beside.samples)) < ENOUGH:
        return f"{taken} and {instead}, of too few visits to compare"
    if one.ratio.verdict == "none":
        return f"no material difference in time ({taken} and {instead}, ratio {_ratio(one)})"
    said = f"{taken} instead of {instead}, {_ratio(one)} times as long"
    bandwidth = _break_even_mbit(one, beside)
    if one.ratio.verdict == "right" and bandwidth is not None:
        said += f"; below about {bandwidth:,.3g} Mbit/s the bytes it saves outweigh that"
    return said


def _break_even_mbit(one: CachingPhase, beside: CachingPhase) -> float | None:
    """The bandwidth at which the saved bytes outweigh the lost time; None if none are saved."""
    assert one.summary is not None
    assert beside.summary is not None
    saved = 8 * (beside.counts.wire_bytes - one.counts.wire_bytes)
    lost_ns = one.summary.median_ns - beside.summary.median_ns
    return 1e3 * saved / lost_ns if saved > 0 and lost_ns > 0 else None  # bits per µs


def _first_ever(screen: ScreenResult, one: CachingPhase) -> str:
    found = (
        other for other in screen.caching if (other.arm, other.phase) == (one.arm, "first ever")
    )
    first = next(found, None)
    if first is None:
        return ""
    requests = numbers.counted(first.counts.requests, "request")
    return f"; the very first, of a query that the server does not know yet, takes {requests}"


def _beside(screen: ScreenResult, one: CachingPhase) -> CachingPhase | None:
    found: Iterator[CachingPhase] = (
        other for other in screen.caching if (other.arm, other.phase) == (one.uncached, one.phase)
    )
    return next(found, None)


def _ms(one: CachingPhase) -> str:
    return f"{numbers.from_nanoseconds(one.summary.median_ns if one.summary else None)} ms"


def _ratio(one: CachingPhase) -> str:
    if one.ratio is None:
        return numbers.NONE
    return f"{numbers.ratio(one.ratio.ratio)} ({numbers.ratios(one.ratio.low, one.ratio.high)})"


def _numbers(screen: ScreenResult, one: CachingPhase) -> dict[str, Number]:
    ratio = one.ratio
    return {
        "screen": screen.name,
        "arm": one.arm,
        "samples": len(one.samples),
        **counts_of(one.counts),
        **times_of(one.summary),
        "phase": one.phase,
        "statuses": " ".join(map(str, one.statuses)),
        "times_uncached (median / uncached median)": None if ratio is None else ratio.ratio,
        "times_uncached_low": None if ratio is None else ratio.low,
        "times_uncached_high": None if ratio is None else ratio.high,
    }
