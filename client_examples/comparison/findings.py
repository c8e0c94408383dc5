"""What the numbers of a document support, as plain data and sentences.

A difference is claimed only where a pair's verdict claims one. What holds at a round-trip time
(RTT) follows from the model: every sample takes longer by the arm's round trips, and the verdict
is made again with the times so shifted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.comparison import numbers
from client_examples.comparison.document import ArmResult, Document, Pair, ScreenResult
from client_examples.comparison.statistics import Times, compare, median_resamples

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
class Lead:
    """The screens by the API of the arms that are ahead at an RTT; `tied` where both have one."""

    rtt: str
    rest: list[str]
    graphql: list[str]
    tied: list[str]


def api_of(arm: str) -> Api | None:
    """Which API an arm uses."""
    return next((api for api, prefix in _PREFIXES.items() if arm.startswith(prefix)), None)


def rtt_name(rtt: str) -> str:
    """What an RTT is called in a heading."""
    return "loopback" if rtt == "0" else f"{rtt} ms"


def decisions(document: Document) -> list[Decision]:
    """For each timed screen and each RTT, the arms to take."""
    return [
        _decision(screen, arms, rtt)
        for screen in document.screens
        if (arms := timed(screen))
        for rtt in RTTS
    ]


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


def _decision(screen: ScreenResult, arms: Sequence[ArmResult], rtt: str) -> Decision:
    ordered = sorted(arms, key=lambda arm: arm.predicted_ms[rtt])
    tied = [arm for arm in ordered if _is_level(screen, ordered[0], arm, rtt)]
    return Decision(screen.name, rtt, [Choice(arm.name, arm.predicted_ms[rtt]) for arm in tied])


def _is_level(screen: ScreenResult, fastest: ArmResult, arm: ArmResult, rtt: str) -> bool:
    if arm is fastest:
        return True
    pair = pair_of(screen, fastest.name, arm.name)
    if rtt == "0" and pair is not None:
        return pair.verdict == "none"
    sides = [(one.predicted_ms[rtt] * 1e6, _resamples(one, rtt)) for one in (fastest, arm)]
    (left, left_medians), (right, right_medians) = sides
    return compare(left, right, left_medians, right_medians).verdict == "none"


def _resamples(arm: ArmResult, rtt: str) -> Times:
    """The bootstrap's medians of an arm, longer by what the model adds at the RTT."""
    assert arm.summary is not None
    longer = arm.predicted_ms[rtt] * 1e6 - arm.summary.median_ns
    return median_resamples([sample.elapsed_ns for sample in arm.samples], arm.name) + longer


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
            f"{higher.name} ({_ms(higher)}; ratio {_ratio(pair)}){_by_distance(pair, lower, higher)}"
        )
    return (
        f"{api_of(lower.name)} is ahead at loopback: {lower.name} takes {_ms(lower)}; "
        f"{higher.name}, the fastest over {api_of(higher.name)}, takes {_ms(higher)}, "
        f"{_ratio(pair)} times as long{_by_distance(pair, lower, higher)}"
    )


def _by_distance(pair: Pair, lower: ArmResult, higher: ArmResult) -> str:
    """What distance changes between the two."""
    even = pair.break_even
    if even.kind == "at" and even.rtt_ms is not None:
        within = (
            ""
            if even.low_ms is None or even.high_ms is None
            else f" ({numbers.interval(even.low_ms * 1e6, even.high_ms * 1e6)})"
        )
        return (
            f"; above an RTT of {numbers.milliseconds(even.rtt_ms)} ms{within} "
            f"{even.ahead_above} is ahead"
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
