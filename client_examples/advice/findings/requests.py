"""Faults in how it is asked: too many requests, or one after the other for no reason."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from client_examples.advice.findings.finding import Case, Cost, Finding, keys
from client_examples.advice.recording.answers import LINKS
from client_examples.advice.recording.call import Call
from client_examples.advice.traffic.groups import ByIds, Groups
from client_examples.advice.traffic.sources import is_before
from client_examples.advice.traffic.templates import Shaped
from client_examples.advice.what_if.cures import (
    aggregated,
    in_lists,
    without_preflights,
    without_repeats,
)
from client_examples.advice.what_if.model import is_multiplexed, outcome
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.report.numbers import counted

_WAITED_MS = 1.0  # for a connection, from which on it counts


def n_plus_one(case: Case) -> Iterator[Finding]:
    """Many calls of one template by ids of one answer."""
    for one in case.groups.n_plus_one:
        cost = case.saved(in_lists(case.plan, _only(by_ids=[one])))
        label = case.labels(one.calls)
        where = "addresses" if one.source.member == LINKS else f"`{one.source.member}`"
        found = (
            f"N+1: {len(one.calls)} calls of {label} by ids from {where} of "
            f"`{one.source.template.label}`"
        )
        is_graphql = one.calls[0].is_graphql
        fix = (
            "ask for the relation in the first operation, or for a list of ids"
            if is_graphql
            else "a batch, or a list of ids in one request; or the relation in the first answer"
            if one.calls[0].procedures
            else "a list of ids in one request, the relation in the first answer (`fields`, "
            "`include`), or GraphQL"
        )
        yield Finding("n+1", found, keys(one.calls), cost, fix)


def repeats(case: Case) -> Iterator[Finding]:
    """The same calls again, with nothing changed between; one finding for each template."""
    by_template: dict[object, list[list[Call]]] = {}
    for group in case.groups.repeats:
        calls = _calls(case, group)
        by_template.setdefault(case.templates[calls[0].key], []).append(calls)
    for each in by_template.values():
        found = [call for calls in each for call in calls]
        groups = [[call.key for call in calls] for calls in each]
        cost = case.saved(without_repeats(case.plan, _only(repeats=groups)))
        early = sum(not is_before(calls[0], call) for calls in each for call in calls[1:])
        under_way = f", {early} of them while the first was under way" if early else ""
        told = (
            f"the same call again: {case.labels(found)} {len(found)} times for "
            f"{counted(len(each), 'answer')}{under_way}, with no write between"
        )
        fix = "keep the answer, and share it while it is under way"
        yield Finding("repeat", told, keys(found), cost, fix)


def ranges(case: Case) -> Iterator[Finding]:
    """One template over a range of values that no answer gave."""
    for group in case.groups.ranges:
        calls = _calls(case, group)
        cost = case.saved(aggregated(case.plan, _only(ranges=[group])))
        found = f"a range: {len(calls)} calls of {case.labels(calls)} by values that no answer gave"
        fix = (
            "an endpoint that answers the whole range, or aggregates it; neither `fields` nor "
            "GraphQL alone cures it"
        )
        yield Finding("range", found, keys(calls), cost, fix)


def chain(case: Case) -> Iterator[Finding]:
    """Calls that wait for each other by time, and not by data."""
    better = outcome(case.plan, by_data=True)
    if better.steps >= case.recorded.steps:
        return
    waiting = [call for ask in case.plan for call in ask.calls if ask.after - ask.needs]
    found = (
        f"a chain by time: {counted(case.recorded.steps, 'step')} one after the other, of which "
        f"the data ask for {better.steps}"
    )
    fix = "the client's code: ask side by side for what does not wait for an answer"
    yield Finding("chain", found, keys(waiting), case.saved(case.plan, by_data=True), fix)


def connections(case: Case) -> Iterator[Finding]:
    """Calls that wait for one of the connections that a browser opens to an origin."""
    waiting = _waiting(case)
    if not waiting:
        return
    waits = [call.timing.blocked_ms for call in waiting if call.timing.blocked_ms > 0]
    longest = f", up to {max(waits):,.0f} ms" if waits else ""
    cost = case.saved(case.plan, http2=True)
    cost = replace(cost, ms=max(cost.ms, max(waits, default=0.0)))
    told = "waited" if waits else "may have waited (the recording does not tell it)"
    found = (
        f"{counted(len(waiting), 'call')} of {case.labels(waiting)} {told} for one of {AT_ONCE} "
        f"connections{longest}"
    )
    yield Finding("connections", found, keys(waiting), cost, "HTTP/2, or fewer requests")


def _waiting(case: Case) -> list[Call]:
    """Those that began while as many as there are connections were under way at their origin."""
    found: list[Call] = []
    under_way: dict[str, list[Call]] = {}
    for ask in case.plan:
        (call,) = ask.calls
        if is_multiplexed([ask]):
            continue
        others = [one for one in under_way.get(call.origin, ()) if not is_before(one, call)]
        under_way[call.origin] = [*others, call]
        has_waited = not 0 <= call.timing.blocked_ms < _WAITED_MS  # -1: not told
        if len(others) >= AT_ONCE and has_waited:
            found.append(call)
    return found


def preflights(case: Case) -> Iterator[Finding]:
    """Requests that a browser makes to ask whether it may ask."""
    calls = [call for call in case.calls if call.preflight is not None]
    if not calls:
        return
    size = sum(call.preflight[1] for call in calls if call.preflight)
    saved = case.saved(without_preflights(case.plan))
    found = f"{counted(len(calls), 'preflight')} before {counted(len(case.calls), 'call')}"
    fix = "one origin for page and API, or `Access-Control-Max-Age`"
    cost = Cost(len(calls), max(saved.bytes, size), saved.ms)
    yield Finding("preflights", found, keys(calls), cost, fix)


def polling(polled: Sequence[Sequence[Shaped]]) -> Iterator[Finding]:
    """Calls that came again and again at a steady pace."""
    for each in polled:
        calls = [one.call for one in each]
        took = calls[-1].timing.start_ms - calls[0].timing.start_ms
        pace = took / (len(calls) - 1) / 1000
        size = sum(call.sizes.sent + call.sizes.received for call in calls[1:])
        unchanged = sum(
            later.status == 304 or (bool(later.answer) and later.answer == earlier.answer)
            for earlier, later in pairwise(calls)
        )
        found = (
            f"polling: `{each[0].template.label}` {len(calls)} times, every {pace:.2g} s; "
            f"{unchanged} of {counted(len(calls) - 1, 'answer')} "
            f"{'was' if unchanged == 1 else 'were'} as before"
        )
        fix = "events (Server-Sent Events), or a GraphQL subscription"
        yield Finding("polling", found, keys(calls), Cost(len(calls) - 1, size, 0.0), fix)


def _calls(case: Case, group: Sequence[tuple[int, int]]) -> list[Call]:
    wanted = set(group)
    return [call for call in case.calls if call.key in wanted]


def _only(
    *,
    by_ids: Sequence[ByIds] = (),
    repeats: Sequence[Sequence[tuple[int, int]]] = (),
    ranges: Sequence[Sequence[tuple[int, int]]] = (),
) -> Groups:
    return Groups(repeats, {}, by_ids, ranges, frozenset())
