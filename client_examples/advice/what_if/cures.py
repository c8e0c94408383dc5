"""Cures: each makes of a plan another one that shows the same."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.groups import Groups
from client_examples.advice.what_if.plan import Ask, Plan, levels, merged
from client_examples.advice.what_if.sizes import AnswerSizes

LIST_LIMIT = 100  # ids in one request, as the address allows and servers usually do


def without_repeats(plan: Plan, groups: Groups) -> Plan:
    """Each answer is kept, and shared by those who ask for it while it is under way."""
    return merged(plan, _asks(plan, groups.repeats), lambda asks: asks[0])


def without_redirects(plan: Plan) -> Plan:
    """Each answer is asked for where it is, and not at an address that only leads there."""
    return merged(plan, _redirected(plan), _last)


def _redirected(plan: Plan) -> list[list[Ask]]:
    """Each ask that was redirected, with those to which that led one after the other."""
    found: dict[int, list[Ask]] = {}
    for ask in _in_order(plan):
        if ask.calls[0].is_redirected:
            found[ask.id] = [ask]
        before = next((one for one in sorted(ask.needs) if one in found), None)
        if before is not None and found[before][-1].calls[0].is_redirected:
            found[before].append(ask)
            found[ask.id] = found[before]
    return [each for key, each in found.items() if each[0].id == key and len(each) > 1]


def _last(asks: Sequence[Ask]) -> Ask:
    """The last, asked for when the first was."""
    first = asks[0]
    return replace(asks[-1], id=first.id, after=first.after, needs=first.needs)


def without_preflights(plan: Plan) -> Plan:
    """All from one origin, or permitted for a while."""
    return [replace(ask, preflight=None) for ask in plan]


def in_lists(plan: Plan, groups: Groups) -> Plan:
    """The calls whose ids one answer gave as one: `?ids=1,2,3`."""
    found = [part for group in _asks(plan, groups.by_ids) for part in _at_one_level(plan, group)]
    return merged(plan, [part for part in found if len(part) > 1], _list)


def aggregated(plan: Plan, groups: Groups) -> Plan:
    """Each range of values as one answer."""
    found = [part for group in _asks(plan, groups.ranges) for part in _at_one_level(plan, group)]
    return merged(plan, [part for part in found if len(part) > 1], _list)


def _at_one_level(plan: Plan, asks: Sequence[Ask]) -> list[Sequence[Ask]]:
    """Those that can be asked for together, as many as a list may have."""
    wanted = {ask.id for ask in asks}
    found = []
    for level in levels(plan, by_data=True):
        part = [ask for ask in level if ask.id in wanted]
        found += [part[at : at + LIST_LIMIT] for at in range(0, len(part), LIST_LIMIT)]
    return [part for part in found if part]


def _list(asks: Sequence[Ask]) -> Ask:
    """One head each way, and all bodies."""
    calls = tuple(call for ask in asks for call in ask.calls)
    head = max(call.sizes.sent_head for call in calls)
    ids = sum(len(value) + 1 for call in calls for _, value in call.values[-1:])
    body = sum(call.sizes.received_body for call in calls)
    received = max(call.sizes.received_head for call in calls) + body
    return _one(asks, calls, head + ids, received, received)


def selected(plan: Plan, groups: Groups, sizes: AnswerSizes, *, all_roots: bool) -> Plan:
    """What follows from an answer as a part of that answer; a range stays as many calls.

    Args:
        plan: what is asked for.
        groups: what belongs together in it.
        sizes: what is known of the bodies.
        all_roots: whether one request may also have several roots, as GraphQL's may.
    """
    apart = groups.apart
    root: dict[int, int] = {}
    by_id = {ask.id: ask for ask in plan}
    for ask in _in_order(plan):
        root[ask.id] = _root(ask, by_id, root, apart)
    stands: dict[int, int] = {}
    if all_roots:
        first: dict[tuple[str, int, frozenset[int]], int] = {}
        for ask in plan:
            is_root = root[ask.id] == ask.id and not ask.held
            if is_root and not ask.is_write and ask.calls[0].key not in apart:
                place = ask.origin, ask.action, ask.permits
                stands[ask.id] = first.setdefault(place, ask.id)
    trees: dict[int, list[Ask]] = {}
    for ask in plan:
        trees.setdefault(stands.get(root[ask.id], root[ask.id]), []).append(ask)

    def select(asks: Sequence[Ask]) -> Ask:
        calls = tuple(call for ask in asks for call in ask.calls)
        least, most = sizes.selected(calls)
        sent_head = max(call.sizes.sent_head for call in calls)
        head = max(call.sizes.received_head for call in calls)
        return _one(asks, calls, sent_head + _documents(asks), head + most, head + least)

    return merged(plan, [_first(root_id, each) for root_id, each in trees.items()
                         if len(each) > 1 or sizes.is_used_known], select)  # fmt: skip


def _documents(asks: Sequence[Ask]) -> int:
    """Bytes of the documents, each once: what a selection over REST names is not known."""
    documents = {
        operation.document: operation.document_bytes
        for ask in asks
        for call in ask.calls
        for operation in call.operations
    }
    return sum(documents.values())


def _first(root_id: int, asks: Sequence[Ask]) -> Sequence[Ask]:
    return sorted(asks, key=lambda ask: ask.id != root_id)


def _in_order(plan: Plan) -> list[Ask]:
    return [ask for level in levels(plan, by_data=True) for ask in level]


def _root(
    ask: Ask, by_id: Mapping[int, Ask], root: Mapping[int, int], apart: frozenset[tuple[int, int]]
) -> int:
    """The ask whose answer can hold this one's: that of all that it needs, if it is one."""
    needed = {root.get(one, one) for one in ask.held if one in by_id}
    if len(needed) != 1 or ask.is_write or ask.calls[0].key in apart:
        return ask.id
    (found,) = needed
    above = by_id[found]
    is_other = above.is_write or above.origin != ask.origin or above.action != ask.action
    return ask.id if is_other or above.calls[0].key in apart else found


def _asks(plan: Plan, groups: Sequence[Sequence[tuple[int, int]]]) -> list[list[Ask]]:
    """The asks of groups of calls; each ask in one group, and none of one alone."""
    by_key = {call.key: ask for ask in plan for call in ask.calls}
    taken: set[int] = set()
    found = []
    for group in groups:
        asks = {by_key[key].id: by_key[key] for key in group if key in by_key}
        free = [ask for ask in asks.values() if ask.id not in taken]
        if len(free) > 1:
            taken |= {ask.id for ask in free}
            found.append(free)
    return found


def _one(asks: Sequence[Ask], calls: tuple[Call, ...], sent: int, received: int, least: int) -> Ask:
    """One ask for several; its server takes what the slowest that wait for each other take."""
    return replace(
        asks[0],
        calls=calls,
        needs=frozenset().union(*(ask.needs for ask in asks)),
        permits=frozenset().union(*(ask.permits for ask in asks)),
        sent=sent,
        received=received,
        least=least,
        server_ms=_longest_ms(asks),
        preflight=max((ask.preflight for ask in asks if ask.preflight is not None), default=None),
    )


def _longest_ms(asks: Sequence[Ask]) -> float:
    return sum(
        max(ask.server_ms for ask in level)
        for level in levels([replace(ask, action=0) for ask in asks], by_data=True)
    )
