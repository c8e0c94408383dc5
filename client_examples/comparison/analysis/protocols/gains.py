"""What HTTP/2 changes for each arm."""

from dataclasses import dataclass

from client_examples.comparison.analysis.conditions import ArmTime, Condition, conditions
from client_examples.comparison.analysis.protocols.over import measured, over
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.protocols import Protocol


@dataclass(frozen=True)
class Gain:
    """An arm over HTTP/1.1 and over HTTP/2, under the same condition."""

    screen: str
    before: ArmTime
    after: ArmTime

    @property
    def factor(self) -> float:
        """How many times as fast it is over HTTP/2."""
        return self.before.median_ns / self.after.median_ns

    @property
    def steps(self) -> tuple[int, int]:
        """Its sequential steps, before and after."""
        return self.before.arm.counts.rounds, self.after.arm.counts.rounds

    @property
    def opening(self) -> int:
        """How many more round trips its new connections take over HTTP/2; TLS has its own."""
        before, after = (one.arm.counts for one in (self.before, self.after))
        return (after.trips - after.rounds) - (before.trips - before.rounds)


def gains(document: Document, rtt_ms: float) -> list[Gain]:
    """What HTTP/2 changes for each arm at a distance, the largest gain first.

    Beside HTTP/1.1 with TLS where that was measured, since it goes the same way.
    """
    there = measured(document)
    if "http2" not in there or len(there) < 2:
        return []
    before, after = over(document, beside(document)), over(document, "http2")
    found = []
    for old, new in zip(before.screens, after.screens, strict=True):
        times = [
            {one.name: one for one in _at(each, rtt_ms).times(screen)}
            for each, screen in ((before, old), (after, new))
        ]
        found += [
            Gain(old.name, times[0][name], one)
            for name, one in times[1].items()
            if name in times[0]
        ]
    return sorted(found, key=lambda one: one.factor, reverse=True)


def beside(document: Document) -> Protocol:
    """What HTTP/2 is compared with: HTTP/1.1, with TLS where that was measured."""
    return measured(document)[-2]


def _at(document: Document, rtt_ms: float) -> Condition:
    return next(one for one in conditions(document) if one.rtt_ms == rtt_ms)
