"""What HTTP/2 buys each arm, and what it leaves, in sentences."""

from collections.abc import Sequence
from statistics import median

from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS, conditions
from client_examples.comparison.analysis.protocols.gains import Gain, gains
from client_examples.comparison.analysis.protocols.over import NAMES, measured, over
from client_examples.comparison.analysis.standings import Column, columns, fastest
from client_examples.comparison.report import numbers
from client_examples.comparison.report.numbers import milliseconds
from client_examples.comparison.results.document import Document
from client_examples.comparison.statistics import MATERIAL


def findings(document: Document, rtt_ms: float = TYPICAL_RTT_MS) -> str:
    """What HTTP/2 buys, and what it leaves; "" where it was not measured."""
    found = gains(document, rtt_ms)
    if not found:
        return ""
    fewer = [one for one in found if one.steps[1] < one.steps[0]]
    at = f"{rtt_ms:g} ms"
    if not fewer:
        said = [f"HTTP/2 saves no way a round trip; at {at}, {_changes(found)}."]
    else:
        said = [_bought(fewer[0], at), *_left(document, fewer[0], rtt_ms), _others(found, at)]
    return " ".join(one for one in (*said, _unmoved(document, rtt_ms)) if one)


def over_which(document: Document) -> str:
    """Over which protocol the document's own times are, where there are several."""
    return "".join(f" All over {NAMES[one]}." for one in measured(document)[:1])


def _bought(best: Gain, at: str) -> str:
    before, after = best.steps
    return (
        f"HTTP/2 buys time where requests go side by side: on {best.screen}, {best.after.name} "
        f"takes {numbers.counted(after, 'step')} instead of {before}, and at {at} "
        f"{milliseconds(best.after.ms)} instead of {milliseconds(best.before.ms)} ms."
    )


def _left(document: Document, best: Gain, rtt_ms: float) -> list[str]:
    """What is left between that arm and the fastest of each API, over HTTP/2."""
    after = over(document, "http2")
    condition = next(one for one in conditions(after) if one.rtt_ms == rtt_ms)
    screen = next(one for one in after.screens if one.name == best.screen)
    times = condition.times(screen)
    rivals = [one for one in (fastest(times, "REST"), fastest(times, "GraphQL")) if one is not None]
    rivals = [one for one in rivals if one.name != best.after.name]
    told = [f"{one.name} {milliseconds(one.ms)}" for one in rivals]
    if not rivals:
        return []
    factor = best.after.median_ns / min(one.median_ns for one in rivals)
    if factor < MATERIAL:
        return [f"That is as fast as {numbers.listed(told)}."]
    still = f"That is still {numbers.ratio(factor)} times as long as the fastest way"
    return [f"{still} there: {numbers.listed(told)} ms."]


def _others(found: Sequence[Gain], at: str) -> str:
    """What it changes where it saves no step."""
    same = [one for one in found if one.steps[0] == one.steps[1]]
    if not same:
        return ""
    return f"Where it saves no step, {_changes(same)} at {at}."


def _changes(found: Sequence[Gain]) -> str:
    middle = median([one.factor for one in found])
    faster = f"{numbers.ratio(middle if middle >= 1 else 1 / middle)} times as"
    if 1 / MATERIAL < middle < MATERIAL:
        return "the ways take about as long as over HTTP/1.1 with TLS"
    return f"it makes them {faster} {'fast' if middle > 1 else 'slow'}, by the median"


def _unmoved(document: Document, rtt_ms: float) -> str:
    """On how many screens the same API is ahead as over HTTP/1.1."""
    there = measured(document)
    before, after = (
        _standings(over(document, one), rtt_ms)
        for one in (there[there.index("http2") - 1], "http2")
    )
    if before is None or after is None:
        return ""
    moved = [
        new.screen
        for old, new in zip(before.standings, after.standings, strict=True)
        if old.ahead != new.ahead
    ]
    total = len(after.standings)
    if not moved:
        which = "the screen" if total == 1 else f"all {total} screens"
        return f"Between the fastest ways by REST and GraphQL, it decides {which} as HTTP/1.1 does."
    return f"It changes which API is ahead on {numbers.listed(moved)}."


def _standings(document: Document, rtt_ms: float) -> Column | None:
    at = [one for one in conditions(document) if one.rtt_ms == rtt_ms]
    return next(iter(columns(document, at)), None)
