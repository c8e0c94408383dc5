"""A document as a limit sees it: over the limit's protocol and link."""

from dataclasses import replace
from itertools import combinations

from client_examples.comparison.analysis.network_model import paired, timed
from client_examples.comparison.analysis.protocols.over import over
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.judging.regressions import Limit
from client_examples.comparison.results.timing import Pair, elapsed_ns
from client_examples.comparison.statistics import summarize


def seen_by(limit: Limit, document: Document) -> Document:
    """The document with counts and times as measured there; without arms that were not."""
    if limit.over and not _is_only(limit.over, document):
        screens = [
            replace(
                screen,
                arms=[
                    arm
                    for arm in screen.arms
                    if any(one.protocol == limit.over for one in arm.protocols)
                ],
            )
            for screen in document.screens
        ]
        document = over(replace(document, screens=screens), limit.over)
    if limit.is_over_link:
        screens = [_over_link(screen, limit) for screen in document.screens]
        document = replace(document, screens=screens)
    return document


def _is_only(protocol: str, document: Document) -> bool:
    """Whether all was measured over this protocol, and so no results by protocol are there."""
    return document.settings.protocols == [protocol]


def _over_link(screen: ScreenResult, limit: Limit) -> ScreenResult:
    """Arms with their times over the link; the floors were not timed there."""
    arms = [one for one in (_arm(arm, limit) for arm in screen.arms) if one is not None]
    return replace(screen, arms=arms, floors=[], pairs=_pairs(arms))


def _arm(arm: ArmResult, limit: Limit) -> ArmResult | None:
    for one in arm.links:
        if one.samples and limit.is_over(one.link):
            return replace(arm, samples=one.samples, summary=summarize(elapsed_ns(one.samples)))
    return None


def _pairs(arms: list[ArmResult]) -> list[Pair]:
    medians = [
        timed(arm.name, arm.summary.median_ns, elapsed_ns(arm.samples), arm.counts)
        for arm in arms
        if arm.summary is not None
    ]
    return [paired(*both) for both in combinations(medians, 2)]
