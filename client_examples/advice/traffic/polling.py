"""Calls that come again and again at a steady pace: they belong to no view."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from client_examples.advice.recording.call import Tab
from client_examples.advice.recording.values import parameter
from client_examples.advice.traffic.templates import Shaped
from client_examples.advice.traffic.views import PROMPT_MS, page_of

_LEAST = 4  # calls, of which the times between are alike
_LEAST_MS = 400.0  # between two: what comes faster is a program's loop
_ALIKE = 0.35  # of the median
# Parameters that tell what was seen last.
_SEEN = frozenset("since last_seen lastseen updated_after updatedafter modified_since".split())


def polled(calls: Sequence[Shaped], opened: Sequence[tuple[float, Tab]]) -> list[list[Shaped]]:
    """Each call that was polled, with all its times.

    Not what each page asks for that is opened at a steady pace, nor what comes with other calls
    each time: that may be what a screen begins with.

    Args:
        calls: in the order of time.
        opened: when pages were opened, and in which tab.
    """
    by_call: dict[object, list[Shaped]] = {}
    for one in calls:
        by_call.setdefault((page_of(one, opened), _key(one)), []).append(one)
    steady = [each for each in by_call.values() if len(each) >= _LEAST and _is_steady(each)]
    apart = {one.call.key for each in steady for one in each}
    others = [one.call.timing.start_ms for one in calls if one.call.key not in apart]
    return [each for each in steady if not _comes_with(each, others)]


def _comes_with(calls: Sequence[Shaped], others: Sequence[float]) -> bool:
    """Whether other calls begin about when most of these do."""
    near = 0
    for one in calls:
        start = one.call.timing.start_ms
        following = bisect_left(others, start - PROMPT_MS)
        near += following < len(others) and others[following] <= start + PROMPT_MS
    return near > len(calls) / 2


def _key(one: Shaped) -> object:
    seen = [place for place, _ in one.values if parameter(place).lower() in _SEEN]
    if not seen:
        return one.call.same
    rest = tuple(value for value in one.values if value[0] not in seen)
    return one.template, rest


def _is_steady(calls: Sequence[Shaped]) -> bool:
    if any(one.call.is_write for one in calls):
        return False
    starts = [one.call.timing.start_ms for one in calls]
    between = [later - earlier for earlier, later in pairwise(starts)]
    usual = median(between)
    return usual >= _LEAST_MS and all(abs(one - usual) <= _ALIKE * usual for one in between)
