"""Claims 4 and 5: only REST can be cached by a CDN; persisted queries fix that."""

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from benchmarks.claims.claim import Claim, NothingToJudge, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.compared.screens import command, one_of
from client_examples.comparison.analysis.ranking import api_of
from client_examples.comparison.report import numbers
from client_examples.comparison.results.caching import SharedCacheWay
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import Document

ONLY_REST = "Only REST can be cached by a CDN"
PERSISTED = "Persisted queries fix that"
AS_WELL = 0.9  # of the share of REST's requests that the cache answers
BY_POST = "GraphQL by POST"
_CACHING = Source(
    "Phil Sturgeon, GraphQL vs REST: Caching, 2017",
    "https://philsturgeon.com/graphql-vs-rest-caching",
    "APIs with endpoints have all of HTTP's caching, GraphQL uses HTTP as a tunnel",
)
_PERSISTED = Source(
    "Apollo Server's documentation",
    "https://www.apollographql.com/docs/apollo-server/performance/apq",
    "persisted queries by GET let clients use the browser's cache and a CDN",
)
_NOT_MEASURED = (
    "a CDN of many places, whose caches fill one by one; answers for one user alone, which no "
    "shared cache keeps, by either API."
)


class Ways(NamedTuple):
    """A screen by REST, by a persisted query over GET, and by GraphQL's usual POST."""

    screen: str
    rest: SharedCacheWay
    persisted: SharedCacheWay
    post: SharedCacheWay


def only_rest(document: Document) -> Claim:
    """By how many requests of each way the cache answers."""
    ways = ways_of(document)
    best, usual = only_rest_verdicts(ways)
    by_address = (
        "A shared cache keeps answers to GET by their address, and a persisted query has one: it "
        f"answers {_hits([one.persisted for one in ways])} of GraphQL's requests by GET, and "
        f"{_hits([one.rest for one in ways])} of REST's."
    )
    by_post = (
        f"By POST it answers {_hits([one.post for one in ways])}, since the query is in the body."
    )
    header = ["screen", "arm", "by", "requests", "answered by the cache", "first visitor, ms",
              "median, ms"]  # fmt: skip
    rows = [_row(one.screen, way) for one in ways for way in (one.rest, one.persisted, one.post)]
    return Claim(
        4,
        ONLY_REST,
        best,
        Usual(BY_POST, usual),
        [_CACHING],
        (by_address, by_post, _stale(ways)),
        Table(header, rows, left=3),
        command(document, "--shared-cache"),
        _NOT_MEASURED,
    )


def persisted(shared: Document, comparison: Document) -> Claim:
    """By whether the cache answers as many of them as of REST's."""
    ways = ways_of(shared)
    first, again = first_and_later(comparison)
    answered = (
        f"The cache answers {_hits([one.persisted for one in ways])} of them, and "
        f"{_hits([one.rest for one in ways])} of REST's requests."
    )
    waits = (
        f"A visitor waits {_wait([one.persisted for one in ways])} ms in the median, by REST "
        f"{_wait([one.rest for one in ways])}, by POST {_wait([one.post for one in ways])}."
    )
    unknown = (
        f"A query that the server has never seen takes {numbers.counted(first, 'request')} once, "
        f"then {again}: the cost is a client that sends hashes, and a server that keeps the texts."
    )
    return Claim(
        5,
        PERSISTED,
        persisted_verdict(ways),
        None,
        [_PERSISTED],
        (answered, waits, unknown),
        _servers(ways, comparison),
        f"{command(shared, '--shared-cache')}\n{command(comparison)}",
        _NOT_MEASURED,
    )


def ways_of(document: Document) -> list[Ways]:
    """The screens of which all three ways were measured.

    Raises:
        NothingToJudge: there is none.
    """
    found = []
    for screen in document.shared_cache.screens if document.shared_cache else []:
        by = {(api_of(way.arm), way.method): way for way in screen.ways if way.requests}
        each = [by.get(("REST", "GET")), by.get(("GraphQL", "GET, persisted")),
                by.get(("GraphQL", "POST"))]  # fmt: skip
        known = [way for way in each if way is not None]
        if len(known) == len(each):
            found.append(Ways(screen.name, *known))
    if not found:
        raise NothingToJudge("no screen was loaded behind a shared cache by all three ways")
    return found


def only_rest_verdicts(ways: Sequence[Ways]) -> tuple[Verdict, Verdict]:
    """Of GraphQL by either method, and by POST alone."""
    kept = [one for one in ways if is_kept(one.rest)]
    only = [one.screen for one in kept if not (is_kept(one.persisted) or is_kept(one.post))]
    by_post = [one.screen for one in kept if not is_kept(one.post)]
    return (
        verdict_by(len(only), len(ways), one_of(only)),
        verdict_by(len(by_post), len(ways), one_of(by_post)),
    )


def persisted_verdict(ways: Sequence[Ways]) -> Verdict:
    """Whether the cache answers persisted queries as often as REST."""
    as_well = [
        one.screen for one in ways if _share(one.persisted) >= AS_WELL * _share(one.rest) > 0
    ]
    return verdict_by(len(as_well), len(ways), one_of(as_well))


def is_kept(way: SharedCacheWay) -> bool:
    """Whether the cache answers it at all."""
    return way.hits > 0


def first_and_later(comparison: Document) -> tuple[int, int]:
    """The requests of a persisted query that the server does not know yet, and of one it does.

    Raises:
        NothingToJudge: visits of a client with a cache were not measured.
    """
    phases = [one for screen in comparison.screens for one in screen.caching]
    first = [one.counts.requests for one in phases if one.phase == "first ever"]
    arms = {one.arm for one in phases if one.phase == "first ever"}
    later = [one.counts.requests for one in phases if one.phase == "cold" and one.arm in arms]
    if not first or not later:
        raise NothingToJudge("the first of all visits by a persisted query was not measured")
    return max(first), max(later)


def _share(way: SharedCacheWay) -> float:
    return way.hits / way.requests


def _stale(ways: Sequence[Ways]) -> str:
    """What a shared cache costs: how late a change was seen."""
    kept = [way for one in ways for way in (one.rest, one.persisted, one.post) if is_kept(way)]
    late = max((way.stale_ms or 0.0 for way in kept), default=0.0) / 1000
    return f"The servers say for how long (`s-maxage`): a change was seen up to {late:.1f} s late."


def _hits(ways: Sequence[SharedCacheWay]) -> str:
    hits, requests = sum(way.hits for way in ways), sum(way.requests for way in ways)
    return f"{hits:,} of {requests:,}" if hits else f"none of {requests:,}"


def _wait(ways: Sequence[SharedCacheWay]) -> str:
    return numbers.milliseconds(median(time for way in ways for time in way.times_ms))


def _row(screen: str, way: SharedCacheWay) -> list[str]:
    return [
        f"`{screen}`",
        f"`{way.arm}`",
        way.method,
        numbers.whole(way.requests),
        numbers.whole(way.hits),
        numbers.milliseconds(way.times_ms[0]),
        numbers.milliseconds(median(way.times_ms)),
    ]


def _servers(ways: Sequence[Ways], comparison: Document) -> Table:
    """What reaches the servers, and what a query takes that they do not know."""
    first = {
        screen.name: one.counts
        for screen in comparison.screens
        for one in screen.caching
        if one.phase == "first ever"
    }
    rows = [
        [
            f"`{one.screen}`",
            *(numbers.whole(way.reached) for way in (one.rest, one.persisted, one.post)),
            *(numbers.milliseconds(way.cpu_ms) for way in (one.rest, one.persisted, one.post)),
            _first(first.get(one.screen)),
        ]
        for one in ways
    ]
    header = [
        "screen",
        *(f"requests to the servers, {way}" for way in ("REST", "persisted", "POST")),
        *(f"their processors, ms, {way}" for way in ("REST", "persisted", "POST")),
        "first time ever: requests (bytes)",
    ]
    return Table(header, rows)


def _first(counts: Counts | None) -> str:
    return numbers.NONE if counts is None else f"{counts.requests:,} ({counts.wire_bytes:,})"
