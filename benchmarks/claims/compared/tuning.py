"""Claim 12: tuning outweighs style."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from benchmarks.claims.claim import Claim, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.compared.screens import (
    DATALOADER,
    PARALLEL,
    TEXTBOOK,
    UNBATCHED,
    command,
    slow_command,
    spanned,
    statement_ms,
)
from client_examples.comparison.analysis.conditions import (
    TYPICAL_RTT_MS,
    ArmTime,
    conditions,
    ratio,
)
from client_examples.comparison.analysis.standings import fastest
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.statistics import MATERIAL

WORDS = "Tuning outweighs style"
_NXY7 = Source(
    "nxy7/graphql-rest-comparison",
    "https://github.com/nxy7/graphql-rest-comparison",
    "naive REST takes 69.58 s, naive GraphQL 25.46 s, optimised 1.99 and 2.27 s",
)
_USUAL_REST = ("rest/batched", PARALLEL, TEXTBOOK)  # the first that a screen has


@dataclass(frozen=True)
class TwoByTwo:
    """A screen by both styles, naive and tuned: times in any one unit.

    The effects are those of a two by two design, as factors: the geometric mean of what tuning
    changes in either style, and of what the style changes in either tuning. Tuning over style is
    then the lesser of two ratios: naive GraphQL's time over tuned REST's, and naive REST's over
    tuned GraphQL's.

    Attributes:
        screen: its name.
        where: how far away the servers are, and how slow a statement is.
        naive_rest: the time of REST with a request for each resource.
        naive_graphql: that of GraphQL without batching.
        tuned_rest: that of the arm that stands for tuned REST.
        tuned_graphql: that of the one that stands for tuned GraphQL.
        is_tuning: whether tuning changes more than style, and not by chance or by less than 5%.
            None where it is not judged.
    """

    screen: str
    where: str
    naive_rest: float
    naive_graphql: float
    tuned_rest: float
    tuned_graphql: float
    is_tuning: bool | None = None

    @property
    def tuning(self) -> float:
        """How many times as fast the tuned ones are."""
        return sqrt(self.tuning_rest * self.tuning_graphql)

    @property
    def style(self) -> float:
        """How many times as fast the faster style is, 1 or more."""
        found = sqrt(self.naive_rest / self.naive_graphql * self.tuned_rest / self.tuned_graphql)
        return max(found, 1 / found)

    @property
    def tuning_rest(self) -> float:
        """How many times as fast tuning makes REST."""
        return self.naive_rest / self.tuned_rest

    @property
    def tuning_graphql(self) -> float:
        """How many times as fast tuning makes GraphQL."""
        return self.naive_graphql / self.tuned_graphql


NXY7 = TwoByTwo("nxy7, s", "one machine", 69.58, 25.46, 1.99, 2.27)  # its README


def tuning(document: Document, slow: Document) -> Claim:
    """By naive and tuned arms of both styles: near, farther away, and with slow statements."""
    each = [*best_of(document), *best_of(slow, statement_ms(slow))]
    usual = [*usual_of(document), *usual_of(slow, statement_ms(slow))]
    header = ["screen", "where", "naive REST, ms", "naive GraphQL", "tuned REST", "tuned GraphQL",
              "by tuning", "by style", "tuning outweighs"]  # fmt: skip
    return Claim(
        12,
        WORDS,
        verdict_of(each),
        Usual(f"REST with lists of ids or side by side, `{DATALOADER}`", verdict_of(usual)),
        [_NXY7],
        _why(each),
        Table(header, [_row(one) for one in (NXY7, *each)], left=2),
        f"{command(document)}\n{slow_command(slow)}",
        "tuning of the database or of the language. Tuning outweighs style where the tuned arm of "
        "each style is faster than the naive one of the other, by no tie. Times "
        f"{TYPICAL_RTT_MS:g} ms away are computed from those at loopback, and those measured over "
        "such a link have to say the same. nxy7's servers are other programs over another "
        "database: compare its ratios, not its times.",
    )


def verdict_of(each: Sequence[TwoByTwo]) -> Verdict:
    """By how many screens it is true of, wherever they were measured.

    Raises:
        NothingToJudge: no screen has naive arms of both styles.
    """
    at: dict[str, list[bool]] = {}
    for one in each:
        at.setdefault(one.where, []).append(bool(one.is_tuning))
    told = [
        f"{sum(found) or 'none'} of {numbers.counted(len(found), 'screen')} at {where}"
        for where, found in at.items()
    ]
    condition = f"screen and distance allow it: on {numbers.listed(told)}"
    return verdict_by(sum(map(sum, at.values())), len(each), condition)


def best_of(document: Document, statement_ms: float = 0.0) -> Iterator[TwoByTwo]:
    """With the fastest arm of each API as the tuned one."""
    for case in _cases(document, statement_ms):
        rest, graphql = fastest(case.times, "REST"), fastest(case.times, "GraphQL")
        if rest and graphql:
            yield from _made(case, rest, graphql)


def usual_of(document: Document, statement_ms: float = 0.0) -> Iterator[TwoByTwo]:
    """With what most would tune first."""
    for case in _cases(document, statement_ms):
        by = case.by_name
        rest = next((by[name] for name in _USUAL_REST if name in by), None)
        if rest and DATALOADER in by:
            yield from _made(case, rest, by[DATALOADER])


class _Case(NamedTuple):
    """A screen under a condition, and what that is called."""

    screen: ScreenResult
    where: str
    rtt_ms: float
    times: Sequence[ArmTime]

    @property
    def by_name(self) -> dict[str, ArmTime]:
        """The times by the arms' names."""
        return {one.name: one for one in self.times}

    def is_faster(self, tuned: ArmTime, naive: ArmTime) -> bool:
        """Whether one arm is materially faster, and no medians over a real link contradict it."""
        if ratio(naive, tuned).verdict != "right":
            return False
        slower, faster = (_over_link(one.arm, self.rtt_ms) for one in (naive, tuned))
        return slower is None or faster is None or slower > MATERIAL * faster


def _over_link(arm: ArmResult, rtt_ms: float) -> float | None:
    """The median in ns as it was measured over a link without rates; None where it was not."""
    found = [
        one.median_ns
        for one in arm.links
        if one.rtt_ms == rtt_ms and one.bandwidth_mbit is None and not one.name
    ]
    return found[0] if found else None


def _cases(document: Document, statement_ms: float) -> Iterator[_Case]:
    """Each screen near and 20 ms away; near alone where statements are slow."""
    rtts = (0.0,) if statement_ms else (0.0, TYPICAL_RTT_MS)
    under = [one for one in conditions(document) if one.rtt_ms in rtts]
    more = f" with {statement_ms:g} ms a statement" if statement_ms else ""
    for screen in document.screens:
        for condition in under:
            where = f"{condition.name}{more}"
            yield _Case(screen, where, condition.rtt_ms, condition.times(screen))


def _made(case: _Case, rest: ArmTime, graphql: ArmTime) -> Iterator[TwoByTwo]:
    """Nothing where an API has no naive arm, or the screen is so simple that none can be tuned."""
    naive_rest, naive_graphql = map(case.by_name.get, (TEXTBOOK, UNBATCHED))
    if naive_rest is None or naive_graphql is None or naive_rest.arm.counts.requests < 2:
        return
    yield TwoByTwo(
        case.screen.name,
        case.where,
        naive_rest.ms,
        naive_graphql.ms,
        rest.ms,
        graphql.ms,
        is_tuning=case.is_faster(rest, naive_graphql) and case.is_faster(graphql, naive_rest),
    )


def _row(one: TwoByTwo) -> list[str]:
    times = one.naive_rest, one.naive_graphql, one.tuned_rest, one.tuned_graphql
    name = one.screen if one is NXY7 else f"`{one.screen}`"
    effects = numbers.ratio(one.tuning), numbers.ratio(one.style)
    outweighs = {True: "yes", False: "no", None: numbers.NONE}[one.is_tuning]
    return [name, one.where, *map(numbers.milliseconds, times), *effects, outweighs]


def _why(each: Sequence[TwoByTwo]) -> tuple[str, str, str]:
    rest, graphql = (
        spanned(factors)
        for factors in ([one.tuning_rest for one in each], [one.tuning_graphql for one in each])
    )
    naive = max(each, key=lambda one: one.naive_rest / one.naive_graphql)
    tuned = [one.tuned_rest / one.tuned_graphql for one in each]
    tuning = f"Tuning makes REST {rest} times as fast, and GraphQL {graphql} times."
    style = (
        "What tuning brings to REST, fewer requests, naive GraphQL has by its style: it is up to "
        f"{numbers.ratio(naive.naive_rest / naive.naive_graphql)} times as fast as naive REST "
        f"(`{naive.screen}`, {naive.where}); tuned, REST takes {spanned(tuned)} times as long."
    )
    theirs = (
        f"nxy7's own numbers give {numbers.ratio(NXY7.tuning)} for tuning and "
        f"{numbers.ratio(NXY7.style)} for style (geometric means, as in a two by two design)."
    )
    return tuning, style, theirs
