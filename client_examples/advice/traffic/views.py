"""Cuts a recording into views: what a page loads at once, until the user does something else."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from client_examples.advice.traffic.templates import Shaped

PAUSE_MS = 1_000.0
# A call that follows nothing by this long is a person's doing, or a timer's, not a program's that
# goes on as soon as it can.
PROMPT_MS = 250.0
_EARLY_MS = 2.0  # recorders round times to milliseconds


@dataclass(frozen=True)
class View:
    """Calls of a page without a long pause.

    Attributes:
        number: from 1.
        calls: in the order in which they were asked for.
        actions: for each call, how many of the user's actions came before it in the view.
    """

    number: int
    calls: Sequence[Shaped]
    actions: Sequence[int]


def cut(
    calls: Sequence[Shaped], opened: Sequence[tuple[float, str]], pause_ms: float = PAUSE_MS
) -> list[View]:
    """The views, by the recorder's pages, by pages that were opened, and by pauses.

    Args:
        calls: in the order of time.
        opened: when pages were opened, and the recorder's name of each.
        pause_ms: how long nothing is under way between two views.
    """
    by_page: dict[str, list[Shaped]] = {}
    for one in calls:
        by_page.setdefault(one.call.page, []).append(one)
    parts = [
        part
        for page, each in by_page.items()
        for part in _parts(each, [moment for moment, name in opened if name == page], pause_ms)
    ]
    parts.sort(key=lambda part: part[0].call.timing.start_ms)
    return [View(number, part, _actions(part)) for number, part in enumerate(parts, 1)]


def _parts(calls: Sequence[Shaped], opened: Sequence[float], pause_ms: float) -> list[list[Shaped]]:
    parts: list[list[Shaped]] = []
    until = before = float("-inf")
    for one in calls:
        start = one.call.timing.start_ms
        is_new_page = any(before < moment <= start for moment in opened)
        if not parts or is_new_page or start - until > pause_ms:
            parts.append([])
            until = float("-inf")
        parts[-1].append(one)
        before, until = start, max(until, one.call.timing.end_ms)
    return parts


def _actions(calls: Sequence[Shaped]) -> list[int]:
    """A call is an action's first if nothing has begun or ended for a while before it."""
    found: list[int] = []
    ends: list[float] = []
    latest = calls[0].call.timing.start_ms
    for one in calls:
        start = one.call.timing.start_ms
        while ends and ends[0] <= start + _EARLY_MS:
            latest = max(latest, heapq.heappop(ends))
        found.append((found[-1] if found else 0) + (start - latest > PROMPT_MS))
        latest = max(latest, start)
        heapq.heappush(ends, one.call.timing.end_ms)
    return found
