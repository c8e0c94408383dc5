"""The ways in which a view could be asked for, by plans that cures make of the recorded one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from client_examples.advice.traffic.groups import Groups
from client_examples.advice.what_if.cures import (
    aggregated,
    in_lists,
    selected,
    without_preflights,
    without_redirects,
    without_repeats,
)
from client_examples.advice.what_if.model import Outcome, is_multiplexed, outcome
from client_examples.advice.what_if.plan import Plan
from client_examples.advice.what_if.sizes import AnswerSizes

# What has to change for it: the client's code alone, the network's, the REST API, or the style.
Change: TypeAlias = Literal["", "client", "http2", "origin", "rest", "graphql"]


@dataclass(frozen=True)
class Way:
    """A way of asking.

    Attributes:
        name: as in the results.
        told: what is done, for the reader.
        change: what has to change for it.
        outcome: what it takes.
    """

    name: str
    told: str
    change: Change
    outcome: Outcome


RECORDED, SIDE_BY_SIDE, NO_REPEATS, HTTP2 = "recorded", "side by side", "no repeats", "http2"
CLIENT, CLIENT_HTTP2, ORIGIN = "client", "client and http2", "one origin"
LISTS, AGGREGATED, SELECTION, ONE_REQUEST = "lists", "aggregated", "selection", "one request"


def ways(plan: Plan, groups: Groups, sizes: AnswerSizes) -> list[Way]:
    """All ways: each alone, then each with what is cheaper before it."""
    return [Way(*one) for one in _ways(plan, groups, sizes)]


def _ways(
    plan: Plan, groups: Groups, sizes: AnswerSizes
) -> Iterator[tuple[str, str, Change, Outcome]]:
    once = without_repeats(without_redirects(plan), groups)
    yield RECORDED, "as recorded", "", outcome(plan, by_data=False)
    yield (
        SIDE_BY_SIDE,
        "side by side",
        "client",
        outcome(plan, by_data=True),
    )
    yield NO_REPEATS, "without repeats", "client", outcome(once, by_data=False)
    yield HTTP2, "over HTTP/2", "http2", outcome(plan, by_data=False, http2=True)
    if any(ask.preflight is not None for ask in plan):
        alone = without_preflights(plan)
        yield ORIGIN, "without preflights", "origin", outcome(alone, by_data=False)
    yield CLIENT, "side by side, once", "client", outcome(once, by_data=True)
    if not is_multiplexed(plan):
        better = outcome(once, by_data=True, http2=True)
        yield CLIENT_HTTP2, "side by side, once, HTTP/2", "http2", better
    lists = in_lists(once, groups)
    style: Change = "graphql" if is_graphql(plan) else "rest"
    yield LISTS, "ids in lists", style, outcome(lists, by_data=True)
    if groups.ranges:
        better = outcome(aggregated(lists, groups), by_data=True)
        yield AGGREGATED, "lists, ranges aggregated", style, better
    for name, told, change, all_roots in _SELECTIONS[is_graphql(plan) :]:
        better = outcome(selected(once, groups, sizes, all_roots=all_roots), by_data=True)
        yield name, told, change, better


def is_graphql(plan: Plan) -> bool:
    """Whether all of it is asked of GraphQL already."""
    return all(ask.calls[0].is_graphql for ask in plan)


_SELECTIONS: tuple[tuple[str, str, Change, bool], ...] = (
    (SELECTION, "a selection per root (REST)", "rest", False),
    (ONE_REQUEST, "one request (GraphQL)", "graphql", True),
)
