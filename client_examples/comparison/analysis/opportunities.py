"""Opportunities: for each screen and API, the simplest other arm that saves most of the time."""

from collections.abc import Sequence
from dataclasses import dataclass

from client_examples.comparison.analysis.conditions import ArmTime, Condition, ratio
from client_examples.comparison.analysis.ranking import APIS, Api, api_of
from client_examples.comparison.results.document import Document, ScreenResult

MOST_OF_IT = 0.8  # of the time that the API's best arm would save


@dataclass(frozen=True)
class Opportunity:
    """What replacing an API's slowest arm by a better one saves, under a condition.

    Attributes:
        before: the API's slowest arm.
        after: of the API's arms, in the order in which the screen declares them, the first that
            saves most of what the fastest one would.
    """

    screen: str
    before: ArmTime
    after: ArmTime
    condition: Condition

    @property
    def saved_ms(self) -> float:
        """Milliseconds saved."""
        return self.before.ms - self.after.ms

    @property
    def requests(self) -> int:
        """Requests saved; negative where it takes more."""
        return self.before.arm.counts.requests - self.after.arm.counts.requests

    @property
    def steps(self) -> int:
        """Sequential steps saved; negative where it takes more."""
        return self.before.arm.counts.rounds - self.after.arm.counts.rounds

    @property
    def statements(self) -> int | None:
        """SQL statements saved; None where a server does not tell."""
        before, after = (one.arm.counts.statements for one in (self.before, self.after))
        return None if before is None or after is None else before - after


def opportunities(document: Document, condition: Condition) -> list[Opportunity]:
    """The opportunities that save a material part of the time, the largest saving first."""
    found = [
        one
        for screen in document.screens
        for api in APIS
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
    """The arms in the order in which the screen's module declares them, the textbook's first."""
    order = [arm.name for arm in screen.arms]
    return sorted(times, key=lambda one: order.index(one.name))
