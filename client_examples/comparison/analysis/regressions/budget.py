"""Checks a run against a performance budget: the most that numbers of arms may be."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from client_examples.comparison.analysis.ranking import pair_of
from client_examples.comparison.analysis.regressions.changes import ArmOf, arms_by_name, time_ratio
from client_examples.comparison.analysis.regressions.conditions import seen_by
from client_examples.comparison.analysis.regressions.measures import MEASURES, TIME
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.judging.regressions import Limit, LimitResult, Outcome
from client_examples.comparison.statistics import ENOUGH, Ratio

BEFORE = "before"  # in the place of another arm: the same arm in the earlier run
KEPT: Collection[Outcome] = ("kept", "within noise")  # as far as it can be told
_UNKNOWN = {TIME: "not timed", "statements": "the server does not tell it in Server-Timing"}


class UnknownName(Exception):
    """A limit names a screen or an arm that there is not."""


def for_each_arm(
    limits: Sequence[Limit], known: Mapping[str, Sequence[str]], left_out: Collection[str] = ()
) -> list[Limit]:
    """The limits with names of screens and arms in place of patterns.

    Args:
        limits: of a budget.
        known: the arms' names by their screen's.
        left_out: screens whose limits do not count.

    Raises:
        UnknownName: a limit is for nothing, or times as much as an arm that there is not.
    """
    found = []
    for limit in limits:
        screens = _matching(limit.screen, list(known))
        if not screens:
            raise UnknownName(f"there is no screen {limit.screen!r}, but {', '.join(known)}")
        concrete = [
            replace(limit, screen=screen, arm=arm)
            for screen in screens
            for arm in _matching(limit.arm, known[screen])
        ]
        there = ", ".join(dict.fromkeys(arm for screen in screens for arm in known[screen]))
        if not concrete:
            raise UnknownName(f"{limit.screen}: there is no arm {limit.arm!r}, but {there}")
        # A pattern is for those screens that have the other arm.
        if limit.of not in ("", BEFORE):
            concrete = [one for one in concrete if limit.of in known[one.screen]]
        if not concrete:
            raise UnknownName(f"{limit.screen}: there is no arm {limit.of!r}, but {there}")
        found += [one for one in concrete if one.screen not in left_out]
    return found


def checked(
    limits: Sequence[Limit], document: Document, before: Document | None
) -> list[LimitResult]:
    """Each limit, as `for_each_arm` gives them, beside what the run found."""
    by_condition: dict[str, list[Mapping[tuple[str, str], ArmOf]]] = {}
    found = []
    for limit in limits:
        if limit.condition not in by_condition:
            by_condition[limit.condition] = [
                {} if one is None else arms_by_name(seen_by(limit, one))
                for one in (document, before)
            ]
        found.append(_checked(limit, *by_condition[limit.condition]))
    return found


def _checked(
    limit: Limit, arms: Mapping[tuple[str, str], ArmOf], earlier: Mapping[tuple[str, str], ArmOf]
) -> LimitResult:
    number_of = MEASURES[limit.measure]
    arm = arms.get((limit.screen, limit.arm))
    if arm is None:
        where = f" over {limit.condition}" if limit.condition else ""
        return LimitResult(limit, None, None, "not known", f"not loaded{where} in this run")
    found = number_of(arm.arm)
    if found is None:
        return LimitResult(limit, None, None, "not known", _UNKNOWN.get(limit.measure, ""))
    if not limit.of:
        low = arm.arm.summary.median_low_ns / 1e6 if arm.arm.summary else found
        return _result(limit, limit.most, found, low, len(arm.arm.samples))
    is_before = limit.of == BEFORE
    other = (
        earlier.get((limit.screen, limit.arm)) if is_before else arms.get((limit.screen, limit.of))
    )
    base = None if other is None else number_of(other.arm)
    if other is None or base is None:
        of = "in the earlier run" if is_before else f"of {limit.of}"
        return LimitResult(limit, None, found, "not known", f"the number {of} is not known")
    ratio = _ratio(arm, other, is_before=is_before) if limit.measure == TIME else None
    loads = min(len(one.arm.samples) for one in (arm, other))
    if ratio is None:
        return _result(limit, limit.most * base, found, found, loads)
    low = found * ratio.low / ratio.ratio
    return _result(limit, limit.most * found / ratio.ratio, found, low, loads)


def _ratio(arm: ArmOf, other: ArmOf, *, is_before: bool) -> Ratio | None:
    """An arm's median over that of another, or over its own in the earlier run."""
    if is_before:
        return time_ratio(other, arm)
    pair = pair_of(arm.screen, arm.arm.name, other.arm.name)
    if pair is None:
        return None
    return Ratio(pair.ratio, pair.ratio_low, pair.ratio_high, pair.verdict)


def _result(limit: Limit, allowed: float, found: float, low: float, loads: int) -> LimitResult:
    """A limit beside what was found.

    Args:
        limit: that.
        allowed: the most that the number may be.
        found: the number.
        low: where it is a time, the lower end of its interval.
        loads: that a time is of; fewer than `ENOUGH` have no interval of 95%.
    """
    if found <= allowed:
        return LimitResult(limit, allowed, found, "kept")
    if limit.measure != TIME:
        return LimitResult(limit, allowed, found, "broken")
    if loads < ENOUGH:
        why = f"of too few loads to tell ({loads}; it takes {ENOUGH})"
        return LimitResult(limit, allowed, found, "within noise", why)
    return LimitResult(limit, allowed, found, "broken" if low > allowed else "within noise")


def _matching(pattern: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if fnmatchcase(name, pattern)]
