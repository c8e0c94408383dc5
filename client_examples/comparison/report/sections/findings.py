"""Findings: what the numbers of a screen say, as a sentence.

A difference is claimed only where a pair's verdict claims one.
"""

from collections.abc import Sequence

from client_examples.comparison.analysis.attribution import Attribution, attribution
from client_examples.comparison.analysis.ranking import (
    api_of,
    fastest_of_each,
    is_enough,
    pair_of,
    timed,
)
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import ArmResult, ScreenResult
from client_examples.comparison.results.timing import Pair, floor_of


def finding(screen: ScreenResult) -> str:
    """One sentence that says what the numbers say, and no more."""
    arms = timed(screen)
    if not arms:
        return "Not timed."
    fastest = fastest_of_each(screen)
    if len(fastest) > 1:
        opening = _between(screen, *fastest)
    else:
        opening = f"{arms[0].name} has the lowest median, {_ms(arms[0])}"
    said = f"{opening}{_textbook(screen, arms)}."
    return " ".join([said, *attributions(screen)])


def brief_finding(screen: ScreenResult) -> str:
    """What the answer does not tell of a screen: what takes most of an arm's time, if anything."""
    return " ".join(attributions(screen)) if timed(screen) else "Not timed."


def attributions(screen: ScreenResult) -> list[str]:
    """For each arm that a finding names, what takes most of its time, if it is one thing."""
    arms = timed(screen)
    named = [arm for arm in arms if arm in fastest_of_each(screen) or arm is arms[-1]]
    floors = {one.name: one.summary.median_ns / 1e6 for one in screen.floors if one.summary}
    said = []
    for arm in named:
        found = attribution(arm, floors.get(floor_of(arm.name)))
        if found is not None:
            said.append(f"{arm.name}: {_attributed(arm, found)}.")
    return said


def _attributed(arm: ArmResult, found: Attribution) -> str:
    most = f"{numbers.milliseconds(found.ms)} of {numbers.milliseconds(found.of_ms)} ms are"
    if found.part == "exchange":
        return f"{most} one call, `{found.call}`: that server's endpoint, not {api_of(arm.name)}"
    if found.part == "client":
        return f"{most} the client's own work, not the API's"
    return f"{most} work of its server, beyond what any answer takes there"


def _between(screen: ScreenResult, lower: ArmResult, higher: ArmResult) -> str:
    """Compares the fastest arms of both APIs."""
    pair = pair_of(screen, higher.name, lower.name)
    if pair is None or not is_enough(screen):
        few = "" if pair is None else ", of too few loads to say which is ahead"
        return f"Lowest medians: {lower.name} {_ms(lower)}, {higher.name} {_ms(higher)}{few}"
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
    """How distance changes which of the two is ahead."""
    even = pair.break_even
    if even.kind == "at" and even.rtt_ms is not None:
        return (
            f"; above an RTT of {numbers.distance(even.rtt_ms)} ms"
            f"{numbers.distances(even.low_ms, even.high_ms)} {even.ahead_above} is ahead"
        )
    if lower.counts.trips == higher.counts.trips:
        trips = numbers.counted(lower.counts.trips, "round trip")
        return f"; at {trips} each, distance adds the same to both"
    ahead = min(lower, higher, key=lambda arm: arm.counts.trips)
    return f"; {ahead.name} takes fewer round trips, and gains with the distance"


def _textbook(screen: ScreenResult, arms: Sequence[ArmResult]) -> str:
    """The slowest arm beside the fastest, where that is a material difference."""
    fastest, slowest = arms[0], arms[-1]
    pair = pair_of(screen, slowest.name, fastest.name)
    if pair is None or pair.verdict != "right" or slowest in fastest_of_each(screen):
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
