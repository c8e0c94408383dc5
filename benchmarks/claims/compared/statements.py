"""Claims 7 and 8: GraphQL only moves N+1 to the server, and DataLoaders cure it."""

from dataclasses import dataclass

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
    PLANNED,
    TEXTBOOK,
    UNBATCHED,
    arm_of,
    cell,
    command,
    one_of,
    slow_command,
    spanned,
    statement_ms,
    with_arms,
)
from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult

MOVED = "GraphQL only moves N+1 to the server"
CURED = "DataLoaders cure it"
_ENGINES = (UNBATCHED, DATALOADER, PLANNED)
_MOVED = Source(
    "Graeme Hill, Building a Scalable GraphQL Server",
    "https://www.dyspatch.io/blog/building-a-scalable-graphql-server-with-lessons-from-odata/",
    "N+1 has just been moved from the client to the server",
)
_CURED = Source(
    "DataLoader's README",
    "https://github.com/graphql/dataloader",
    "batching and caching reduce the requests to backends",
)
_COSTS = Source(
    "Software at Scale, The Hidden Performance Cost of NodeJS and GraphQL",
    "https://www.softwareatscale.dev/p/the-hidden-performance-cost-of-nodejs",
    "the promises that resolvers make cost time",
)


@dataclass(frozen=True)
class Statements:
    """The SQL statements of a screen by GraphQL's three ways of executing a query."""

    screen: ScreenResult
    unbatched: ArmResult
    dataloader: ArmResult
    planned: ArmResult

    @property
    def arms(self) -> tuple[ArmResult, ArmResult, ArmResult]:
        """All three, in this order."""
        return self.unbatched, self.dataloader, self.planned

    @property
    def has_n_plus_one(self) -> bool:
        """Whether statements for single objects make it more than a plan of the query needs."""
        return _count(self.unbatched) > _count(self.planned)

    @property
    def is_cured(self) -> bool:
        """Whether DataLoaders need no more statements than the plan."""
        return _count(self.dataloader) <= _count(self.planned)


def moves_n_plus_one(document: Document) -> Claim:
    """By the statements of each way of executing the same queries."""
    each = statements(document)
    best, usual = moves_verdicts(each)
    at = f"ms, {TYPICAL_RTT_MS:g} ms away"
    header = ["screen", f"`{TEXTBOOK}`: requests", "SQL statements", at,
              f"`{UNBATCHED}`: statements", at, f"`{DATALOADER}`: statements",
              f"`{PLANNED}`: statements"]  # fmt: skip
    return Claim(
        7,
        MOVED,
        best,
        Usual(f"with DataLoaders, `{DATALOADER}`", usual),
        [_MOVED],
        _why_moved(each),
        Table(header, [_moved_row(one) for one in each]),
        command(document, "--verbose"),
        "objects that resolvers get from other services, where each costs a request.",
    )


def dataloaders(document: Document, slow: Document, costs: Document) -> Claim:
    """By statements, and by what they take of time and of processors."""
    each = statements(document)
    found = [one for one in each if one.has_n_plus_one]
    cured = [one.screen.name for one in found if one.is_cured]
    ways = ("unbatched", "dataloader", "planned")
    header = [
        "screen",
        *(f"{what} {way}" for what in ("SQL statements,", "ms,", "processor ms,") for way in ways),
    ]
    return Claim(
        8,
        CURED,
        verdict_by(len(cured), len(found), one_of(cured)),
        None,
        [_CURED, _COSTS],
        _why_cured(each, slow, costs),
        Table(header, [_cured_row(one, costs) for one in each]),
        "\n".join([command(document), slow_command(slow), command(costs, "--cpu")]),
        "DataLoaders of other languages; loaders that keep objects from one request to the next.",
    )


def statements(document: Document) -> list[Statements]:
    """The screens that GraphQL was asked for in all three ways.

    Raises:
        NothingToJudge: there is none, or the servers do not tell their statements.
    """
    found = [
        Statements(screen, *arms)
        for screen, arms in with_arms(document, *_ENGINES)
        if all(arm.counts.statements is not None for arm in arms)
    ]
    if not found:
        raise NothingToJudge("SQL statements of all ways of executing a query are not known")
    return found


def moves_verdicts(each: list[Statements]) -> tuple[Verdict, Verdict]:
    """With a statement for each object, and with DataLoaders."""
    found = [one.screen.name for one in each if one.has_n_plus_one]
    left = [one.screen.name for one in each if one.has_n_plus_one and not one.is_cured]
    if not found:
        return DOES_NOT_HOLD, DOES_NOT_HOLD
    usual = verdict_by(len(left), len(found), one_of(left))
    if len(left) == len(found):
        return HOLDS, usual
    return Verdict("holds if", f"each resolver reads its object by itself (`{UNBATCHED}`)"), usual


def _count(arm: ArmResult) -> int:
    return arm.counts.statements or 0


def _statements(arm: ArmResult) -> str:
    return numbers.whole(arm.counts.statements)


def _distant(arm: ArmResult) -> str:
    return numbers.milliseconds(arm.predicted_ms.get(f"{TYPICAL_RTT_MS:g}"))


def _near(arm: ArmResult) -> float:
    return arm.summary.median_ns if arm.summary else 0.0


def _moved_row(one: Statements) -> list[str]:
    screen = one.screen
    return [
        f"`{screen.name}`",
        cell(screen, TEXTBOOK, lambda arm: numbers.whole(arm.counts.requests)),
        cell(screen, TEXTBOOK, _statements),
        cell(screen, TEXTBOOK, _distant),
        *(told(one.unbatched) for told in (_statements, _distant)),
        *map(_statements, (one.dataloader, one.planned)),
    ]


def _cured_row(one: Statements, costs: Document) -> list[str]:
    known = _costs(one.screen.name, costs)
    return [
        f"`{one.screen.name}`",
        *(_statements(arm) for arm in one.arms),
        *(numbers.from_nanoseconds(_near(arm)) for arm in one.arms),
        *(numbers.milliseconds(known.get(arm.name)) for arm in one.arms),
    ]


def _costs(screen: str, costs: Document) -> dict[str, float]:
    """The processor time of the three ways in ms; empty where it is not known of all."""
    screens = costs.cpu.screens if costs.cpu else []
    arms = [arm for one in screens if one.name == screen for arm in one.arms]
    found = {arm.name: arm.cpu_ms for arm in arms if arm.name in _ENGINES and arm.cpu_ms}
    return found if len(found) == len(_ENGINES) else {}


def _why_moved(each: list[Statements]) -> tuple[str, str, str]:
    most = max(each, key=lambda one: _count(one.unbatched))
    unbatched = (
        f"Without batching, one query for `{most.screen.name}` takes "
        f"{numbers.counted(_count(most.unbatched), 'SQL statement')}."
    )
    batched = (
        "DataLoaders collect the ids of each level of objects, and take "
        f"{_statements(most.dataloader)}; a plan of the whole query, {_statements(most.planned)}."
    )
    return unbatched, batched, _beside_textbook(most)


def _beside_textbook(one: Statements) -> str:
    textbook = arm_of(one.screen, TEXTBOOK)
    if textbook is None:
        return "No arm of REST has a request for each resource."
    return (
        f"Even so it is not all the same: `{TEXTBOOK}` has N+1 in its statements "
        f"({_statements(textbook)}) and in its requests, and takes {_distant(textbook)} ms where "
        f"`{UNBATCHED}` takes {_distant(one.unbatched)}."
    )


def _why_cured(each: list[Statements], slow: Document, costs: Document) -> tuple[str, str, str]:
    found = [one for one in each if one.has_n_plus_one]
    of_slow = [one for one in statements(slow) if one.has_n_plus_one]
    cured = (
        f"Where there is N+1, {_span([one.unbatched for one in found])} statements become "
        f"{_span([one.dataloader for one in found])}."
    )
    time = (
        "That makes a load "
        f"{spanned([_gain(one) for one in found])} times as fast where statements are nearly free, "
        f"and {spanned([_gain(one) for one in of_slow])} times where each takes "
        f"{statement_ms(slow):g} ms longer."
    )
    return cured, time, _processors([by for one in each if (by := _costs(one.screen.name, costs))])


def _gain(one: Statements) -> float:
    """How many times as fast DataLoaders make it."""
    return _near(one.unbatched) / _near(one.dataloader)


def _span(arms: list[ArmResult]) -> str:
    return spanned([_count(arm) for arm in arms], "{:,.0f}".format)


def _processors(known: list[dict[str, float]]) -> str:
    if not known:
        return "What they cost the processor was not measured."
    none, plan = (
        spanned([by[DATALOADER] / by[other] for by in known]) for other in (UNBATCHED, PLANNED)
    )
    return (
        f"A load takes {none} times the processor time that it takes without them, and {plan} "
        "times that of a plan, which calls no resolver for each object."
    )
