"""The answer: who is ahead where, what would be faster, and what this run does not show.

Every sentence is worked out from the document. What is measured under other conditions (a
protocol, a browser, a cache) brings conditions of its own, and so its columns and opportunities.
"""

from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from client_examples.comparison.analysis.conditions import (
    TYPICAL_RTT_MS,
    ArmTime,
    Condition,
    conditions,
    ratio,
)
from client_examples.comparison.analysis.opportunities import Opportunity, opportunities
from client_examples.comparison.analysis.ranking import Api, timed
from client_examples.comparison.analysis.standings import Column, Standing, columns
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.section import (
    Block,
    Cell,
    Items,
    Matrix,
    Number,
    Paragraph,
    Section,
)
from client_examples.comparison.report.unsettled import limits
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import Document

# What to do to load a screen as an arm does; an own arm is told by its name.
STEPS = {
    "rest/parallel": "ask side by side",
    "rest/batched": "lists of ids",
    "rest/fields": "fields in one request",
    "graphql/dataloader": "DataLoaders",
    "graphql/planned": "plan the whole query",
}
PLAIN = {
    "rest/textbook": "one resource per request, one after the other",
    "rest/parallel": "one resource per request, side by side",
    "graphql/unbatched": "an SQL statement for each parent of a relation",
}
MOSTLY = 0.5  # of the time, from which on the round trips are what matters
SHOWN = 4  # opportunities at a first look
FASTER = "What would speed up the slowest arms, and what that saves at {}"

LEGEND = (
    "Ahead, and how many times as fast. Tie: less than 5%, or too uncertain to call. Loopback: all "
    "on one machine. An arm is one way to load a screen over one API."
)


class Lag(NamedTuple):
    """An arm beside the fastest of its screen."""

    screen: str
    slow: ArmTime
    fast: ArmTime

    @property
    def factor(self) -> float:
        """How many times as long it takes."""
        return self.slow.median_ns / self.fast.median_ns


def section(document: Document) -> Section | None:
    """The answer; None where nothing was timed."""
    if not any(timed(screen) for screen in document.screens):
        return None
    under = conditions(document)
    found = columns(document, under)
    usual = usual_condition(under)
    blocks: list[Block] = [Paragraph(" ".join(sentences(document, found)))]
    if found:
        blocks.append(matrix(found))
    blocks += [Paragraph(said, "quiet") for one in found[:1] if (said := by_servers(one))]
    told = [opportunity(one) for one in opportunities(document, usual)]
    if told:
        blocks.append(Items(FASTER.format(usual.name), told, SHOWN))
    blocks.append(Items("What this does not show", limits(document), 3))
    return Section("answer", "The answer", blocks, numbers=_numbers(found))


def matrix_of(document: Document) -> Matrix | None:
    """Screens by conditions; None where nothing was timed."""
    found = columns(document, conditions(document))
    return matrix(found) if found else None


def matrix(found: Sequence[Column]) -> Matrix:
    """Screens by conditions."""
    rows = [
        (one.screen, [_cell(column.of(one.screen)) for column in found])
        for one in found[0].standings
    ]
    each = [column.condition for column in found]
    return Matrix([one.name for one in each], [one.rtt_ms for one in each], rows, LEGEND)


def _cell(one: Standing) -> Cell:
    text = "tie" if one.ahead == "tie" else f"{one.ahead} {numbers.ratio(one.ratio)}"
    return Cell(text, one.ahead)


def _numbers(found: Sequence[Column]) -> list[dict[str, Number]]:
    """A row per screen: who is ahead, and the ratio, under each condition."""
    rows = []
    for one in found[0].standings if found else []:
        row: dict[str, Number] = {"screen": one.screen, "arm": ""}
        for column in found:
            standing, name = column.of(one.screen), column.condition.name
            row[f"ahead at {name}"] = standing.ahead
            row[f"slower / faster at {name}"] = standing.ratio
        rows.append(row)
    return rows


def sentences(document: Document, columns: Sequence[Column]) -> list[str]:
    """Two or three: who is ahead at a usual distance, what lags behind, and what matters more."""
    usual = usual_condition(conditions(document))
    lag = _slowest(document, usual)
    if not columns:
        neither = "No screen was timed over both REST and GraphQL, so neither can be ahead."
        return [neither, *([_lagging(lag, usual, inf)] if lag else [])]
    column = usual_column(columns)
    lead = max(one.ratio for one in column.standings)
    said = [_lagging(lag, usual, lead)] if lag else []
    return [_ahead(column, columns), *said, _round_trips(document, column, lag)]


def usual_condition(conditions: Sequence[Condition]) -> Condition:
    """That of a usual distance between users and servers, or else the farthest."""
    usual = [one for one in conditions if one.rtt_ms == TYPICAL_RTT_MS]
    return usual[0] if usual else conditions[-1]


def usual_column(columns: Sequence[Column]) -> Column:
    """The same of columns."""
    usual = usual_condition([one.condition for one in columns])
    return next(one for one in columns if one.condition is usual)


def by_servers(column: Column) -> str | None:
    """Which screens tie only since the rest is the server programs' difference."""
    names = [one.screen for one in column.standings if one.is_by_servers]
    if not names:
        return None
    verb = "counts" if len(names) == 1 else "count"
    return (
        f"{numbers.listed(names)} {verb} as a tie at {column.condition.name}: the gap is no "
        "larger than the two servers' own on an empty request (/ping)."
    )


def opportunity(one: Opportunity) -> str:
    """What to do, and what it saves: `order-history: ask side by side (rest/parallel): 4 ...`."""
    what = STEPS.get(one.after.name, f"load it as {one.after.name} does")
    saved = [_counted(one)] if _counted(one) else []
    saved.append(f"{_ms(one.saved_ms)} of {_ms(one.before.ms)} ms")
    arm = f" ({one.after.name})" if one.after.name in STEPS else ""
    return f"{one.screen}: {what}{arm}: {', '.join(saved)}"


def _counted(one: Opportunity) -> str:
    """What it saves beside time: requests, or else steps, or else SQL statements."""
    for number, noun in (
        (one.requests, "request"),
        (one.steps, "step"),
        (one.statements or 0, "SQL statement"),
    ):
        if number > 0:
            return numbers.counted(number, noun)
    return ""


def _ahead(usual: Column, columns: Sequence[Column]) -> str:
    """Who is ahead on how many screens at the usual distance, and farther away."""
    farther = columns[columns.index(usual) + 1 :]
    verdicts = [one.ahead for one in usual.standings]
    stays = all([one.ahead for one in column.standings] == verdicts for column in farther)
    trip = "a round trip of " if usual.condition.rtt_ms else ""
    at = f"{trip}{usual.condition.name}"
    said = f"{f'From {at} on' if stays and farther else f'At {at}'}, {_standing(usual)}"
    if not stays:
        said += f"; at {farther[-1].condition.name} {_farther(farther[-1])}"
    return f"{said}."


def _farther(column: Column) -> str:
    """On how many of the screens they tie, or who is ahead where they never do."""
    total, tied = len(column.standings), len(column.ahead("tie"))
    if not tied:
        return _standing(column)
    if total == 1:
        return "they tie"
    return f"they tie on {'all' if tied == total else tied} of them"


def _standing(column: Column) -> str:
    total, tied = len(column.standings), len(column.ahead("tie"))
    fastest = "the fastest way by REST and the fastest by GraphQL"
    if tied == total:
        return f"{fastest} tie on {_all(total)}"
    leads = "; ".join(_lead(column, api) for api in ("REST", "GraphQL") if column.ahead(api))
    return f"{fastest} tie on {tied} of {_screens(total)}; {leads}" if tied else leads


def _lead(column: Column, api: Api) -> str:
    """On which screens an API is ahead, and by how much."""
    leads = column.ahead(api)
    by = _span(*(numbers.ratio(pick(one.ratio for one in leads)) for pick in (min, max)))
    names = numbers.listed([one.screen for one in leads])
    where = names if len(leads) <= 3 else _screens(len(leads))
    return f"{api} is ahead on {where}, {by} times as fast"


def _slowest(document: Document, condition: Condition) -> Lag | None:
    """The arm that takes most times as long as the fastest of its screen, if that is material."""
    found = []
    for screen in document.screens:
        times = condition.times(screen)
        if len(times) > 1 and ratio(times[-1], times[0]).verdict == "right":
            found.append(Lag(screen.name, times[-1], times[0]))
    return max(found, key=lambda one: one.factor, default=None)


def _lagging(lag: Lag, condition: Condition, lead: float) -> str:
    """How much longer it takes, beside the largest lead of one API over the other."""
    slow, fast = lag.slow, lag.fast
    more = "How an API is used makes more difference: at" if lag.factor > lead else "At"
    meaning = f" ({PLAIN[slow.name]})" if slow.name in PLAIN else ""
    return (
        f"{more} {condition.name}, {slow.name}{meaning} takes {numbers.ratio(lag.factor)} times as "
        f"long as the fastest way: {_ms(slow.ms)} instead of {_ms(fast.ms)} ms on {lag.screen}"
        f"{_instead(slow.arm.counts, fast.arm.counts)}."
    )


def _instead(slow: Counts, fast: Counts) -> str:
    """What the slower one takes more of: requests, or else SQL statements."""
    if slow.requests > fast.requests:
        return f", with {numbers.counted(slow.requests, 'request')} instead of {fast.requests:,}"
    if (slow.statements or 0) > (fast.statements or 0) > 0:
        statements = numbers.counted(slow.statements or 0, "SQL statement")
        return f", with {statements} instead of {fast.statements:,}"
    return ""


def _round_trips(document: Document, usual: Column, lag: Lag | None) -> str:
    """What share of the fastest arms' time the round trips are, and whether that is why."""
    shares = [_share(one, usual.condition.rtt_ms) for one in usual.standings]
    span = _span(numbers.share(min(shares)), numbers.share(max(shares)))
    at = usual.condition.name
    if min(shares) < MOSTLY:
        rest = "work" if document.settings.bandwidth_mbit is None else "work and transfer"
        return f"At {at}, round trips are {span} of the fastest ways' time; the rest is {rest}."
    is_why = lag is not None and lag.slow.arm.counts.trips > lag.fast.arm.counts.trips
    opening = "Round trips are why" if is_why else "Round trips matter most"
    return f"{opening}: at {at}, {span} of even the fastest ways' time is waiting for the network."


def _share(one: Standing, rtt_ms: float) -> float:
    return one.faster.arm.counts.trips * rtt_ms / one.faster.ms


def _span(low: str, high: str) -> str:
    return low if low == high else f"{low} to {high}"


def _screens(number: int) -> str:
    return numbers.counted(number, "screen")


def _all(number: int) -> str:
    return "the one screen" if number == 1 else f"all {_screens(number)}"


def _ms(value: float) -> str:
    return numbers.milliseconds(value)
