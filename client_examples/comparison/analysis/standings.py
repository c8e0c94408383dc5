"""Who is ahead on which screen under which condition: an arm of REST beside one of GraphQL."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from client_examples.comparison.analysis.conditions import (
    ArmTime,
    Condition,
    ratio,
    usual_condition,
)
from client_examples.comparison.analysis.ranking import Api, api_of
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.results.timing import floor_of
from client_examples.comparison.statistics import ENOUGH

Ahead: TypeAlias = Literal["REST", "GraphQL", "tie"]

# One resource per request, and resolvers with DataLoaders: what an API has unless more is built.
TYPICAL = ("rest/textbook", "graphql/dataloader")


@dataclass(frozen=True)
class Standing:
    """A screen under a condition: an arm of each API beside the other's, by default the fastest.

    Attributes:
        ratio: the slower median over the faster one, 1 or more, with its 95% interval.
        verdict: by the times alone.
        servers_ms: the part of the difference that is the two server programs' own: by how much
            their constant answers differ. Where it is all of the difference, the styles tie.
    """

    screen: str
    faster: ArmTime
    slower: ArmTime
    ratio: float
    low: float
    high: float
    verdict: Ahead
    servers_ms: float

    def arm(self, api: Api) -> ArmTime:
        """The arm of this API."""
        return self.faster if api_of(self.faster.name) == api else self.slower

    @property
    def is_by_servers(self) -> bool:
        """Whether the arms differ by no more than the servers' constant answers do."""
        difference = self.slower.ms - self.faster.ms
        return self.verdict != "tie" and difference <= self.servers_ms

    @property
    def ahead(self) -> Ahead:
        """Which style is ahead, once the server programs' own difference is left out."""
        return "tie" if self.is_by_servers else self.verdict


@dataclass(frozen=True)
class Column:
    """A condition with the standings of all screens that have arms of both APIs."""

    condition: Condition
    standings: Sequence[Standing]

    def ahead(self, api: Ahead) -> list[Standing]:
        """The standings where this API is ahead; for "tie", those where both tie."""
        return [one for one in self.standings if one.ahead == api]

    def of(self, screen: str) -> Standing:
        """The standing of a screen, by its name."""
        return next(one for one in self.standings if one.screen == screen)


class Lag(NamedTuple):
    """An arm beside the fastest of its screen."""

    screen: str
    slow: ArmTime
    fast: ArmTime

    @property
    def factor(self) -> float:
        """How many times as long it takes."""
        return self.slow.median_ns / self.fast.median_ns


def columns(
    document: Document, conditions: Sequence[Condition], arms: Collection[str] | None = None
) -> list[Column]:
    """A column for each condition; empty where no screen has arms of both APIs that were timed.

    Screens of which an arm was loaded too seldom are left out.

    Args:
        document: what was measured.
        conditions: one for each column.
        arms: names of those that take part; by default all, so that the fastest of each API stand
            beside each other.
    """
    found = []
    for condition in conditions:
        each = [_standing(screen, condition, arms) for screen in document.screens]
        standings = [one for one in each if one is not None]
        if standings:
            found.append(Column(condition, standings))
    return found


def usual_column(columns: Sequence[Column]) -> Column:
    """The one at a usual distance between users and servers, or else the farthest."""
    usual = usual_condition([one.condition for one in columns])
    return next(one for one in columns if one.condition is usual)


def slowest(document: Document, condition: Condition) -> Lag | None:
    """The arm that takes most times as long as the fastest of its screen, if that is material."""
    found = []
    for screen in document.screens:
        times = condition.times(screen)
        if len(times) > 1 and ratio(times[-1], times[0]).verdict == "right":
            found.append(Lag(screen.name, times[-1], times[0]))
    return max(found, key=lambda one: one.factor, default=None)


def fastest(times: Sequence[ArmTime], api: Api) -> ArmTime | None:
    """The fastest arm of an API, None if it has none."""
    return next((one for one in times if api_of(one.name) == api), None)


def _standing(
    screen: ScreenResult, condition: Condition, arms: Collection[str] | None
) -> Standing | None:
    times = [one for one in condition.times(screen) if arms is None or one.name in arms]
    rest, graphql = fastest(times, "REST"), fastest(times, "GraphQL")
    if rest is None or graphql is None:
        return None
    if min(one.loads for one in times) < ENOUGH:
        return None
    faster, slower = sorted((rest, graphql), key=lambda one: one.median_ns)
    found = ratio(slower, faster)
    ahead = api_of(faster.name)
    assert ahead is not None
    verdict: Ahead = ahead if found.verdict == "right" else "tie"
    servers = _servers_ms(screen, faster, slower) if condition.has_floors else 0.0
    return Standing(
        screen.name, faster, slower, found.ratio, found.low, found.high, verdict, servers
    )


def _servers_ms(screen: ScreenResult, faster: ArmTime, slower: ArmTime) -> float:
    """By how much the slower arm's server takes longer for as many constant answers.

    As many as the arm with fewer steps waits for: further steps are the style's, not the server's.
    """
    floors = {floor.name: floor.summary.median_ns for floor in screen.floors if floor.summary}
    each = [floors.get(floor_of(one.name)) for one in (faster, slower)]
    if each[0] is None or each[1] is None:
        return 0.0
    steps = min(faster.arm.counts.rounds, slower.arm.counts.rounds)
    return max(0.0, (each[1] - each[0]) * steps / 1e6)
