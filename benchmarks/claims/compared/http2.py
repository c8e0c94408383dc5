"""Claim 3: HTTP/2 makes many requests cheap."""

from dataclasses import dataclass

from benchmarks.claims.claim import (
    DOES_NOT_HOLD,
    HOLDS,
    Claim,
    NothingToJudge,
    Source,
    Table,
    Usual,
    Verdict,
    verdict_by,
)
from benchmarks.claims.compared.screens import PARALLEL, TEXTBOOK, command, one_of, some, spanned
from client_examples.comparison.analysis.conditions import (
    TYPICAL_RTT_MS,
    ArmTime,
    conditions,
)
from client_examples.comparison.analysis.protocols.gains import Gain, beside, gains
from client_examples.comparison.analysis.protocols.over import is_enough_over, over
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document

WORDS = "HTTP/2 makes many requests cheap"
_SOURCE = Source(
    "Mark Nottingham, How Multiplexing Changes Your HTTP APIs, 2019",
    "https://www.mnot.net/blog/2019/10/13/h2_api_multiplexing",
    "what is expensive about many requests in HTTP/1 is not in HTTP/2, so APIs can be fine-grained",
)


@dataclass(frozen=True)
class Many:
    """An arm of many requests over both, beside the fastest one with the fewest over HTTP/2."""

    gain: Gain
    few: ArmTime

    @property
    def more_ms(self) -> float:
        """How much longer it takes than with the fewest requests."""
        return self.gain.after.ms - self.few.ms

    @property
    def is_cheap(self) -> bool:
        """Whether that is less than what a single request more would cost, a round trip."""
        return self.more_ms < TYPICAL_RTT_MS

    @property
    def waits(self) -> bool:
        """Whether one of its requests waits for another's answer."""
        return self.gain.after.arm.counts.rounds > 1


def http2(document: Document) -> Claim:
    """By arms of several requests, 20 ms away, over HTTP/2."""
    each = many(document)
    best, usual = verdicts(each)
    header = ["screen", "arm", "requests", "steps", "bytes on the wire, HTTP/1.1 → HTTP/2",
              f"ms, {TYPICAL_RTT_MS:g} ms away", "ms more than by fewest requests"]  # fmt: skip
    return Claim(
        3,
        WORDS,
        best,
        Usual(f"`{TEXTBOOK}`, one request after the other", usual),
        [_SOURCE],
        _why(each),
        Table(header, [_row(one) for one in each], left=2),
        command(document, "--verbose"),
        "HTTP/3; lost packets, which hold up all streams of a connection; a browser's own "
        f"HTTP/2 ([browser.md](browser.md) says how to measure it). {_ways(document)}",
    )


def many(document: Document) -> list[Many]:
    """REST's arms of several requests, one after the other and side by side.

    Raises:
        NothingToJudge: arms were not loaded over HTTP/2, or too seldom to compare them.
    """
    found = gains(document, TYPICAL_RTT_MS)
    if not found or not is_enough_over(document, "http2"):
        raise NothingToJudge("arms were not loaded over HTTP/2 often enough")
    there = over(document, "http2")
    under = next(one for one in conditions(there) if one.rtt_ms == TYPICAL_RTT_MS)
    few = {}
    for screen in there.screens:
        times = under.times(screen)
        fewest = min(one.arm.counts.requests for one in times)
        few[screen.name] = next(one for one in times if one.arm.counts.requests == fewest)
    order = [screen.name for screen in there.screens]
    chosen = [
        Many(one, few[one.screen])
        for one in found
        if one.after.name in (TEXTBOOK, PARALLEL) and one.after.arm.counts.requests > 1
    ]
    return sorted(
        chosen, key=lambda one: (order.index(one.gain.screen), one.gain.after.name != TEXTBOOK)
    )


def verdicts(each: list[Many]) -> tuple[Verdict, Verdict]:
    """Side by side, and one after the other."""
    parallel, after = _of(each, PARALLEL), _of(each, TEXTBOOK)
    cheap, dear = _cheap(parallel), [one for one in parallel if not one.is_cheap]
    usual = verdict_by(sum(one.is_cheap for one in after), len(after), one_of(_cheap(after)))
    if usual == HOLDS and not dear:
        return HOLDS, usual
    return Verdict("holds if", _condition(parallel)) if cheap else DOES_NOT_HOLD, usual


def _condition(parallel: list[Many]) -> str:
    """Of which they are cheap: of those that wait for no other, if it is these and no others."""
    cheap, dear = _cheap(parallel), [one for one in parallel if not one.is_cheap]
    if any(one.waits == one.is_cheap for one in parallel):
        return one_of(cheap)
    told = some(cheap)
    if dear:
        steps = [float(one.gain.after.arm.counts.rounds) for one in dear]
        names = some([one.gain.screen for one in dear])
        told += f", not {names}, of {spanned(steps, '{:.0f}'.format)} steps"
    return f"none of them waits for another's answer ({told})"


def _ways(document: Document) -> str:
    """By which ways both protocols go, which other claims' numbers are without."""
    if beside(document) == "http1-tls":
        return (
            "Both protocols go over TLS and through nginx here; claim 2's bytes and claim 7's "
            "times are of HTTP/1.1 without either."
        )
    return "HTTP/2 goes over TLS and through nginx here, HTTP/1.1 over neither."


def _of(each: list[Many], name: str) -> list[Many]:
    return [one for one in each if one.gain.after.name == name]


def _cheap(each: list[Many]) -> list[str]:
    return [one.gain.screen for one in each if one.is_cheap]


def _row(one: Many) -> list[str]:
    before, after = one.gain.before.arm.counts, one.gain.after.arm.counts
    return [
        f"`{one.gain.screen}`",
        f"`{one.gain.after.name}`",
        numbers.whole(after.requests),
        _turned(*map(str, one.gain.steps)),
        _turned(numbers.whole(before.wire_bytes), numbers.whole(after.wire_bytes)),
        _turned(numbers.milliseconds(one.gain.before.ms), numbers.milliseconds(one.gain.after.ms)),
        f"{numbers.milliseconds(max(one.more_ms, 0.0))} (`{one.few.name}`)",
    ]


def _turned(before: str, after: str) -> str:
    """What it is over HTTP/1.1 and over HTTP/2, once where it is the same."""
    return before if before == after else f"{before} → {after}"


def _why(each: list[Many]) -> tuple[str, str, str]:
    parallel = _of(each, PARALLEL) or each
    most = max(parallel, key=lambda one: one.gain.factor)
    dear = max(parallel, key=lambda one: one.more_ms)
    before, after = most.gain.steps
    saved = [
        1 - one.gain.after.arm.counts.wire_bytes / one.gain.before.arm.counts.wire_bytes
        for one in each
    ]
    faster = numbers.ratio(most.gain.factor)
    at_once = (
        f"HTTP/2 has no limit of six at once: `{most.gain.after.name}` takes {after} steps instead "
        f"of {before} for `{most.gain.screen}`, and is {faster} times as fast."
    )
    more = numbers.milliseconds(dear.more_ms)
    waiting = (
        "What waits for an answer waits over HTTP/2 as well, up to "
        f"{more} ms more than `{dear.few.name}` (`{dear.gain.screen}`); cheap is what costs no "
        f"further round trip, {TYPICAL_RTT_MS:g} ms."
    )
    heads = f"Heads that repeat are compressed: {spanned(saved, numbers.share)} fewer bytes."
    return at_once, waiting, heads
