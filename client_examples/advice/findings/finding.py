"""A finding, and what findings are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from client_examples.advice.recording.answers import Answer
from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.groups import Groups
from client_examples.advice.traffic.sources import Origins
from client_examples.advice.traffic.templates import Template
from client_examples.advice.traffic.views import View
from client_examples.advice.what_if.model import Outcome, Rates, outcome
from client_examples.advice.what_if.plan import Key, Plan
from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS


@dataclass(frozen=True)
class Cost:
    """What a fault costs: requests, bytes, and milliseconds at `TYPICAL_RTT_MS`."""

    requests: int = 0
    bytes: int = 0
    ms: float = 0.0


@dataclass(frozen=True)
class Finding:
    """A fault.

    Attributes:
        kind: which, such as "n+1".
        found: what was found, in a sentence without a full stop.
        calls: the evidence.
        cost: what it costs.
        fix: what would fix it.
    """

    kind: str
    found: str
    calls: tuple[Key, ...]
    cost: Cost
    fix: str


@dataclass(frozen=True)
class Case:
    """A view with all that is known of it."""

    view: View
    origins: Origins
    groups: Groups
    plan: Plan
    answers: Mapping[Key, Answer]
    rates: Rates

    @cached_property
    def recorded(self) -> Outcome:
        """What was recorded takes."""
        return outcome(self.plan, by_data=False)

    @cached_property
    def calls(self) -> list[Call]:
        """The calls."""
        return [one.call for one in self.view.calls]

    @cached_property
    def templates(self) -> dict[Key, Template]:
        """The calls' templates."""
        return {one.call.key: one.template for one in self.view.calls}

    def saved(self, plan: Plan, *, by_data: bool = False, http2: bool = False) -> Cost:
        """What a cure saves."""
        better = outcome(plan, by_data=by_data, http2=http2)
        usual = TYPICAL_RTT_MS, self.rates
        return Cost(
            self.recorded.requests - better.requests,
            self.recorded.bytes_high - better.bytes_high,
            max(0.0, self.recorded.ms(*usual) - better.ms(*usual)),
        )

    def labels(self, calls: Iterable[Call]) -> str:
        """The templates of some calls, the first of them."""
        names = list(dict.fromkeys(self.templates[call.key].label for call in calls))
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        return ", ".join(f"`{name}`" for name in names[:_NAMED]) + more


_NAMED = 3


def keys(calls: Iterable[Call]) -> tuple[Key, ...]:
    """Those of some calls."""
    return tuple(call.key for call in calls)
