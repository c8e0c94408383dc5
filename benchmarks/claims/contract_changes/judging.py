"""Claim 10: a typed schema finds breaking changes sooner."""

from collections.abc import Callable, Sequence
from typing import Final

from benchmarks.claims.claim import Claim, NothingToJudge, Source, Table, Usual, Verdict, verdict_by
from benchmarks.claims.contract_changes.changes import CHANGES
from benchmarks.claims.contract_changes.results import (
    APIS,
    STAGES,
    Found,
    Outcome,
    Results,
    Stage,
)

WORDS: Final = "A typed schema finds breaking changes sooner"
_SOURCES: Final = (
    Source(
        "Nate Krantz",
        "https://www.natekrantz.com/posts/"
        "adventures-with-graphql-and-typescript-end-to-end-type-safety-is-amazing",
        "with REST, errors of types came up in the running front end; with GraphQL and types, "
        "before it",
    ),
    Source(
        "mearie",
        "https://mearie.dev/concepts/type-safety",
        "operations are validated against the schema, so that one with a field that is not there "
        "fails when the client is built",
    ),
)
_HEADER: Final = (
    "change",
    "REST, generated",
    "`fields`, generated",
    "GraphQL, generated",
    "REST, by hand",
    "`fields`, by hand",
    "GraphQL, by hand",
)
_KINDS: Final = {
    "refused": "validation: request refused",
    "invalid": "validation: answer refused",
    "error": "run: error",
    "wrong": "run: wrong screen",
    "shown": "nobody",
}
_EARLY: Final = ("types", "validation")
Noticed = Callable[[Found], Stage]


def claim(results: Results) -> Claim:
    """By who notices each change first, where clients are generated, and where they are not."""
    by_change = _by_change(results)
    breaking = _breaking(by_change)
    sooner = _sooner(breaking, lambda one: one.with_types)
    usual = _sooner(breaking, lambda one: one.without_types)
    return Claim(
        10,
        WORDS,
        _verdict(sooner, len(breaking)),
        Usual("written by hand without types", _verdict(usual, len(breaking))),
        _SOURCES,
        _why(by_change),
        Table(_HEADER, [_row(change, by_change[change]) for change in by_change], left=7),
        ".venv/bin/python -m benchmarks.claims --claim 10",
        "other generators and languages, tools that compare two versions of a contract, and tests "
        "of a client's own. Types find a change only where clients are generated anew before it is "
        "served; a client that is right again by that counts as one whose types find it. Where "
        f"nobody notices, the page is as before; the verdict is by the {len(breaking)} of "
        f"{len(by_change)} changes that break a page. That a field is deprecated is marked in "
        "REST's header and models, and found in a query by a rule that has to be asked for.",
    )


def _by_change(results: Results) -> dict[str, dict[str, Found]]:
    kinds = {change.name: change.kind for change in CHANGES}
    told: dict[str, dict[str, Found]] = {}
    for one in results.found:
        told.setdefault(kinds[one.change], {})[one.api] = one
    if not told:
        raise NothingToJudge("there is no change to judge the claim by")
    return told


def _breaking(by_change: dict[str, dict[str, Found]]) -> dict[str, dict[str, Found]]:
    """The changes that break a page of one API at least: the claim is of no others.

    Raises:
        NothingToJudge: there is none.
    """
    found = {
        change: apis
        for change, apis in by_change.items()
        if any(one.breaks for one in apis.values())
    }
    if not found:
        raise NothingToJudge("no change broke a page")
    return found


def _sooner(by_change: dict[str, dict[str, Found]], noticed: Noticed) -> list[str]:
    """The changes that are noticed over GraphQL before they are over REST, and before a run."""
    return [
        change
        for change, apis in by_change.items()
        if _is_before(noticed(apis["graphql"]), noticed(apis["rest"]))
    ]


def _is_before(one: Stage, other: Stage) -> bool:
    """Whether one client is told before the other, and before its page is wrong."""
    return one in _EARLY and STAGES.index(one) < STAGES.index(other)


def _verdict(sooner: Sequence[str], of: int) -> Verdict:
    share = f"{len(sooner)} of {of} that break a page"
    return verdict_by(len(sooner), of, f"the change is {_either(sooner)} ({share})")


def _either(changes: Sequence[str]) -> str:
    """`a field renamed, or a field removed`"""
    *some, last = changes or ("none",)
    return f"{', '.join(some)} or {last}" if some else last


def _why(by_change: dict[str, dict[str, Found]]) -> tuple[str, str, str]:
    return (
        _by_types(by_change),
        _by_hand(by_change),
        _unnoticed(by_change),
    )


def _by_types(by_change: dict[str, dict[str, Found]]) -> str:
    rest, fields, graphql = _counted(by_change, lambda one: bool(one.types.by))
    in_use = _counted(by_change, lambda one: one.generated.stage == "validation")
    return (
        f"Generated anew, clients find {rest} of {len(by_change)} changes by their types over "
        f"REST, {fields} with `fields` and {graphql} over GraphQL; those in use find {in_use[0]}, "
        f"{in_use[1]} and {in_use[2]} by validation."
    )


def _by_hand(by_change: dict[str, dict[str, Found]]) -> str:
    rest, fields, graphql = _counted(by_change, lambda one: one.by_hand.kind == "refused")
    return (
        f"By hand it is {rest}, {fields} and {graphql}, as the server refuses the request: "
        "who names fields is told which are gone."
    )


def _counted(
    by_change: dict[str, dict[str, Found]], is_so: Callable[[Found], bool]
) -> tuple[int, ...]:
    """Of how many changes it is so, by API."""
    return tuple(sum(is_so(apis[api]) for apis in by_change.values()) for api in APIS)


def _unnoticed(by_change: dict[str, dict[str, Found]]) -> str:
    """The changes that only a wrong page or an error tells of."""
    late = [
        change
        for change, apis in by_change.items()
        if not any(one.with_types in _EARLY for one in apis.values())
        and any(one.with_types == "run" for one in apis.values())
    ]
    if not late:
        return "Types or validation of one API at least find each change."
    stays = [
        change
        for change in late
        if by_change[change]["rest"].with_types == "nobody"
        and by_change[change]["graphql"].with_types == "run"
    ]
    until = [change for change in stays if by_change[change]["rest"].goes_wrong_anew]
    told = f"; after {_either(stays)}, REST's client in use stays right" if stays else ""
    told += " until it is generated anew" if stays and until == stays else ""
    return f"Only the run shows {_either(late)}{told}."


def _row(change: str, apis: dict[str, Found]) -> list[str]:
    each = [apis[api] for api in APIS]
    return [change, *map(_generated, each), *(_told(one.by_hand, one.marked) for one in each)]


def _generated(one: Found) -> str:
    """Of the client that is generated anew, then of the one in use where it fares otherwise."""
    in_use = f"in use, {one.generated.stage}"
    if one.types.by:
        return f"types: {one.types.by}; {in_use}"
    if one.is_followed:
        return f"right when generated anew; {in_use}"
    if one.anew is not None and one.goes_wrong_anew:
        return f"{_KINDS[one.anew.kind]} when generated anew; {in_use}"
    return _told(one.generated, one.marked)


def _told(outcome: Outcome, marked: Sequence[str]) -> str:
    """Who notices; where nobody does, whether it could be seen."""
    is_marked = marked and outcome.kind == "shown"
    return f"{_KINDS[outcome.kind]}, though marked" if is_marked else _KINDS[outcome.kind]
