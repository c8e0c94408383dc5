"""Builds the part of the results document that tells of loads over links."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from client_examples.comparison.analysis.network_model import Passing, network_ns
from client_examples.comparison.network.link import Link
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.results.timing import LinkResult, Sample, elapsed_ns, floor_of
from client_examples.comparison.statistics import Summary

ANY = ""  # in the place of a floor's name: whatever the server
_NS_PER_MS = 1e6


class Steps:
    """How much longer single steps took over links (ns), whichever screen was loaded meanwhile."""

    def __init__(self) -> None:
        self._each: dict[tuple[Protocol, Link, str], list[float]] = {}

    def add(self, protocol: Protocol, link: Link, floor: str, longer_ns: float) -> None:
        """One more; `floor` is what was asked for, or `ANY`."""
        self._each.setdefault((protocol, link, floor), []).append(longer_ns)

    def measured(self, protocol: Protocol, link: Link, arm: str) -> Link | None:
        """The link with the round trip that was measured to the arm's server; None if none was."""
        for floor in (floor_of(arm), ANY):
            found = self._each.get((protocol, link, floor))
            if found:
                return replace(link, rtt_ms=median(found) / _NS_PER_MS)
        return None


def link_results(
    protocol: Protocol,
    arm: str,
    links: Mapping[Link, Mapping[str, Sequence[Sample]]],
    steps: Steps,
    summary: Summary | None,
    counts: Passing,
    settings: Settings,
) -> list[LinkResult]:
    """The arm over each link over which it was loaded.

    Args:
        protocol: which of the arm's loads these are.
        arm: its name.
        links: its loads and those of others, by link and arm.
        steps: of the whole run.
        summary: of its loads without a link, None if there were none.
        counts: what it takes.
        settings: of the run.
    """
    found = {link: steps.measured(protocol, link, arm) for link in links}
    return [
        _link_result(link, by_arm[arm], found[link], summary, counts, settings)
        for link, by_arm in links.items()
        if arm in by_arm
    ]


def _link_result(
    link: Link,
    samples: Sequence[Sample],
    found: Link | None,
    summary: Summary | None,
    counts: Passing,
    settings: Settings,
) -> LinkResult:
    measured = float(median(elapsed_ns(samples)))
    predicted = error = None
    if summary is not None:
        predicted = summary.median_ns + network_ns(counts, found or link)
        error = (predicted - measured) / measured
    return LinkResult(
        rtt_ms=link.rtt_ms,
        bandwidth_mbit=link.down_mbit,
        cold=settings.cold,
        samples=list(samples),
        median_ns=measured,
        predicted_ns=predicted,
        relative_error=error,
        name=link.name,
        up_mbit=link.up_mbit,
        measured_rtt_ms=None if found is None else found.rtt_ms,
    )
