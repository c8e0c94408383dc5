"""Reads a performance budget: a TOML file with the most that numbers of arms may be.

[order-history."rest/fields"]
requests = 1
median_ms = { times = 1.2, of = "graphql/planned" }
wire_bytes = [{ times = 1.05, of = "before" }, { most = 2000, over = "http2" }]

[order-history."rest/parallel"]
median_ms = [{ most = 90, over = "http2", rtt = 20 }, { most = 800, network = "3g" }]
"""

import math
import tomllib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from client_examples.comparison.analysis.regressions.measures import MEASURES, TIME
from client_examples.comparison.network.link import PROFILES
from client_examples.comparison.results.judging.regressions import Limit
from client_examples.comparison.results.protocols import PROTOCOLS

_CONDITIONS = {"over", "rtt", "network"}


class BadBudget(Exception):
    """The file holds no budget; says where, and what is wrong."""


def read_budget(file: Path) -> list[Limit]:
    """Its limits, with names as they stand there.

    Raises:
        BadBudget: it cannot be read, or what it has is no budget.
    """
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadBudget(f"cannot read {file}: {error.strerror}") from error
    except ValueError as error:  # of TOML, and of UTF-8
        raise BadBudget(f"{file} is no TOML: {error}") from error
    try:
        limits = list(_limits(content))
    except BadBudget as error:
        raise BadBudget(f"{file}: {error}") from None
    if not limits:
        raise BadBudget(f'{file} has no limit, like: order-history."rest/fields".requests = 1')
    return limits


def _limits(content: dict[str, Any]) -> Iterator[Limit]:
    for screen, arms in content.items():
        for arm, measures in _table(arms, screen, "of arms").items():
            where = f"{screen}, {arm}"
            for measure, most in _table(measures, where, "of limits").items():
                if measure not in MEASURES:
                    there = ", ".join(MEASURES)
                    raise BadBudget(f"{where}: there is no measure {measure!r}, but {there}")
                for one in most if isinstance(most, list) else [most]:
                    yield _limit(screen, arm, measure, one)


def _limit(screen: str, arm: str, measure: str, most: object) -> Limit:
    where = f"{screen}, {arm}: {measure}"
    if not isinstance(most, dict):
        return Limit(screen, arm, measure, _number(most, where))
    kinds = {"most"}, {"times", "of"}
    if most.keys() - _CONDITIONS not in kinds or not most.get("of", "-"):
        raise BadBudget(
            f"{where} must be a number, or like {{ most = 90 }} or "
            '{ times = 1.1, of = "rest/fields" }, where "before" stands for the same arm in the '
            'earlier run; with over = "http2", rtt = 20 or network = "3g" it is for that'
        )
    number = (
        _number(most["most"], f"{where}: most")
        if "most" in most
        else _number(most["times"], f"{where}: times", may_be_0=False)
    )
    of = _name(most.get("of", ""), None, f"{where}: of")
    return Limit(screen, arm, measure, number, of, **_condition(most, measure, where))


def _condition(most: dict[str, Any], measure: str, where: str) -> dict[str, Any]:
    """The protocol and link that a limit is for."""
    found: dict[str, Any] = {}
    if "over" in most:
        if measure == "statements":
            raise BadBudget(f"{where} is the same over every protocol: leave out over")
        found["over"] = _name(most["over"], PROTOCOLS, f"{where}: over")
    links = most.keys() & {"rtt", "network"}
    if links and measure != TIME:
        raise BadBudget(f"{where} is the same over every link: leave out {min(links)}")
    if len(links) > 1:
        raise BadBudget(f"{where}: a link is of rtt or of network, not of both")
    if "network" in most:
        found["network"] = _name(most["network"], PROFILES, f"{where}: network")
    if "rtt" in most:
        found["rtt_ms"] = _number(most["rtt"], f"{where}: rtt", may_be_0=False)
    return found


def _name(value: object, known: Collection[str] | None, where: str) -> str:
    if not isinstance(value, str) or (known is not None and value not in known):
        there = "" if known is None else f" of {', '.join(known)}"
        raise BadBudget(f"{where} must be a name{there}, got {value!r}")
    return value


def _table(value: object, where: str, of: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadBudget(f"{where} must be a table {of}, got {value!r}")
    return value


def _number(value: Any, where: str, *, may_be_0: bool = True) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and (value > 0 or (value == 0 and may_be_0)):
        return float(value)
    bound = "0 or more" if may_be_0 else "more than 0"
    raise BadBudget(f"{where} must be {bound}, got {value!r}")
