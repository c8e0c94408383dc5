"""A view's calls as a plan: what is asked for, and what each waits for. Cures change plans."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from typing import TypeAlias

from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.sources import Origins, is_before
from client_examples.advice.traffic.templates import Shaped
from client_examples.advice.traffic.views import View

Key: TypeAlias = tuple[int, int]
UNAUTHORIZED = 401


@dataclass(frozen=True)
class Ask:
    """A request of a plan, which stands for one or more of the recorded calls.

    Attributes:
        id: tells it apart in its plan.
        calls: those that it stands for.
        action: how many of the user's actions came before it.
        after: those that were answered when it was asked for.
        needs: those whose answers hold what it asks with, or whose changes it must see.
        sent: bytes, head and body.
        received: bytes at most, head and body.
        least: bytes received at least.
        server_ms: what the server takes for it.
        preflight: bytes of its preflight, None where it needs none.
        permits: those of `needs` that gave a token, or had failed: their answers hold no other.
    """

    id: int
    calls: tuple[Call, ...]
    action: int
    after: frozenset[int]
    needs: frozenset[int]
    sent: int
    received: int
    least: int
    server_ms: float
    preflight: int | None
    permits: frozenset[int] = frozenset()

    @property
    def held(self) -> frozenset[int]:
        """Those of `needs` whose answers could hold this one's."""
        return self.needs - self.permits

    @property
    def origin(self) -> str:
        """Where it goes."""
        return self.calls[0].origin

    @property
    def is_write(self) -> bool:
        """Whether it may change something."""
        return self.calls[0].is_write


Plan: TypeAlias = Sequence[Ask]
Merge: TypeAlias = Callable[[Sequence[Ask]], Ask]  # makes one of several, by the first's id


def recorded(
    view: View,
    origins: Origins,
    server_ms: Callable[[Call], float],
    retries: Mapping[Key, Key] | None = None,
) -> Plan:
    """The plan of what was recorded.

    Args:
        view: the calls.
        origins: what waits for what.
        server_ms: what the server takes for a call.
        retries: attempts at what had failed, each with the attempt before it.
    """
    ids = {one.call.key: number for number, one in enumerate(view.calls)}
    before = _immediately_before(view.calls)
    writes = [number for number, one in enumerate(view.calls) if one.call.is_write]
    renewals = _renewals(view, origins, retries or {})
    plan = []
    for number, (one, action) in enumerate(zip(view.calls, view.actions, strict=True)):
        call = one.call
        needs = {ids[key] for key in origins.waits_for.get(call.key, ()) if key in ids}
        before_it = {ids[retries[call.key]]} if retries and call.key in retries else set()
        permits = {ids[key] for key in origins.permits.get(call.key, ()) if key in ids}
        needs |= before_it | {ids[key] for key in renewals.get(call.key, ())}
        needs |= _for_writes(view.calls, writes, number)
        plan.append(
            Ask(
                id=number,
                calls=(call,),
                action=action,
                after=frozenset(before[number] | needs),
                needs=frozenset(needs),
                sent=call.sizes.sent,
                received=call.sizes.received,
                least=call.sizes.received,
                server_ms=server_ms(call),
                preflight=None if call.preflight is None else call.preflight[1],
                permits=frozenset(before_it | permits),
            )
        )
    return plan


def _renewals(
    view: View, origins: Origins, retries: Mapping[Key, Key]
) -> Mapping[Key, frozenset[Key]]:
    """Calls for a new token, each with the attempt that was refused before, which is the reason."""
    calls = {one.call.key: one.call for one in view.calls}
    refused = ((later, calls[first]) for later, first in retries.items())
    return {
        key: frozenset({first.key})
        for later, first in refused
        if first.status == UNAUTHORIZED
        for key in origins.permits.get(later, ())
        if key in calls and is_before(first, calls[key])
    }


def _immediately_before(calls: Sequence[Shaped]) -> list[set[int]]:
    """For each call, of those answered before it the one that had waited for the most others."""
    found: list[set[int]] = []
    depth: list[int] = []
    best: int | None = None  # of all that have ended so far
    waiting: list[int] = []
    for number, one in enumerate(calls):
        still = []
        for earlier in waiting:
            if is_before(calls[earlier].call, one.call):
                if best is None or depth[earlier] >= depth[best]:
                    best = earlier
            else:
                still.append(earlier)
        waiting = [*still, number]
        found.append(set() if best is None else {best})
        depth.append(0 if best is None else depth[best] + 1)
    return found


def _for_writes(calls: Sequence[Shaped], writes: Sequence[int], number: int) -> set[int]:
    """What a call must come after since something is changed: the last write, or all before one.

    Of the same site: what is told to another one, as to one that counts visits, changes nothing.
    """
    one = calls[number].call

    def is_earlier(index: int) -> bool:
        return calls[index].call.site == one.site and is_before(calls[index].call, one)

    if one.is_write:
        return set(filter(is_earlier, range(number)))
    return set(itertools.islice(filter(is_earlier, reversed(writes)), 1))


def levels(plan: Plan, *, by_data: bool) -> list[list[Ask]]:
    """The asks by how many wait for each other before them; the user's actions one by one."""
    by_id = {ask.id: ask for ask in plan}
    waits = {ask.id: (ask.needs if by_data else ask.after) & by_id.keys() for ask in plan}
    depth: dict[int, int] = {}
    for number in TopologicalSorter(waits).static_order():
        action = by_id[number].action
        before = [depth[one] + 1 for one in waits[number] if by_id[one].action == action]
        depth[number] = max(before, default=0)
    placed: dict[tuple[int, int], list[Ask]] = {}
    for ask in plan:
        placed.setdefault((ask.action, depth[ask.id]), []).append(ask)
    return [placed[where] for where in sorted(placed)]


def merged(plan: Plan, groups: Iterable[Sequence[Ask]], merge: Merge) -> Plan:
    """The plan with one ask in place of each group's."""
    by_id: dict[int, Ask] = {}
    stands: dict[int, int] = {}
    for group in groups:
        for ask in group:
            stands[ask.id] = group[0].id
        by_id[group[0].id] = merge(group)
    kept = [by_id.get(ask.id, ask) for ask in plan if stands.get(ask.id, ask.id) == ask.id]
    return [_renamed(ask, stands) for ask in kept]


def _renamed(ask: Ask, stands: Mapping[int, int]) -> Ask:
    if stands.keys().isdisjoint(ask.after | ask.needs):
        return ask  # `permits` are among `needs`

    def now(waits: frozenset[int]) -> frozenset[int]:
        return frozenset(stands.get(one, one) for one in waits) - {ask.id}

    return replace(ask, after=now(ask.after), needs=now(ask.needs), permits=now(ask.permits))
