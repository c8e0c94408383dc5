"""What the numbers of a document support, as plain data and sentences.

A difference is claimed only where a pair's verdict claims one. What holds at a round-trip time
(RTT) follows from the model: the arm's times are longer by its round trips, and the verdict is made
again with the times so shifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison import numbers
from client_examples.comparison.document import ArmResult, Document, Pair, ScreenResult
from client_examples.comparison.model import TimedArm, compared
from client_examples.comparison.model import timed as timed_arm

Api: TypeAlias = Literal["REST", "GraphQL"]

RTTS = ("0", "1", "20", "100", "300")  # ms, the keys of `predicted_ms`
_PREFIXES: dict[Api, str] = {"REST": "rest/", "GraphQL": "graphql/"}


@dataclass(frozen=True)
class Choice:
    """An arm that is the fastest, or not materially slower than the fastest."""

    arm: str
    ms: float


@dataclass(frozen=True)
class Decision:
    """Which arms to take for a screen at an RTT, the fastest first; several are a tie."""

    screen: str
    rtt: str
    choices: list[Choice]

    @property
    def is_tie(self) -> bool:
        """Whether no single arm is ahead."""
        return len(self.choices) > 1


@dataclass(frozen=True)
class Span:
    """RTTs next to each other at which the same arms are to be taken, with their times in ms."""

    columns: list[int]
    times: dict[str, list[float]]

    @property
    def is_tie(self) -> bool:
        """Whether no single arm is ahead."""
        return len(self.times) > 1


@dataclass(frozen=True)
class Lead:
    """The screens by the API of the arms that are ahead at an RTT; `tied` where both have one."""

    rtt: str
    rest: list[str]
    graphql: list[str]
    tied: list[str]


def api_of(arm: str) -> Api | None:
    """Which API an arm uses."""
    return next((api for api, prefix in _PREFIXES.items() if arm.startswith(prefix)), None)


def rtt_names(document: Document) -> list[str]:
    """What the RTTs are called in headings."""
    nearest = "loopback" if document.settings.bandwidth_mbit is None else "0 ms"
    return [nearest if rtt == "0" else f"{rtt} ms" for rtt in RTTS]


def decisions(document: Document) -> list[Decision]:
    """For each timed screen and each RTT, the arms to take."""
    return [
        decision
        for screen in document.screens
        if timed(screen)
        for decision in _decisions_of(screen, document.settings.bandwidth_mbit)
    ]


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


def leads(document: Document) -> list[Lead]:
    """Which API is ahead on which screens, by RTT; screens with arms of one API are left out."""
    rows = {rtt: Lead(rtt, [], [], []) for rtt in RTTS}
    contested = {screen.name for screen in document.screens if len(_fastest_of_each(screen)) > 1}
    for decision in decisions(document):
        if decision.screen not in contested:
            continue
        row = rows[decision.rtt]
        found = {api_of(choice.arm) for choice in decision.choices}
        columns = {frozenset({"REST"}): row.rest, frozenset({"GraphQL"}): row.graphql}
        columns.get(frozenset(str(api) for api in found), row.tied).append(decision.screen)
    return list(rows.values())


def finding(screen: ScreenResult) -> str:
    """One sentence that says what the numbers say, and no more."""
    arms = timed(screen)
    if not arms:
        return "Not timed."
    fastest = _fastest_of_each(screen)
    if len(fastest) > 1:
        opening = _between(screen, *fastest)
    else:
        opening = f"{arms[0].name} has the lowest median, {_ms(arms[0])}"
    return f"{opening}{_textbook(screen, arms)}."


def break_evens(screen: ScreenResult) -> list[Pair]:
    """The pairs of arms over different APIs of which distance changes the order, nearest first."""
    found = [
        pair
        for pair in screen.pairs
        if pair.break_even.kind == "at" and api_of(pair.left) != api_of(pair.right)
    ]
    return sorted(found, key=lambda pair: pair.break_even.rtt_ms or 0.0)


def timed(screen: ScreenResult) -> list[ArmResult]:
    """The arms with a median, the lowest first."""
    return sorted(
        (arm for arm in screen.arms if arm.summary is not None),
        key=lambda arm: arm.summary.median_ns if arm.summary else 0.0,
    )


def pair_of(screen: ScreenResult, left: str, right: str) -> Pair | None:
    """The comparison of two arms, in this order."""
    for pair in screen.pairs:
        if (pair.left, pair.right) == (left, right):
            return pair
        if (pair.left, pair.right) == (right, left):
            return _turned(pair)
    return None


def _turned(pair: Pair) -> Pair:
    sides: dict[str, Literal["left", "right", "none"]] = {"left": "right", "right": "left"}
    kinds: dict[str, Literal["always", "never"]] = {"always": "never", "never": "always"}
    even = pair.break_even
    return Pair(
        left=pair.right,
        right=pair.left,
        ratio=1 / pair.ratio,
        ratio_low=1 / pair.ratio_high,
        ratio_high=1 / pair.ratio_low,
        verdict=sides.get(pair.verdict, "none"),
        break_even=type(even)(
            kinds.get(even.kind, even.kind),
            even.rtt_ms,
            even.low_ms,
            even.high_ms,
            even.ahead_below,
            even.ahead_above,
        ),
    )


def _decisions_of(screen: ScreenResult, bandwidth_mbit: float | None) -> list[Decision]:
    found = []
    medians = {arm.name: _timed_arm(arm) for arm in timed(screen)}
    for rtt in RTTS:
        ordered = sorted(timed(screen), key=lambda arm: arm.predicted_ms[rtt])
        first = medians[ordered[0].name]
        level = ordered[:1]
        for arm in ordered[1:]:
            ratio = compared(first, medians[arm.name], float(rtt), bandwidth_mbit)
            level += [arm] if ratio.verdict == "none" else []
        choices = [Choice(arm.name, arm.predicted_ms[rtt]) for arm in level]
        found.append(Decision(screen.name, rtt, choices))
    return found


def _timed_arm(arm: ArmResult) -> TimedArm:
    assert arm.summary is not None
    samples = [sample.elapsed_ns for sample in arm.samples]
    return timed_arm(arm.name, arm.summary.median_ns, samples, arm.counts)


def _fastest_of_each(screen: ScreenResult) -> list[ArmResult]:
    """The arm with the lowest median of each API that has one, the lower first."""
    first: dict[Api, ArmResult] = {}
    for arm in timed(screen):
        api = api_of(arm.name)
        if api is not None:
            first.setdefault(api, arm)
    return list(first.values())


def _between(screen: ScreenResult, lower: ArmResult, higher: ArmResult) -> str:
    """How the fastest arms of both APIs stand to each other."""
    pair = pair_of(screen, higher.name, lower.name)
    if pair is None:
        return f"Lowest medians: {lower.name} {_ms(lower)}, {higher.name} {_ms(higher)}"
    if pair.verdict == "none":
        return (
            f"No material difference at loopback between {lower.name} ({_ms(lower)}) and "
            f"{higher.name} ({_ms(higher)}; ratio {_ratio(pair)})"
            f"{_by_distance(pair, lower, higher)}"
        )
    return (
        f"{api_of(lower.name)} is ahead at loopback: {lower.name} takes {_ms(lower)}; "
        f"{higher.name}, {api_of(higher.name)}'s lowest median, takes {_ms(higher)}, "
        f"{_ratio(pair)} times as long{_by_distance(pair, lower, higher)}"
    )


def _by_distance(pair: Pair, lower: ArmResult, higher: ArmResult) -> str:
    """What distance changes between the two."""
    even = pair.break_even
    if even.kind == "at" and even.rtt_ms is not None:
        return (
            f"; above an RTT of {numbers.distance(even.rtt_ms)} ms"
            f"{numbers.distances(even.low_ms, even.high_ms)} {even.ahead_above} is ahead"
        )
    if lower.counts.trips == higher.counts.trips:
        rounds = numbers.counted(lower.counts.trips, "round trip")
        return f"; both take {rounds}, so that distance adds the same to either"
    ahead = min(lower, higher, key=lambda arm: arm.counts.trips)
    return f"; {ahead.name} takes fewer round trips, and gains with the distance"


def _textbook(screen: ScreenResult, arms: Sequence[ArmResult]) -> str:
    """The slowest arm beside the fastest, where that is a material difference."""
    fastest, slowest = arms[0], arms[-1]
    pair = pair_of(screen, slowest.name, fastest.name)
    if pair is None or pair.verdict != "right" or slowest in _fastest_of_each(screen):
        return ""
    requests = numbers.counted(slowest.counts.requests, "request")
    return (
        f"; the slowest, {slowest.name}, takes {_ms(slowest)} with {requests}, "
        f"{_ratio(pair)} times as long as {fastest.name}"
    )


def _ms(arm: ArmResult) -> str:
    return f"{numbers.from_nanoseconds(arm.summary.median_ns if arm.summary else None)} ms"


def _ratio(pair: Pair) -> str:
    return f"{numbers.ratio(pair.ratio)} ({numbers.ratios(pair.ratio_low, pair.ratio_high)})"
