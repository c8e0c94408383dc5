"""Claim 6: GraphQL costs the server more processor time."""

from collections.abc import Collection, Sequence

from benchmarks.claims.claim import (
    DOES_NOT_HOLD,
    HOLDS,
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
    FIELDS,
    PARALLEL,
    PLANNED,
    TEXTBOOK,
    UNBATCHED,
    USUAL,
    command,
    one_of,
    some,
    spanned,
)
from client_examples.comparison.analysis.processor_time import processor_time
from client_examples.comparison.analysis.standings import TYPICAL, Standing, columns
from client_examples.comparison.report import numbers
from client_examples.comparison.results.cpu import CpuArm, CpuScreen
from client_examples.comparison.results.document import Document

WORDS = "GraphQL costs the server more processor time"
FEW_REQUESTS = (FIELDS, DATALOADER)  # as few on both sides of most screens, resolvers on one
_SHOWN = (TEXTBOOK, PARALLEL, "rest/batched", FIELDS, UNBATCHED, DATALOADER, PLANNED)
_SOURCES = [
    Source(
        "Niswar et al., 2024",
        "https://doi.org/10.24425/ijet.2024.149562",
        "more than REST and gRPC",
    ),
    Source("Lawi et al., 2021", "https://doi.org/10.3390/computers10110138", "37% less than REST"),
]


def processor_cost(document: Document) -> Claim:
    """By what a load of each screen takes of the servers' processors."""
    best, usual = verdicts(document)
    screens = document.cpu.screens if document.cpu else []
    return Claim(
        6,
        WORDS,
        best,
        Usual(USUAL, usual),
        _SOURCES,
        _why(document),
        Table(
            ["processor ms for a load", *(f"`{name}`" for name in _SHOWN)],
            [[f"`{screen.name}`", *(_cost(screen, name) for name in _SHOWN)] for screen in screens],
        ),
        command(document, "--cpu"),
        "other servers than these two Python programs; a database with processes of its own "
        "(SQLite works within the servers, and counts).",
    )


def verdicts(document: Document) -> tuple[Verdict, Verdict]:
    """With the cheapest arm of each API, and with the usual arms."""
    best, usual = standings(document), standings(document, TYPICAL)
    dearer = _dearer(best)
    few = _dearer(_with_as_few(document))
    typical = _dearer(usual)
    of_usual = verdict_by(len(typical), len(usual), _where(usual, typical))
    if len(dearer) == len(best):
        return HOLDS, of_usual
    if not (dearer or few):
        return DOES_NOT_HOLD, of_usual
    said = []
    if few:
        said.append(
            f"GraphQL runs resolvers and REST takes as few requests (`{DATALOADER}` beside "
            f"`{FIELDS}`: {some(few)})"
        )
    least = (
        f"more on {some(dearer)}"
        if dearer
        else f"more on none of {numbers.counted(len(best), 'screen')} measured"
    )
    said.append(f"where each is at its cheapest, GraphQL takes {least}")
    condition = "; ".join(said) if few else one_of(dearer)
    return Verdict("holds if", condition), of_usual


def standings(
    document: Document, arms: Collection[str] | None = None, *, may_be_none: bool = False
) -> Sequence[Standing]:
    """An arm of each API beside the other's, by processor time; by default the cheapest.

    Raises:
        NothingToJudge: processor time was not measured, or not of both APIs.
    """
    condition = processor_time(document)
    found = columns(document, [condition], arms) if condition else []
    if not found and not may_be_none:
        raise NothingToJudge("processor time was not measured of both APIs, or in too few turns")
    return found[0].standings if found else []


def _with_as_few(document: Document) -> list[Standing]:
    """The screens of which an arm of REST takes as few requests as one with resolvers."""
    return _as_few(standings(document, FEW_REQUESTS, may_be_none=True))


def _as_few(each: Sequence[Standing]) -> list[Standing]:
    return [
        one
        for one in each
        if one.arm("REST").arm.counts.requests <= one.arm("GraphQL").arm.counts.requests
    ]


def _dearer(each: Sequence[Standing]) -> list[str]:
    return [one.screen for one in each if one.ahead == "REST"]


def _where(usual: Sequence[Standing], dearer: list[str]) -> str:
    """Which screens they are; by their requests, where these tell them from the others."""
    if dearer == [one.screen for one in _as_few(usual)]:
        return f"REST takes as few requests: on {some(dearer)}"
    asked = {one.screen: one.arm("REST").arm.counts.requests for one in usual}
    most = max((asked[name] for name in dearer), default=0)
    if all(number > most for name, number in asked.items() if name not in dearer):
        return f"REST takes at most {numbers.counted(most, 'request')}: on {some(dearer)}"
    return one_of(dearer)


def _share(one: Standing) -> float:
    """GraphQL's time over REST's."""
    return one.arm("GraphQL").median_ns / one.arm("REST").median_ns


def _cost(screen: CpuScreen, name: str) -> str:
    arm = next((arm for arm in screen.arms if arm.name == name), None)
    return numbers.NONE if arm is None else told(arm)


def told(arm: CpuArm) -> str:
    """The median with its interval."""
    if arm.cpu_ms is None or arm.low_ms is None or arm.high_ms is None:
        return numbers.NONE
    low, high = numbers.milliseconds(arm.low_ms), numbers.milliseconds(arm.high_ms)
    return f"{numbers.milliseconds(arm.cpu_ms)} ({low}\N{EN DASH}{high})"


def _why(document: Document) -> tuple[str, str, str]:
    best = standings(document)
    times = spanned([_share(one) for one in best])
    least = min(standings(document, TYPICAL), key=_share)
    few = [_share(one) for one in _with_as_few(document)]
    requests = numbers.counted(least.arm("REST").arm.counts.requests, "request")
    ties = sum(one.ahead == "tie" for one in best)
    cheapest = (
        f"At their cheapest, GraphQL takes {times} times as much as REST; "
        f"{ties or 'none'} of {numbers.counted(len(best), 'screen')} measured tie."
    )
    by_requests = (
        f"Each request costs: for `{least.screen}`, `{TEXTBOOK}`'s {requests} take "
        f"{numbers.ratio(1 / _share(least))} times as much as `{DATALOADER}`'s query."
    )
    by_resolvers = (
        f"So do resolvers: with as few requests, `{DATALOADER}` takes {spanned(few)} times as much "
        f"as `{FIELDS}`."
        if few
        else "No screen has arms with as few requests on both sides."
    )
    return cheapest, by_requests, by_resolvers
