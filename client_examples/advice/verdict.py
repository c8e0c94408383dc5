"""The verdict: the cheapest change that is as fast as any, in a sentence with its numbers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from client_examples.advice.what_if import ways as w
from client_examples.advice.what_if.model import Outcome, Rates
from client_examples.advice.what_if.ways import Change, Way
from client_examples.comparison.analysis.conditions import TYPICAL_RTT_MS
from client_examples.comparison.report import numbers
from client_examples.comparison.statistics import MATERIAL

# From the cheapest change to the dearest; a way is the cure if no later one is materially faster.
_BY_PRICE = (
    w.RECORDED,
    w.NO_REPEATS,
    w.SIDE_BY_SIDE,
    w.CLIENT,
    w.HTTP2,
    w.ORIGIN,
    w.CLIENT_HTTP2,
    w.LISTS,
    w.AGGREGATED,
    w.SELECTION,
    w.ONE_REQUEST,
)
_CURES = {
    w.NO_REPEATS: "the client's code (ask once)",
    w.SIDE_BY_SIDE: "the client's code (ask side by side)",
    w.CLIENT: "the client's code (ask side by side and once)",
    w.HTTP2: "HTTP/2",
    w.ORIGIN: "one origin, without preflights",
    w.CLIENT_HTTP2: "HTTP/2 with the client's code (ask side by side and once)",
    w.LISTS: "better REST (ids in lists)",
    w.AGGREGATED: "better REST (an endpoint that aggregates the range)",
    w.SELECTION: "better REST (a selection: `fields`, `include`)",
    w.ONE_REQUEST: "GraphQL (one request)",
}


@dataclass(frozen=True)
class Verdict:
    """The cure, None where the recording is too thin to say, and the sentence.

    It is not sure where it depends on what POST changes.
    """

    cure: Change | None
    sentence: str
    way: Way | None = None
    is_sure: bool = True


def of_view(ways: Sequence[Way], rates: Rates, unread: int, calls: int, posts: int) -> Verdict:
    """What would cure a view.

    Args:
        ways: all that there are.
        rates: of the link.
        unread: how many answers have no body that could be read.
        calls: how many calls the view has.
        posts: how many of them are POST, and so may change something or not.
    """
    by_name = {way.name: way for way in ways}
    recorded = by_name[w.RECORDED]
    if calls == 1:
        return Verdict("", "one call: there is nothing to save but bytes", recorded)
    if unread > calls / 2:
        return Verdict(
            None,
            f"too thin to say: {unread} of {calls} answers have no body in the recording, so that "
            "what waits for what is not known; record them with their contents",
        )
    best = min(_ms(way, rates) for way in ways)
    cure = next(
        by_name[name]
        for name in _BY_PRICE
        if name in by_name and _ms(by_name[name], rates) <= best * MATERIAL
    )
    if cure is recorded and posts > 1:
        told = (
            f"nothing to cure if the {posts} calls by POST change something, which no recording "
            "tells; those that only read could be asked side by side"
        )
        return Verdict("", told, cure, is_sure=False)
    if cure is recorded:
        told = f"nothing to cure: no way is faster by more than {MATERIAL - 1:.0%}"
    else:
        told = f"{_named_cure(cure)} is the cure: {_gain(recorded, cure, rates)}"
    besides = _besides(by_name, cure)
    return Verdict(cure.change, "; ".join(filter(None, (told, besides))), cure)


def _named_cure(cure: Way) -> str:
    """What has to change; where all is GraphQL already, how that is asked."""
    name = _CURES[cure.name]
    return name.replace("REST", "GraphQL") if cure.change == "graphql" else name


def _ms(way: Way, rates: Rates) -> float:
    return way.outcome.ms(TYPICAL_RTT_MS, rates)


def _gain(recorded: Way, cure: Way, rates: Rates) -> str:
    before, after = recorded.outcome, cure.outcome
    old, new = (numbers.milliseconds(_ms(one, rates)) for one in (recorded, cure))
    changes = [
        f"{numbers.counted(number, noun)} become {now:,}"
        for number, now, noun in (
            (before.requests, after.requests, "request"),
            (before.steps, after.steps, "step"),
        )
        if number != now
    ]
    return f"{', '.join([*changes, f'{old} ms become {new}'])} at {numbers.rtt(TYPICAL_RTT_MS)}"


def _besides(by_name: dict[str, Way], cure: Way) -> str:
    """What lists, aggregation and GraphQL would bring, where they are not the cure."""
    recorded, client, lists, one = (
        by_name[name].outcome for name in (w.RECORDED, w.CLIENT, w.LISTS, w.ONE_REQUEST)
    )
    told = []
    if client.requests < cure.outcome.requests:
        saved = numbers.counted(cure.outcome.requests - client.requests, "request")
        told.append(f"asking once would save {saved}")
    if lists.requests < client.requests and cure.name != w.LISTS:
        least = min(way.outcome.requests for way in by_name.values())
        worth = recorded.requests - least
        told.append(
            f"ids in lists alone bring {recorded.requests - lists.requests} of "
            + ("1 request's worth" if worth == 1 else f"{worth} requests' worth")
        )
    if w.AGGREGATED in by_name and cure.name != w.AGGREGATED:
        left = by_name[w.AGGREGATED].outcome.requests
        told.append(f"aggregating would leave {numbers.counted(left, 'request')}")
    if w.SELECTION not in by_name:
        return "; ".join(told)
    if cure.name == w.ONE_REQUEST:
        rest = by_name[w.SELECTION].outcome
        told.append(
            f"the best of REST takes {numbers.counted(rest.requests, 'request')} in "
            f"{numbers.counted(rest.steps, 'step')}"
        )
    else:
        told.append(f"GraphQL would bring {_more(recorded, _cheaper(cure.outcome, client), one)}")
    return "; ".join(told)


def _cheaper(cure: Outcome, client: Outcome) -> Outcome:
    """What the cure and the client's code bring at best: GraphQL is not praised for that."""
    return replace(
        cure,
        requests=min(cure.requests, client.requests),
        steps=min(cure.steps, client.steps),
        bytes_high=min(cure.bytes_high, client.bytes_high),
    )


def _more(recorded: Outcome, chosen: Outcome, better: Outcome) -> str:
    shares = sorted(
        max(0.0, (chosen.bytes_high - size) / recorded.bytes_high)
        for size in (better.bytes_low, better.bytes_high)
    )
    fewer = chosen.requests - better.requests, chosen.steps - better.steps
    if max(*fewer, *shares) <= 0:
        return "no more"
    low, high = (numbers.share(share) for share in shares)
    saved = high if low == high else f"{low.rstrip('%')} to {high}"
    return (
        f"{_fewer(chosen.requests - better.requests, 'request')}, "
        f"{_fewer(chosen.steps - better.steps, 'step')}, and {saved} more of the bytes saved"
    )


def _fewer(number: int, noun: str) -> str:
    return f"no {noun} less" if number <= 0 else f"{numbers.counted(number, noun)} less"


def of_all(verdicts: Sequence[Verdict], views: Sequence[Sequence[Way]]) -> str:
    """One sentence for all views."""
    known = [(one, ways) for one, ways in zip(verdicts, views, strict=True) if one.way is not None]
    if not known:
        return "The recording is too thin to say what would cure its views."
    kinds: dict[str, int] = {}
    for one, _ in known:
        assert one.way is not None
        name = "nothing to cure" if one.cure == "" else _named_cure(one.way)
        name += "" if one.is_sure else ", if POST changes something,"
        kinds[name] = kinds.get(name, 0) + 1
    told = ", ".join(
        f"{name} {'in' if name.startswith('nothing') else 'for'} {numbers.counted(times, 'view')}"
        for name, times in sorted(kinds.items(), key=lambda each: -each[1])
    )
    by_way = {}
    for name in (w.RECORDED, w.CLIENT, w.LISTS, w.ONE_REQUEST):
        found = [_named(ways, name).outcome for _, ways in known]
        by_way[name] = sum(one.requests for one in found), sum(one.steps for one in found)
    before, client, lists, one_request = by_way.values()
    thin = len(verdicts) - len(known)
    return (
        f"{told}. Of {numbers.counted(before[0], 'request')} in "
        f"{numbers.counted(before[1], 'step')}, the client's code alone leaves {client[0]:,} in "
        f"{client[1]:,}, ids in lists {lists[0]:,} in {lists[1]:,}, one request a view by GraphQL "
        f"{one_request[0]:,} in {one_request[1]:,}."
        + (f" {numbers.counted(thin, 'view')} is too thin to say." if thin == 1 else "")
        + (f" {numbers.counted(thin, 'view')} are too thin to say." if thin > 1 else "")
    )


def _named(ways: Sequence[Way], name: str) -> Way:
    return next(way for way in ways if way.name == name)
