"""Sentences that tell who is ahead under which conditions."""

from collections.abc import Sequence

from client_examples.comparison.analysis.ranking import APIS, Api
from client_examples.comparison.analysis.standings import Ahead, Column, Standing
from client_examples.comparison.report import numbers

FASTEST = "the fastest ways by REST and by GraphQL"


def ahead(usual: Column, columns: Sequence[Column]) -> str:
    """Who is ahead on how many screens at the usual distance, and farther away."""
    farther = columns[columns.index(usual) + 1 :]
    stays = all(_verdicts(column) == _verdicts(usual) for column in farther)
    trip = "a round trip of " if usual.condition.rtt_ms else ""
    at = f"{trip}{usual.condition.name}"
    said = f"{f'From {at} on' if stays and farther else f'At {at}'}, {standing(usual)}"
    if not stays:
        said += f"; at {farther[-1].condition.name} {_farther(farther[-1])}"
    return f"{said}."


def nearer(usual: Column, columns: Sequence[Column]) -> str:
    """Who is ahead nearer than at the usual distance; "" where that is the same."""
    near = [
        column
        for column in columns[: columns.index(usual)]
        if _verdicts(column) != _verdicts(usual)
    ]
    if not near:
        return ""
    alike = [column for column in near if _verdicts(column) == _verdicts(near[-1])]
    names = numbers.listed([column.condition.name for column in alike])
    leads = "; ".join(
        f"{api} is ahead on {_where(leading)}, up to {numbers.ratio(most)} times as fast"
        for api in APIS
        if (leading := alike[0].ahead(api))
        and (most := max(one.ratio for column in alike for one in column.ahead(api)))
    )
    return f"Nearer, at {names}, {leads or f'they tie on {_all(len(usual.standings))}'}."


def standing(column: Column, both: str = FASTEST) -> str:
    """Who is ahead on which screens under one condition, or on how many they tie."""
    total, tied = len(column.standings), len(column.ahead("tie"))
    if tied == total:
        return f"{both} tie on {_all(total)}"
    leads = "; ".join(_lead(column, api) for api in APIS if column.ahead(api))
    return f"{both} tie on {tied} of {_screens(total)}; {leads}" if tied else leads


def _farther(column: Column) -> str:
    """On how many of the screens they tie, or who is ahead where they never do."""
    total, tied = len(column.standings), len(column.ahead("tie"))
    if not tied:
        return standing(column)
    if total == 1:
        return "they tie"
    return f"they tie on {_all(total) if tied == total else f'{tied} of {_screens(total)}'}"


def _lead(column: Column, api: Api) -> str:
    """On which screens an API is ahead, and by how much."""
    leads = column.ahead(api)
    by = numbers.span(*(numbers.ratio(pick(one.ratio for one in leads)) for pick in (min, max)))
    return f"{api} is ahead on {_where(leads)}, {by} times as fast"


def _verdicts(column: Column) -> list[Ahead]:
    return [one.ahead for one in column.standings]


def _where(leads: Sequence[Standing]) -> str:
    """The screens' names; only their number where there are many."""
    few = len(leads) <= 3
    return numbers.listed([one.screen for one in leads]) if few else _screens(len(leads))


def _screens(number: int) -> str:
    return numbers.counted(number, "screen")


def _all(number: int) -> str:
    return {1: "the one screen", 2: "both screens"}.get(number, f"all {_screens(number)}")
