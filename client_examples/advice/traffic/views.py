"""Cuts a recording into views: what a page loads at once, until the user does something else."""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from client_examples.advice.recording.call import Tab
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
        page: tells apart pages that were opened; what one knows, another does not.
        calls: in the order in which they were asked for.
        actions: for each call, how many of the user's actions came before it in the view.
    """

    number: int
    page: tuple[Tab, int]
    calls: Sequence[Shaped]
    actions: Sequence[int]


def cut(
    calls: Sequence[Shaped], opened: Sequence[tuple[float, Tab]], pause_ms: float = PAUSE_MS
) -> list[View]:
    """The views, by the recorder's pages, by pages that were opened, and by pauses.

    Args:
        calls: in the order of time.
        opened: when pages were opened, and in which tab.
        pause_ms: how long nothing is under way between two views.
    """
    by_page: dict[tuple[Tab, int], list[Shaped]] = {}
    for one in calls:
        by_page.setdefault(page_of(one, opened), []).append(one)
    parts = [(page, part) for page, each in by_page.items() for part in _parts(each, pause_ms)]
    parts.sort(key=lambda part: part[1][0].call.timing.start_ms)
    return [
        View(number, page, part, _actions(part)) for number, (page, part) in enumerate(parts, 1)
    ]


def page_of(one: Shaped, opened: Sequence[tuple[float, Tab]]) -> tuple[Tab, int]:
    """The tab, and how often a page was opened in it before."""
    tab, start = (one.call.file, one.call.page), one.call.timing.start_ms
    return tab, sum(moment <= start for moment, each in opened if each == tab)


def _parts(calls: Sequence[Shaped], pause_ms: float) -> list[list[Shaped]]:
    parts: list[list[Shaped]] = []
    until = float("-inf")
    for one in calls:
        if one.call.timing.start_ms - until > pause_ms:
            parts.append([])
        parts[-1].append(one)
        until = max(until, one.call.timing.end_ms)
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
