"""What HTTP/2 buys each arm, and what it leaves, in sentences."""

from collections.abc import Sequence
from statistics import median

from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS, ArmTime, conditions
from client_examples.comparison.analysis.protocols.gains import Gain, beside, gains
from client_examples.comparison.analysis.protocols.over import (
    NAMES,
    fewest_loads,
    is_enough_over,
    measured,
    over,
)
from client_examples.comparison.analysis.standings import Column, columns, fastest
from client_examples.comparison.report import numbers
from client_examples.comparison.report.numbers import milliseconds
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.statistics import ENOUGH, MATERIAL


def over_which(document: Document) -> str:
    """Over which protocol the document's own times are, where there are several."""
    return "".join(f" All over {NAMES[one]}." for one in measured(document)[:1])


def too_seldom(document: Document, protocol: Protocol) -> str:
    """That no API is said to be ahead over the protocol, and why not."""
    loads = numbers.counted(fewest_loads(document, protocol), "load")
    return (
        f"Arms were loaded too seldom over {NAMES[protocol]} to say which API is ahead: {loads} of "
        f"an arm, and it takes {ENOUGH}."
    )


NO_FEWER = "No way takes fewer steps over HTTP/2."


def findings(document: Document, rtt_ms: float = TYPICAL_RTT_MS) -> str:
    """What HTTP/2 buys, and what it leaves; "" where it was not measured.

    Of too few loads it is the steps that are told, and no times.
    """
    found = gains(document, rtt_ms)
    if not found:
        return ""
    fewer = [one for one in found if one.steps[1] < one.steps[0]]
    if not is_enough_over(document, beside(document), "http2"):
        return f"{_steps(fewer[0])}." if fewer else NO_FEWER
    said = _bought(document, fewer[0], rtt_ms) if fewer else NO_FEWER
    same = [one for one in found if one.steps[0] == one.steps[1]]
    rest = [_rest(same, "the other ways" if fewer else "they")] if same else []
    others = ", and ".join([*rest, *_moved(document, rtt_ms)])
    return f"{said} {others[:1].upper()}{others[1:]}.".removesuffix(" .")


def by_arm(document: Document, rtt_ms: float = TYPICAL_RTT_MS) -> str:
    """How many times as fast each arm is over HTTP/2, by the median over its screens."""
    factors: dict[str, list[float]] = {}
    for one in gains(document, rtt_ms):
        factors.setdefault(one.after.name, []).append(one.factor)
    if not factors or not is_enough_over(document, beside(document), "http2"):
        return ""
    ordered = sorted(factors.items(), key=lambda one: median(one[1]), reverse=True)
    told = [f"{name} {numbers.ratio(median(each))}" for name, each in ordered]
    return (
        f"How many times as fast an arm is over HTTP/2 as over {NAMES[beside(document)]} at "
        f"{rtt_ms:g} ms, by the median over the screens: {', '.join(told)}."
    )


def _bought(document: Document, best: Gain, rtt_ms: float) -> str:
    """What the arm that gains most takes, and what is left to the fastest ways of its screen."""
    said = (
        f"{_steps(best)}: {milliseconds(best.after.ms)} instead of "
        f"{milliseconds(best.before.ms)} ms at {rtt_ms:g} ms"
    )
    rivals = [one for one in _fastest(document, best.screen, rtt_ms) if one.name != best.after.name]
    if not rivals:
        return f"{said}."
    factor = best.after.median_ns / min(one.median_ns for one in rivals)
    told = numbers.listed([f"{one.name} ({milliseconds(one.ms)})" for one in rivals])
    if factor < MATERIAL:
        return f"{said}, as fast as {told}."
    return f"{said}, still {numbers.ratio(factor)} times as long as the faster of {told}."


def _steps(best: Gain) -> str:
    before, after = best.steps
    return (
        f"Over HTTP/2, {best.after.name} on {best.screen} takes {numbers.counted(after, 'step')} "
        f"instead of {before}"
    )


def _fastest(document: Document, screen: str, rtt_ms: float) -> list[ArmTime]:
    """The fastest arms of both APIs over HTTP/2."""
    after = over(document, "http2")
    condition = next(one for one in conditions(after) if one.rtt_ms == rtt_ms)
    times = condition.times(next(one for one in after.screens if one.name == screen))
    both = fastest(times, "REST"), fastest(times, "GraphQL")
    return [one for one in both if one is not None]


def _rest(same: Sequence[Gain], they: str) -> str:
    """What it changes where it saves no step."""
    middle = median([one.factor for one in same])
    at = f"{they} take"
    if 1 / MATERIAL < middle < MATERIAL:
        return f"{at} about as long as before"
    if middle > 1:
        return f"{at} {numbers.share(1 - 1 / middle)} less time"
    more = f"{at} {numbers.share(1 / middle - 1)} more time"
    opening = round(median([one.opening for one in same]))
    if opening < 1:
        return more
    trips = numbers.counted(opening, "round trip")
    return f"{more}, since their new connections take {trips} more with TLS"


def _moved(document: Document, rtt_ms: float) -> list[str]:
    """Whether other APIs are ahead than over HTTP/1.1."""
    before, after = (_standings(over(document, one), rtt_ms) for one in (beside(document), "http2"))
    if before is None or after is None:
        return []
    moved = [
        f"{new.screen} ({new.ahead} instead of {old.ahead})"
        for old, new in zip(before.standings, after.standings, strict=True)
        if old.ahead != new.ahead
    ]
    if not moved:
        return ["who is ahead stays the same"]
    which = numbers.listed(moved) if len(moved) <= 3 else f"{len(moved)} screens"
    return [f"who is ahead changes on {which}"]


def _standings(document: Document, rtt_ms: float) -> Column | None:
    at = [one for one in conditions(document) if one.rtt_ms == rtt_ms]
    return next(iter(columns(document, at)), None)
