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
_KEY_MS = 30.0  # nobody types two letters faster
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
    """A call is an action's first if nothing has begun or ended for a while before it.

    Or if it is what a search asks for after one letter more: a person types it.
    """
    typed: dict[object, Shaped] = {}
    found: list[int] = []
    ends: list[float] = []
    latest = calls[0].call.timing.start_ms
    for one in calls:
        start = one.call.timing.start_ms
        while ends and ends[0] <= start + _EARLY_MS:
            latest = max(latest, heapq.heappop(ends))
        is_typed = one.template in typed and _is_typed(typed[one.template], one)
        typed[one.template] = one
        is_first = is_typed or start - latest > PROMPT_MS
        found.append((found[-1] if found else 0) + is_first)
        latest = max(latest, start)
        heapq.heappush(ends, one.call.timing.end_ms)
    return found


def _is_typed(before: Shaped, one: Shaped) -> bool:
    """Whether one goes on with a text that was asked with before, or takes letters of it back."""
    if one.call.timing.start_ms - before.call.timing.start_ms < _KEY_MS:
        return False
    if [place for place, _ in before.values] != [place for place, _ in one.values]:
        return False
    pairs = ((old, new) for (_, old), (_, new) in zip(before.values, one.values, strict=True))
    changed = [sorted(pair, key=len) for pair in pairs if pair[0] != pair[1]]
    return len(changed) == 1 and all(
        long.startswith(short) and short.replace(" ", "").isalpha() for short, long in changed
    )
