"""What would make a screen faster: for each API, the simplest step that brings most of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from client_examples.comparison.analysis.conditions import ArmTime, Condition, ratio
from client_examples.comparison.analysis.ranking import Api, api_of
from client_examples.comparison.results.document import Document, ScreenResult

MOST_OF_IT = 0.8  # of the time that the API's best arm would save
_APIS: tuple[Api, ...] = ("REST", "GraphQL")


@dataclass(frozen=True)
class Opportunity:
    """One arm in the place of another of the same API, and what that saves under a condition.

    Attributes:
        before: the API's slowest arm.
        after: of its arms, in the order in which the screen declares them, the first that brings
            most of what the fastest one would.
        statements: SQL statements less; None where a server does not tell.
    """

    screen: str
    before: ArmTime
    after: ArmTime
    condition: Condition

    @property
    def saved_ms(self) -> float:
        """Milliseconds less."""
        return self.before.ms - self.after.ms

    @property
    def requests(self) -> int:
        """Requests less; negative where it takes more."""
        return self.before.arm.counts.requests - self.after.arm.counts.requests

    @property
    def steps(self) -> int:
        """Sequential steps less."""
        return self.before.arm.counts.rounds - self.after.arm.counts.rounds

    @property
    def statements(self) -> int | None:
        """SQL statements less; None where a server does not tell."""
        before, after = (one.arm.counts.statements for one in (self.before, self.after))
        return None if before is None or after is None else before - after


def opportunities(document: Document, condition: Condition) -> list[Opportunity]:
    """Those that make a material difference under the condition, the largest saving first."""
    found = [
        one
        for screen in document.screens
        for api in _APIS
        if (one := _best(screen, api, condition)) is not None
    ]
    return sorted(found, key=lambda one: one.saved_ms, reverse=True)


def _best(screen: ScreenResult, api: Api, condition: Condition) -> Opportunity | None:
    times = [one for one in condition.times(screen) if api_of(one.name) == api]
    if len(times) < 2:
        return None
    best, worst = times[0], times[-1]
    if ratio(worst, best).verdict != "right":
        return None
    enough = worst.median_ns - MOST_OF_IT * (worst.median_ns - best.median_ns)
    after = next(one for one in _as_declared(screen, times) if one.median_ns <= enough)
    return Opportunity(screen.name, worst, after, condition)


def _as_declared(screen: ScreenResult, times: Sequence[ArmTime]) -> list[ArmTime]:
    """The arms from the textbook's to the best known, as the screen's module has them."""
    order = [arm.name for arm in screen.arms]
    return sorted(times, key=lambda one: order.index(one.name))
