"""Claim 9: GraphQL is better on mobile networks."""

from collections.abc import Collection, Iterator
from statistics import median

from benchmarks.claims.claim import (
    Claim,
    NothingToJudge,
    Source,
    Table,
    Usual,
    Verdict,
    verdict_by,
)
from benchmarks.claims.compared.screens import (
    DATALOADER,
    GRAPHQL_ORG,
    PARALLEL,
    TEXTBOOK,
    USUAL,
    command,
    spanned,
)
from client_examples.comparison.analysis.conditions import ArmTime, Condition, conditions
from client_examples.comparison.analysis.protocols.over import is_enough_over, measured, over
from client_examples.comparison.analysis.standings import TYPICAL, Ahead, Column, columns
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.links import Link

WORDS = "GraphQL is better on mobile networks"
_SOURCE = Source(
    "graphql.org's home page",
    GRAPHQL_ORG,
    "apps can be quick even on slow mobile network connections",
)


def mobile(document: Document) -> Claim:
    """By the times over links like those of mobile networks."""
    best, usual = verdicts(document)
    profiles = document.settings.profiles
    named = " ".join(link.name for link in profiles)
    header = ["network", "screen", "REST, fastest, ms", "GraphQL, fastest, ms", "ahead",
              *(f"`{name}`, ms" for name in (TEXTBOOK, PARALLEL, DATALOADER))]  # fmt: skip
    return Claim(
        9,
        WORDS,
        best,
        Usual(USUAL, usual),
        [_SOURCE],
        _why(document),
        Table(header, [row for link in profiles for row in _rows(document, link)], left=2),
        command(document, f"--network {named}"),
        "lost packets, changing rates, radios that wake up, new connections (`--cold`), and what "
        "bytes cost a battery: a simulated link has none of them.",
    )


def verdicts(document: Document) -> tuple[Verdict, Verdict]:
    """With the fastest arm of each API, and with the usual arms, of all networks and screens."""
    best, usual = _ahead(document, "GraphQL"), _ahead(document, "GraphQL", TYPICAL)
    total, of_usual = len(_ahead(document)), len(_ahead(document, None, TYPICAL))
    several = f"the screen takes several requests ({_where(document, usual)})"
    as_usual = verdict_by(len(usual), of_usual, several)
    if len(best) == total or not usual:
        where = f"the screen is {_where(document, best)}"
        return verdict_by(len(best), total, where), as_usual
    least = f"only on {_where(document, best)}" if best else "nowhere"
    return Verdict(
        "holds if",
        "the screen takes REST several requests, one for each resource and one after the other; "
        f"by the fastest way of each, GraphQL is ahead {least}",
    ), as_usual


def _ahead(
    document: Document, api: Ahead | None = None, arms: Collection[str] | None = None
) -> list[tuple[str, str]]:
    """Networks and screens where the API is ahead; all that were compared for None."""
    return [
        (column.condition.name, one.screen)
        for column in _columns(document, arms)
        for one in column.standings
        if api is None or one.ahead == api
    ]


def _columns(document: Document, arms: Collection[str] | None = None) -> list[Column]:
    found = columns(document, _networks(document), arms)
    if not found:
        raise NothingToJudge("no screen was loaded over links with the rates of mobile networks")
    return found


def _networks(document: Document) -> list[Condition]:
    names = {link.name for link in document.settings.profiles}
    return [one for one in conditions(document) if one.name in names]


def _where(document: Document, cases: list[tuple[str, str]]) -> str:
    """The screens, with the networks where it is not all of them."""
    networks = [link.name for link in document.settings.profiles]
    told = []
    for screen in dict.fromkeys(screen for _, screen in cases):
        on = [network for network, one in cases if one == screen]
        told.append(f"`{screen}`" if on == networks else f"`{screen}` on {numbers.listed(on)}")
    return numbers.listed(told)


def _rows(document: Document, link: Link) -> Iterator[list[str]]:
    column = next(one for one in _columns(document) if one.condition.name == link.name)
    for screen in document.screens:
        one = column.of(screen.name)
        lead = "tie" if one.ahead == "tie" else f"{one.ahead} {numbers.ratio(one.ratio)}"
        times = {time.name: time for time in column.condition.times(screen)}
        yield [
            f"{link.name}, {link.rtt_ms:g} ms",
            f"`{screen.name}`",
            numbers.milliseconds(one.arm("REST").ms),
            numbers.milliseconds(one.arm("GraphQL").ms),
            lead,
            *(_told(times.get(name)) for name in (TEXTBOOK, PARALLEL, DATALOADER)),
        ]


def _told(time: ArmTime | None) -> str:
    return numbers.NONE if time is None else numbers.milliseconds(time.ms)


def _why(document: Document) -> tuple[str, str, str]:
    return _round_trips(document), _over_http2(document), _errors(document)


def _round_trips(document: Document) -> str:
    shares = [
        one.faster.arm.counts.trips * column.condition.rtt_ms / one.faster.ms
        for column in _columns(document)
        for one in column.standings
    ]
    return (
        "What counts there are round trips: they are "
        f"{spanned(shares, numbers.share)} of the fastest ways' time."
    )


def _over_http2(document: Document) -> str:
    """What HTTP/2, which phones speak, leaves between requests side by side and one query."""
    if "http2" not in measured(document) or not is_enough_over(document, "http2"):
        return "HTTP/2 was not measured here."
    there = over(document, "http2")
    found = [
        (by[PARALLEL].median_ns / by[DATALOADER].median_ns, screen.name, condition.name)
        for condition in _networks(there)
        for screen in there.screens
        if {PARALLEL, DATALOADER} <= set(by := _by_name(condition, screen))
    ]
    if not found:
        return f"No screen has both `{PARALLEL}` and `{DATALOADER}`."
    low, high = min(found), max(found)
    return (
        f"Over HTTP/2, `{PARALLEL}` takes {numbers.ratio(low[0])} (`{low[1]}`, {low[2]}) to "
        f"{numbers.ratio(high[0])} (`{high[1]}`, {high[2]}) times as long as `{DATALOADER}`."
    )


def _by_name(condition: Condition, screen: ScreenResult) -> dict[str, ArmTime]:
    return {time.name: time for time in condition.times(screen)}


def _errors(document: Document) -> str:
    """How far the computed times are from those measured over the links."""
    errors = [
        abs(link.relative_error)
        for screen in document.screens
        for arm in screen.arms
        for link in arm.links
        if link.name and link.relative_error is not None
    ]
    if not errors:
        return "Times are computed from those without a link."
    return (
        "Times are computed from those without a link; measured over each, they are off by "
        f"{numbers.share(median(errors))} in the median, {numbers.share(max(errors))} at most."
    )
