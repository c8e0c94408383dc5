"""Ranks the arms of a screen: the fastest, the fastest of each API, and pairs of arms."""

from dataclasses import replace
from typing import Literal, TypeAlias

from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.timing import Pair
from client_examples.comparison.statistics import ENOUGH, Verdict

Api: TypeAlias = Literal["REST", "GraphQL"]
APIS: tuple[Api, ...] = ("REST", "GraphQL")

_PREFIXES: dict[Api, str] = {"REST": "rest/", "GraphQL": "graphql/"}


def api_of(arm: str) -> Api | None:
    """Which API an arm uses."""
    return next((api for api, prefix in _PREFIXES.items() if arm.startswith(prefix)), None)


def timed(screen: ScreenResult) -> list[ArmResult]:
    """The arms with a median, the lowest first."""
    return sorted(
        (arm for arm in screen.arms if arm.summary is not None),
        key=lambda arm: arm.summary.median_ns if arm.summary else 0.0,
    )


def is_enough(screen: ScreenResult) -> bool:
    """Whether each of its timed arms was loaded often enough to say which is ahead."""
    return min((len(arm.samples) for arm in timed(screen)), default=0) >= ENOUGH


def too_few(document: Document) -> list[ScreenResult]:
    """The screens of which an arm was timed, but too seldom to say which is ahead."""
    return [screen for screen in document.screens if timed(screen) and not is_enough(screen)]


def fastest_of_each(screen: ScreenResult) -> list[ArmResult]:
    """The arm with the lowest median of each API that has one, the lower first."""
    first: dict[Api, ArmResult] = {}
    for arm in timed(screen):
        api = api_of(arm.name)
        if api is not None:
            first.setdefault(api, arm)
    return list(first.values())


def pair_of(screen: ScreenResult, left: str, right: str) -> Pair | None:
    """The comparison of two arms as left and right; None where the document has none."""
    for pair in screen.pairs:
        if (pair.left, pair.right) == (left, right):
            return pair
        if (pair.left, pair.right) == (right, left):
            return _turned(pair)
    return None


def break_evens(screen: ScreenResult) -> list[Pair]:
    """The pairs of arms of different APIs whose order changes with distance, nearest first.

    None of a screen whose arms were loaded too seldom.
    """
    if not is_enough(screen):
        return []
    found = [
        pair
        for pair in screen.pairs
        if pair.break_even.kind == "at"
        and pair.break_even.rtt_ms  # at 0 ms one is as good as ahead from the start
        and api_of(pair.left) != api_of(pair.right)
    ]
    return sorted(found, key=lambda pair: pair.break_even.rtt_ms or 0.0)


def _turned(pair: Pair) -> Pair:
    sides: dict[Verdict, Verdict] = {"left": "right", "right": "left", "none": "none"}
    kinds: dict[str, Literal["always", "never"]] = {"always": "never", "never": "always"}
    even = pair.break_even
    return Pair(
        left=pair.right,
        right=pair.left,
        ratio=1 / pair.ratio,
        ratio_low=1 / pair.ratio_high,
        ratio_high=1 / pair.ratio_low,
        verdict=sides[pair.verdict],
        break_even=replace(even, kind=kinds.get(even.kind, even.kind)),
    )
