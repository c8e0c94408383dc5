"""Calls that come again and again at a steady pace: they belong to no view."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from client_examples.advice.recording.values import parameter
from client_examples.advice.traffic.templates import Shaped

_LEAST = 4  # calls, of which the times between are alike
_LEAST_MS = 400.0  # between two: what comes faster is a program's loop
_ALIKE = 0.35  # of the median
# Parameters that tell what was seen last.
_SEEN = frozenset("since last_seen lastseen updated_after updatedafter modified_since".split())


def polled(calls: Sequence[Shaped]) -> list[list[Shaped]]:
    """Each call that was polled, with all its times."""
    by_call: dict[object, list[Shaped]] = {}
    for one in calls:
        by_call.setdefault(_key(one), []).append(one)
    return [each for each in by_call.values() if len(each) >= _LEAST and _is_steady(each)]


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
