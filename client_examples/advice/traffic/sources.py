"""Where the values of calls come from: the answers that had them first, and so what waits for what.

A value that nobody writes by chance (a UUID, a hash, a long number) proves by itself that a call
waits for the answer that had it first. A small number or a word proves nothing; but if most of the
values of a template's calls stand under one member of the answers to one template, these had them.
The member's name must tell that it holds ids of that kind. Or else all of the values stand there,
and they are no numbers in a row, which anything that is counted holds.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from client_examples.advice.recording.answers import Answer
from client_examples.advice.recording.call import Call
from client_examples.advice.recording.values import (
    goes_through_pages,
    is_paging,
    is_type,
    kind_of,
    may_be_id,
    may_be_role,
    proves,
)
from client_examples.advice.traffic.templates import Shaped, Template

Key: TypeAlias = tuple[int, int]

LEAST = 3  # different values, from which on a set proves something
MOST = 0.5  # of them
_WORDS_USED = 0.5  # of an answer's words, that calls must go through to have them from there
_ROUNDED_MS = 2.0  # recorders round times to milliseconds


@dataclass(frozen=True)
class Source:
    """Answers that had a call's values.

    `member` is where, such as `items[].book_id`.
    """

    template: Template
    member: str


@dataclass(frozen=True)
class Origins:
    """What is known of where values come from.

    Attributes:
        waits_for: for each call, by its key, the keys of those whose answers it needs.
        sources: for each template and place of a value, where the values of its calls come from.
        permits: those of `waits_for` that gave a token or the like which a call is sent with.
        asked: what each call asked for, equal for those that ask for the same.
    """

    waits_for: Mapping[Key, frozenset[Key]]
    sources: Mapping[tuple[Template, str], Source]
    permits: Mapping[Key, frozenset[Key]]
    asked: Mapping[Key, bytes]


def is_before(earlier: Call, later: Call) -> bool:
    """Whether a call was answered when the other was asked for, as far as rounded times tell."""
    early = min(_ROUNDED_MS, earlier.timing.took_ms / 2)
    return earlier.timing.end_ms <= later.timing.start_ms + early


def origins(
    calls: Sequence[Shaped],
    answers: Mapping[tuple[int, int], Answer],
    known: Mapping[str, float] | None = None,
) -> Origins:
    """Where the values of these calls come from.

    Args:
        calls: those of a page, in the order of time.
        answers: what they were answered.
        known: when values stood in the page's address first, which needs no answer.
    """
    found = _Held(calls, answers, known or {})
    waits: dict[tuple[int, int], set[tuple[int, int]]] = defaultdict(set)
    sources = {}
    for (template, place), users in _by_place(calls).items():
        given = found.set_of(place, users)
        if given is not None:
            sources[template, place] = given.source
            for user in users:
                waits[user.call.key] |= {one.key for one in given.answers_for(user, place)}
    for earlier, later in _pages(calls):
        waits[later.call.key].add(earlier.call.key)
    for moved, there in _redirects(calls):
        waits[there.key].add(moved.key)
    permits = {}
    for one in calls:
        by_values = waits[one.call.key] | {each.key for each in found.alone(one)}
        by_token = {each.key for each in found.of_any(one.call.credentials, one.call)}
        waits[one.call.key] = (by_values | by_token) - {one.call.key}
        permits[one.call.key] = frozenset(by_token - by_values)
    asked = {one.call.key: one.call.same for one in calls}
    return Origins({key: frozenset(each) for key, each in waits.items()}, sources, permits, asked)


def renewed(calls: Sequence[Shaped], found: Origins) -> Origins:
    """The same for one view of the page.

    Where the view asks anew for an answer that an earlier view had, its calls wait for the new one.
    """
    own = {one.call.key: one for one in calls}
    last: dict[bytes, list[Call]] = defaultdict(list)
    for one in calls:
        last[one.call.same].append(one.call)

    def anew(waits: Mapping[Key, frozenset[Key]]) -> dict[Key, frozenset[Key]]:
        return dict(waits) | {
            key: frozenset(
                giver if giver in own else _anew(giver, one.call, last, found)
                for giver in waits.get(key, ())
            )
            for key, one in own.items()
        }

    return Origins(anew(found.waits_for), found.sources, anew(found.permits), found.asked)


def _anew(giver: Key, user: Call, last: Mapping[bytes, Sequence[Call]], found: Origins) -> Key:
    again = (one.key for one in reversed(last.get(found.asked.get(giver, b""), ()))
             if one.key != user.key and not one.is_write and is_before(one, user))  # fmt: skip
    return next(again, giver)


def _pages(calls: Sequence[Shaped]) -> Iterator[tuple[Shaped, Shaped]]:
    """Each page with the one asked for before it, which tells whether there is one more."""
    last: dict[object, Shaped] = {}
    for one in calls:
        if one.call.is_write:
            continue
        others = tuple(value for value in one.values if not is_paging(value[0]))
        names = tuple(name for name in one.call.names if not goes_through_pages(name))
        documents = tuple(
            each.document or each.persisted or each.name for each in one.call.operations
        )
        documents += one.call.procedures
        key = one.call.origin, one.call.segments, names, others, documents
        before = last.get(key)
        is_next = before is not None and before.values != one.values
        if before is not None and is_next and is_before(before.call, one.call):
            yield before, one
        last[key] = one


def _redirects(calls: Sequence[Shaped]) -> Iterator[tuple[Call, Call]]:
    """Each call that was redirected, with the one that asks where it leads."""
    leading: dict[str, Call] = {}
    for one in calls:
        earlier = leading.get(one.call.target)
        if earlier is not None and is_before(earlier, one.call):
            del leading[one.call.target]
            yield earlier, one.call
        if one.call.is_redirected and one.call.headers is not None:
            leading |= dict.fromkeys(one.call.headers.links, one.call)


def _by_place(calls: Iterable[Shaped]) -> dict[tuple[Template, str], list[Shaped]]:
    found: dict[tuple[Template, str], list[Shaped]] = defaultdict(list)
    for one in calls:
        for place in dict.fromkeys(place for place, _ in one.values):
            found[one.template, place].append(one)
    return found


@dataclass(frozen=True)
class _Given:
    """The answers that have the values of a template's calls at one place, by the value."""

    source: Source
    by_value: Mapping[str, Call]

    def answers_for(self, user: Shaped, place: str) -> Iterator[Call]:
        values = [value for at, value in user.values if at == place]
        known = [self.by_value[value] for value in values if value in self.by_value]
        # One of the loop whose value stands there by another name, or was known by chance.
        for one in known or itertools.islice(self.by_value.values(), 1):
            if is_before(one, user.call):
                yield one


class _Held:
    """Who had which value first, under which member of the answers to which template."""

    def __init__(
        self,
        calls: Sequence[Shaped],
        answers: Mapping[Key, Answer],
        known: Mapping[str, float],
    ) -> None:
        self._first: dict[str, dict[tuple[Template, str], tuple[Call, int]]] = defaultdict(dict)
        self._asked: dict[str, float] = {}
        for one in calls:
            start = one.call.timing.start_ms
            for value in (*(value for _, value in one.values), *one.call.credentials):
                self._asked.setdefault(value, min(start, known.get(value, start)))
        for one in sorted(calls, key=lambda each: each.call.timing.end_ms):
            own = {*(value for _, value in one.call.values), *one.call.credentials}
            for path, member in answers[one.call.key].members.items():
                for value in member.sought - own:  # an answer only repeats what it was asked with
                    self._first[value].setdefault((one.template, path), (one.call, member.count))

    def set_of(self, place: str, users: Sequence[Shaped]) -> _Given | None:
        """The answers under one member of which most of the values stand; None if none has them."""
        values: dict[str, Shaped] = {}
        for user in users:
            for at, value in user.values:
                if at == place:
                    values.setdefault(value, user)
        if len(values) < LEAST or is_paging(place):
            return None
        return self._best(place, values, _may_be) or self._by_role(place, values)

    def _by_role(self, place: str, values: Mapping[str, Shaped]) -> _Given | None:
        """The same where the member tells a role, as in `assignee: 7` for `/users/7`."""
        if not place.startswith("path:") or _is_a_row(values):
            return None
        given = self._best(place, values, _may_have_role)
        return given if given and len(given.by_value) == len(values) else None

    def _best(
        self,
        place: str,
        values: Mapping[str, Shaped],
        may_be: Callable[[str, str, str, Call], bool],
    ) -> _Given | None:
        """The answers that have most of the values under a member that may hold them."""
        found: dict[tuple[Template, str], dict[str, Call]] = defaultdict(dict)
        counts: dict[tuple[Template, str], int] = {}
        for value, user in values.items():
            for where, (answer, count) in self._first[value].items():
                if is_before(answer, user.call) and may_be(place, value, where[1], user.call):
                    found[where][value] = answer
                    counts[where] = max(count, counts.get(where, 0))
        good = [
            (where, given) for where, given in found.items()
            if len(given) >= LEAST and len(given) > MOST * len(values)
            and (not _are_words(given) or len(given) >= _WORDS_USED * counts[where])
        ]  # fmt: skip
        if not good:
            return None
        (template, member), given = max(
            good,
            key=lambda one: (len(one[1]), -max(each.timing.end_ms for each in one[1].values())),
        )
        return _Given(Source(template, member), given)

    def alone(self, one: Shaped) -> Iterator[Call]:
        """The answers that had a value of this call first, where the value proves it by itself."""
        strong = [value for place, value in one.values if proves(place, value)]
        strong += [one.call.target, one.call.origin + one.call.target] if one.values else []
        yield from self.of_any(strong, one.call)

    def of_any(self, strong: Iterable[str], call: Call) -> Iterator[Call]:
        """The answers that had one of these values first, before the call was known to have it."""
        for value in dict.fromkeys(strong):
            found = [
                answer for (_, member), (answer, _) in self._first[value].items()
                if not is_type(member)
            ]  # fmt: skip
            first = min(found, key=lambda answer: answer.timing.end_ms, default=None)
            if first is None or not is_before(first, call):
                continue
            if self._asked.get(value, first.timing.end_ms) + _ROUNDED_MS < first.timing.end_ms:
                continue  # it was known before
            yield first


def _may_be(place: str, value: str, member: str, call: Call) -> bool:
    if is_type(member):
        return False
    kind, _, index = place.partition(":")
    below = call.segments[int(index) - 1] if kind == "path" and int(index) else ""
    return proves(place, value) or may_be_id(place, member, below)


def _may_have_role(_place: str, value: str, member: str, _call: Call) -> bool:
    return kind_of(value) == "number" and may_be_role(member)


def _is_a_row(values: Iterable[str]) -> bool:
    """Whether all are numbers, one after the other."""
    if not all(kind_of(value) == "number" for value in values):
        return False
    found = sorted(map(int, values))
    return found[-1] - found[0] < len(found)


def _are_words(given: Iterable[str]) -> bool:
    return all(kind_of(value) in ("word", "text", "date") for value in given)
