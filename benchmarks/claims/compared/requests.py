"""Claim 1: GraphQL needs fewer requests."""

from benchmarks.claims.claim import Claim, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.compared.screens import (
    FIELDS,
    GRAPHQL_ORG,
    PARALLEL,
    USUAL,
    cell,
    command,
    one_of,
    some,
    with_both,
)
from client_examples.comparison.analysis.standings import TYPICAL
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

WORDS = "GraphQL needs fewer requests"
_SHOWN = (TYPICAL[0], PARALLEL, "rest/batched", FIELDS, TYPICAL[1])
_SOURCE = Source(
    "graphql.org's home page",
    GRAPHQL_ORG,
    "typical REST APIs load from several URLs, GraphQL gets all that an app needs by one request",
)


def fewer_requests(document: Document) -> Claim:
    """By the requests of each screen, with the arm of each API that takes fewest."""
    return Claim(
        1,
        WORDS,
        *verdicts(document),
        [_SOURCE],
        _why(document),
        Table(
            ["screen", *(f"`{name}`" for name in _SHOWN)],
            [_row(screen) for screen, *_ in with_both(document)],
        ),
        command(document),
        "screens of other apps. A REST API with an endpoint for each screen has one request for "
        "each as well, and a change of the server for each new screen.",
    )


def verdicts(document: Document) -> tuple[Verdict, Usual]:
    """With the fewest requests that each API can take, and with the usual arms.

    Raises:
        NothingToJudge: no screen has arms of both APIs, or none has both usual ones.
    """
    total, of_usual, fewer, usual = 0, 0, [], []
    for screen, rest, graphql in with_both(document):
        total += 1
        if _fewest(graphql) < _fewest(rest):
            fewer.append(screen.name)
        each = {arm.name: arm.counts.requests for arm in screen.arms}
        if set(TYPICAL) <= set(each):
            of_usual += 1
            if each[TYPICAL[1]] < each[TYPICAL[0]]:
                usual.append(screen.name)
    related = f"a screen shows several resources or lists ({len(usual)} of {of_usual} screens)"
    return _at_best(total, fewer, usual), Usual(USUAL, verdict_by(len(usual), of_usual, related))


def _at_best(total: int, fewer: list[str], usual: list[str]) -> Verdict:
    if len(fewer) == total or not usual:
        return verdict_by(len(fewer), total, one_of(fewer))
    least = f"only on {some(fewer)}" if fewer else "on no screen"
    return Verdict(
        "holds if",
        "the screen takes REST several requests, one for each resource; where each API takes the "
        f"fewest that it can, GraphQL needs fewer {least}",
    )


def _fewest(arms: list[ArmResult]) -> int:
    return min(arm.counts.requests for arm in arms)


def _row(screen: ScreenResult) -> list[str]:
    return [f"`{screen.name}`", *(cell(screen, name, _told) for name in _SHOWN)]


def _told(arm: ArmResult) -> str:
    """The requests, and the steps where they are fewer."""
    requests, steps = arm.counts.requests, arm.counts.rounds
    return f"{requests:,}" if requests == steps else f"{requests:,} in {steps:,}"


def _why(document: Document) -> tuple[str, str, str]:
    each = list(with_both(document))
    graphql, rest = (
        numbers.counted(max(found), "request")
        if min(found) == max(found)
        else f"{min(found):,} to {numbers.counted(max(found), 'request')}"
        for found in ([_fewest(one.graphql) for one in each], [_fewest(one.rest) for one in each])
    )
    most, name = max((arm.counts.requests, one.screen.name) for one in each for arm in one.rest)
    related = (
        "A query names related objects and unrelated lists at once: GraphQL takes "
        f"{graphql} for a screen."
    )
    by_rest = (
        f"REST takes up to {most:,} where each is for one resource (`{name}`), and {rest} by lists "
        "of ids or `fields`."
    )
    return related, by_rest, _steps([arm for one in each for arm in one.rest])


def _steps(arms: list[ArmResult]) -> str:
    """That requests are no steps, by the arm that has most more of them."""
    most = max(arms, key=lambda arm: arm.counts.requests - arm.counts.rounds)
    time = "What takes time are the steps, as requests side by side wait together"
    if most.counts.requests == most.counts.rounds:
        return f"{time}."
    steps = numbers.counted(most.counts.rounds, "step")
    return f'{time} ("{_told(most)}" is {most.counts.requests:,} requests in {steps}).'
