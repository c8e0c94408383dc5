"""Claim 12: tuning outweighs style."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from benchmarks.claims.claim import Claim, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.compared.screens import (
    DATALOADER,
    TEXTBOOK,
    UNBATCHED,
    spanned,
    statement_ms,
)
from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS, ArmTime, conditions
from client_examples.comparison.analysis.standings import fastest
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.statistics import MATERIAL

_NXY7 = Source(
    "nxy7/graphql-rest-comparison",
    "https://github.com/nxy7/graphql-rest-comparison",
    "naive REST takes 69.58 s, naive GraphQL 25.46 s, optimised 1.99 and 2.27 s",
)
_USUAL_REST = ("rest/batched", "rest/parallel", TEXTBOOK)  # the first that a screen has


@dataclass(frozen=True)
class TwoByTwo:
    """A screen by both styles, naive and tuned: times in any one unit.

    The effects are those of a two by two design, as factors: the geometric mean of what tuning
    changes in either style, and of what the style changes in either tuning.
    """

    screen: str
    where: str
    naive_rest: float
    naive_graphql: float
    tuned_rest: float
    tuned_graphql: float

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
    def is_tuning(self) -> bool:
        """Whether tuning changes more, by as much as any difference must to be material."""
        return self.tuning > MATERIAL * self.style

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
              "by tuning", "by style"]  # fmt: skip
    return Claim(
        12,
        "Tuning outweighs style",
        verdict_of(each),
        Usual(f"REST with lists of ids or side by side, `{DATALOADER}`", verdict_of(usual)),
        [_NXY7],
        _why(each),
        Table(header, [_row(one) for one in (NXY7, *each)], left=2),
        "./start_servers.sh --compare\nBOOKSTORE_DB_LATENCY_MS=1 ./start_servers.sh --compare",
        "tuning of the database or of the language. nxy7's servers are other programs over another "
        "database: compare its ratios, not its times.",
    )


def verdict_of(each: Sequence[TwoByTwo]) -> Verdict:
    """By how many screens it is true of, wherever they were measured.

    Raises:
        NothingToJudge: no screen has naive arms of both styles.
    """
    places = list(dict.fromkeys(one.where for one in each))
    true = {place: sum(one.is_tuning for one in each if one.where == place) for place in places}
    told = [
        f"{place} ({true[place]} of {sum(one.where == place for one in each)} screens)"
        for place in places
        if true[place]
    ]
    none = [place for place in places if not true[place]]
    condition = f"it is measured at {numbers.listed(told, 'or')}"
    condition += f"; at {numbers.listed(none, 'or')} on no screen" if none else ""
    return verdict_by(sum(true.values()), len(each), condition)


def best_of(document: Document, statement_ms: float = 0.0) -> Iterator[TwoByTwo]:
    """With the fastest arm of each API as the tuned one."""
    for screen, where, times in _cases(document, statement_ms):
        rest, graphql = fastest(times, "REST"), fastest(times, "GraphQL")
        if rest and graphql:
            yield from _made(screen, where, times, rest, graphql)


def usual_of(document: Document, statement_ms: float = 0.0) -> Iterator[TwoByTwo]:
    """With what most would tune first."""
    for screen, where, times in _cases(document, statement_ms):
        by = {one.name: one for one in times}
        rest = next((by[name] for name in _USUAL_REST if name in by), None)
        if rest and DATALOADER in by:
            yield from _made(screen, where, times, rest, by[DATALOADER])


def _cases(
    document: Document, statement_ms: float
) -> Iterator[tuple[ScreenResult, str, Sequence[ArmTime]]]:
    """Each screen near and 20 ms away; near alone where statements are slow."""
    rtts = (0.0,) if statement_ms else (0.0, TYPICAL_RTT_MS)
    under = [one for one in conditions(document) if one.rtt_ms in rtts]
    more = f" with {statement_ms:g} ms a statement" if statement_ms else ""
    for screen in document.screens:
        for condition in under:
            yield screen, f"{condition.name}{more}", condition.times(screen)


def _made(
    screen: ScreenResult, where: str, times: Sequence[ArmTime], rest: ArmTime, graphql: ArmTime
) -> Iterator[TwoByTwo]:
    """Nothing where an API has no naive arm, or the screen is so simple that none can be tuned."""
    by = {one.name: one.ms for one in times}
    if TEXTBOOK not in by or UNBATCHED not in by:
        return
    arms = {arm.name: arm.counts for arm in screen.arms}
    if arms[TEXTBOOK].requests > 1:
        yield TwoByTwo(screen.name, where, by[TEXTBOOK], by[UNBATCHED], rest.ms, graphql.ms)


def _row(one: TwoByTwo) -> list[str]:
    times = one.naive_rest, one.naive_graphql, one.tuned_rest, one.tuned_graphql
    name = one.screen if one is NXY7 else f"`{one.screen}`"
    effects = numbers.ratio(one.tuning), numbers.ratio(one.style)
    return [name, one.where, *map(numbers.milliseconds, times), *effects]


def _why(each: Sequence[TwoByTwo]) -> tuple[str, str, str]:
    rest, graphql = (
        spanned(factors)
        for factors in ([one.tuning_rest for one in each], [one.tuning_graphql for one in each])
    )
    naive = max(each, key=lambda one: one.naive_rest / one.naive_graphql)
    tuned = [one.tuned_rest / one.tuned_graphql for one in each]
    tuning = f"Tuning makes REST {rest} times as fast, and GraphQL {graphql} times."
    style = (
        "What tuning brings to REST, one request, naive GraphQL has by its style: it is up to "
        f"{numbers.ratio(naive.naive_rest / naive.naive_graphql)} times as fast as naive REST "
        f"(`{naive.screen}`, {naive.where}); tuned, REST takes {spanned(tuned)} times as long."
    )
    theirs = (
        f"nxy7's own numbers give {numbers.ratio(NXY7.tuning)} for tuning and "
        f"{numbers.ratio(NXY7.style)} for style (geometric means, as in a two by two design)."
    )
    return tuning, style, theirs
