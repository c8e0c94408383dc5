"""Which arms to take for which screen, by round-trip time (RTT), as plain data.

The times at an RTT follow from the model: an arm's round trips are added to its loopback times, and
the arms are compared anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from client_examples.comparison.analysis.network_model import TimedArm, compared, link_at
from client_examples.comparison.analysis.network_model import timed as timed_arm
from client_examples.comparison.analysis.ranking import (
    api_of,
    fastest_of_each,
    is_enough,
    timed,
)
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult, Settings
from client_examples.comparison.results.timing import elapsed_ns

RTTS = ("0", "1", "20", "100", "300")  # ms, the keys of `predicted_ms`
FIELDS_ARM = "rest/fields"  # the arm that needs an API with a selection of fields


@dataclass(frozen=True)
class Choice:
    """An arm that is the fastest, or not materially slower than the fastest."""

    arm: str
    ms: float


@dataclass(frozen=True)
class Decision:
    """The arms to take for a screen at an RTT, the fastest first; several arms tie."""

    screen: str
    rtt: str
    choices: list[Choice]

    @property
    def is_tie(self) -> bool:
        """Whether no single arm is ahead."""
        return len(self.choices) > 1


@dataclass(frozen=True)
class Span:
    """Neighbouring RTTs at which the same arms are to be taken, with the arms' times in ms."""

    columns: list[int]
    times: dict[str, list[float]]

    @property
    def is_tie(self) -> bool:
        """Whether no single arm is ahead."""
        return len(self.times) > 1

    def named(self, rtts: Sequence[str]) -> str:
        """The name of its range of RTTs, such as `20 ms to 300 ms`."""
        first, last = rtts[self.columns[0]], rtts[self.columns[-1]]
        return first if first == last else f"{first} to {last}"


@dataclass(frozen=True)
class Lead:
    """The screens on which REST, GraphQL or both (`tied`) have an arm to take, at an RTT."""

    rtt: str
    rest: list[str]
    graphql: list[str]
    tied: list[str]


@dataclass(frozen=True)
class Decided:
    """The decisions and leads of a document, worked out once.

    `by_screen` has the decisions of each screen that was timed often enough, in the order of the
    RTTs. `plain_leads` are
    the leads without the arm `FIELDS_ARM`; None where no screen has it.
    """

    rtts: list[str]
    by_screen: dict[str, list[Decision]]
    leads: list[Lead]
    plain_leads: list[Lead] | None


def decided(document: Document) -> Decided:
    """Decide for all screens, at all RTTs."""
    plain = without(document, FIELDS_ARM)
    return Decided(
        rtts=rtt_names(document),
        by_screen=decisions_by_screen(document),
        leads=leads(document),
        plain_leads=None if plain is None else leads(plain),
    )


def rtt_names(document: Document) -> list[str]:
    """The names of the RTTs in headings."""
    nearest = "loopback" if document.settings.bandwidth_mbit is None else "0 ms"
    return [nearest if rtt == "0" else f"{rtt} ms" for rtt in RTTS]


def decisions(document: Document) -> list[Decision]:
    """For each screen that was timed often enough, and each RTT, the arms to take."""
    return [
        decision
        for screen in document.screens
        if is_enough(screen)
        for decision in _decisions_of(screen, document.settings)
    ]


def decisions_by_screen(document: Document) -> dict[str, list[Decision]]:
    """The decisions of each such screen, in the order of the RTTs."""
    found: dict[str, list[Decision]] = {}
    for decision in decisions(document):
        found.setdefault(decision.screen, []).append(decision)
    return found


def spans(each: Sequence[Decision]) -> list[Span]:
    """The decisions of a screen, with neighbours that name the same arms joined."""
    found: list[Span] = []
    for column, decision in enumerate(each):
        arms = {choice.arm for choice in decision.choices}
        if not found or arms != set(found[-1].times):
            found.append(Span([], {choice.arm: [] for choice in decision.choices}))
        found[-1].columns.append(column)
        for choice in decision.choices:
            found[-1].times[choice.arm].append(choice.ms)
    return found


def without(document: Document, arm: str) -> Document | None:
    """The document without this arm; None if no screen has it."""
    screens = [
        replace(screen, arms=[one for one in screen.arms if one.name != arm])
        for screen in document.screens
    ]
    return None if screens == document.screens else replace(document, screens=screens)


def leads(document: Document) -> list[Lead]:
    """Which API is ahead on which screens, by RTT; screens with arms of one API are left out."""
    rows = {rtt: Lead(rtt, [], [], []) for rtt in RTTS}
    contested = {screen.name for screen in document.screens if len(fastest_of_each(screen)) > 1}
    for decision in decisions(document):
        if decision.screen not in contested:
            continue
        row = rows[decision.rtt]
        found = {api_of(choice.arm) for choice in decision.choices}
        columns = {frozenset({"REST"}): row.rest, frozenset({"GraphQL"}): row.graphql}
        columns.get(frozenset(str(api) for api in found), row.tied).append(decision.screen)
    return list(rows.values())


def _decisions_of(screen: ScreenResult, settings: Settings) -> list[Decision]:
    found = []
    medians = {arm.name: _timed_arm(arm) for arm in timed(screen)}
    for rtt in RTTS:
        ordered = sorted(timed(screen), key=lambda arm: arm.predicted_ms[rtt])
        first = medians[ordered[0].name]
        tied = ordered[:1]
        for arm in ordered[1:]:
            ratio = compared(first, medians[arm.name], link_at(settings, float(rtt)))
            tied += [arm] if ratio.verdict == "none" else []
        choices = [Choice(arm.name, arm.predicted_ms[rtt]) for arm in tied]
        found.append(Decision(screen.name, rtt, choices))
    return found


def _timed_arm(arm: ArmResult) -> TimedArm:
    assert arm.summary is not None
    samples = elapsed_ns(arm.samples)
    return timed_arm(arm.name, arm.summary.median_ns, samples, arm.counts)
