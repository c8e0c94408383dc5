"""Calls of a view that belong together: the same again, many by ids, ranges, pages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from client_examples.advice.recording.call import Call
from client_examples.advice.recording.values import is_paging
from client_examples.advice.traffic.sources import Origins, Source, is_before
from client_examples.advice.traffic.templates import Shaped, Template
from client_examples.advice.traffic.views import View

Key = tuple[int, int]
MANY = 3  # calls by ids of one answer, from which on they are an N+1
RANGE = 4  # calls of a template, of which no answer gave the values
_RETRIED = (0, 408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True)
class ByIds:
    """Calls of a template by ids that the answers to another one gave."""

    source: Source
    calls: Sequence[Call]


@dataclass(frozen=True)
class Groups:
    """Calls of a view that belong together, by their keys, each in the order of time.

    Attributes:
        repeats: the same call again, with nothing changed between.
        retries: attempts at what had failed, each with the attempt before it.
        n_plus_one: many calls by ids.
        ranges: many calls of a template, of whose values no answer had most.
        apart: calls that no selection can put into another answer: ranges, and pages of a list.
    """

    repeats: Sequence[Sequence[Key]]
    retries: Mapping[Key, Key]
    n_plus_one: Sequence[ByIds]
    ranges: Sequence[Sequence[Key]]
    apart: frozenset[Key]

    @property
    def by_ids(self) -> list[list[Key]]:
        """The calls of each N+1."""
        return [[call.key for call in one.calls] for one in self.n_plus_one]


def groups(view: View, origins: Origins) -> Groups:
    """What belongs together in a view."""
    repeats, retries = _same(view)
    again = {key for group in repeats for key in group[1:]} | set(retries)
    fresh: dict[tuple[Template, int], list[Shaped]] = defaultdict(list)
    for one, action in zip(view.calls, view.actions, strict=True):
        if one.call.key not in again and not one.call.is_write:
            fresh[one.template, action].append(one)
    by_ids, ranges = [], []
    for (template, _), calls in fresh.items():
        source = _source(template, calls, origins)
        if source is not None and len(calls) >= MANY:
            by_ids.append(ByIds(source, [one.call for one in calls]))
        elif len(calls) >= RANGE and _is_range(calls, origins):
            ranges.append([one.call.key for one in calls])
    pages = set(_later_pages(view.calls, origins))
    apart = frozenset({key for group in ranges for key in group} | pages)
    return Groups(repeats, retries, by_ids, ranges, apart)


def _same(view: View) -> tuple[list[list[Key]], dict[Key, Key]]:
    """Groups of the same call with nothing changed between; and attempts at what had failed."""
    last: dict[bytes, list[Call]] = {}
    repeats: list[list[Call]] = []
    retries = {}
    for one in view.calls:
        call = one.call
        if call.is_write:
            last = {same: each for same, each in last.items() if each[-1].site != call.site}
            continue
        group = last.get(call.same)
        if group is None:
            last[call.same] = [call]
            repeats.append(last[call.same])
        elif may_succeed_later(group[-1]) and is_before(group[-1], call):
            retries[call.key] = group[-1].key
            group[-1] = call  # what counts is whether this one fails as well
        else:
            group.append(call)
    retries |= registered(one.call for one in view.calls)
    return [[call.key for call in group] for group in repeats if len(group) > 1], retries


def registered(calls: Iterable[Call]) -> dict[Key, Key]:
    """Calls that send a document since its hash alone was not known, each with that attempt."""
    asked: dict[object, Call] = {}
    found = {}
    for call in calls:
        hashes = tuple(one.persisted for one in call.operations)
        if not all(hashes) or not hashes:
            continue
        mark = call.origin, hashes
        if not any(one.document_bytes for one in call.operations):
            asked[mark] = call
        elif mark in asked and is_before(asked[mark], call):
            found[call.key] = asked.pop(mark).key
    return found


def may_succeed_later(call: Call) -> bool:
    """Whether it failed in a way that the same call may not fail later."""
    return call.status in _RETRIED or call.status == 401


def _source(template: Template, calls: Sequence[Shaped], origins: Origins) -> Source | None:
    """Where the ids of these calls come from, if each has one of its own."""
    for place in dict.fromkeys(place for one in calls for place, _ in one.values):
        source = origins.sources.get((template, place))
        if source is None or is_paging(place):
            continue
        values = [[value for at, value in one.values if at == place] for one in calls]
        is_one_each = all(len(each) == 1 for each in values)
        is_by_value = len({each[0] for each in values if each}) >= MANY
        if is_one_each and is_by_value and not _is_a_chain(template, source, calls, origins):
            return source
    return None


def _is_a_chain(
    template: Template, source: Source, calls: Sequence[Shaped], origins: Origins
) -> bool:
    """Whether each was given by the one before it, as pages are."""
    if source.template != template:
        return False
    givers = [frozenset(origins.waits_for.get(one.call.key, ())) for one in calls]
    return len(set(givers)) > len(calls) / 2


def _is_range(calls: Sequence[Shaped], origins: Origins) -> bool:
    """Whether they differ in values of which no answer gave most, and that are not pages."""
    if any(origins.waits_for.get(one.call.key) for one in calls[1:]):
        return False
    values: Mapping[str, set[str]] = defaultdict(set)
    for one in calls:
        for place, value in one.values:
            values[place].add(value)
    differing = [place for place, each in values.items() if len(each) > 1]
    return any(not is_paging(place) for place in differing)


def _later_pages(calls: Sequence[Shaped], origins: Origins) -> Iterator[Key]:
    """Pages of a list that wait for the page before them: one that leads to one other."""
    by_key = {one.call.key: one for one in calls}
    followers: dict[Key, list[Key]] = defaultdict(list)
    for one in calls:
        for key in origins.waits_for.get(one.call.key, ()):
            before = by_key.get(key)
            is_paged = any(is_paging(place) for place, _ in one.values)
            if (
                before is not None
                and not before.call.is_redirected
                and (
                    before.template == one.template
                    or (is_paged and before.call.segments == one.call.segments)
                )
            ):
                followers[key].append(one.call.key)
    yield from (each[0] for each in followers.values() if len(each) == 1)
