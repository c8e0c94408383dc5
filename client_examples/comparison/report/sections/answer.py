"""The answer: who is ahead where, what would be faster, and what this run does not show.

Every sentence is worked out from the document. What is measured under other conditions (a
protocol, a browser, a cache) brings conditions of its own, and so its columns and opportunities.
"""

from collections.abc import Sequence
from math import inf

from client_examples.comparison.analysis.conditions import (
    Condition,
    conditions,
    usual_condition,
)
from client_examples.comparison.analysis.network_model import link_at
from client_examples.comparison.analysis.opportunities import Opportunity, opportunities
from client_examples.comparison.analysis.ranking import api_of, timed, too_few
from client_examples.comparison.analysis.standings import (
    TYPICAL,
    Column,
    Lag,
    Standing,
    columns,
    slowest,
    usual_column,
)
from client_examples.comparison.report import numbers
from client_examples.comparison.report.http2 import findings, over_which
from client_examples.comparison.report.numbers import milliseconds
from client_examples.comparison.report.sections.leads import ahead, nearer, standing
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
from client_examples.comparison.statistics import ENOUGH

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
WAYS = "summary"  # the section that has typical APIs screen by screen
MOSTLY = 0.5  # of the time, from which on the round trips are what matters
SHOWN = 3  # opportunities at a first look
FASTER = "What would speed up the slowest arms, and what that saves at {}"

LEGEND = (
    "Ahead, and how many times as fast. Tie: less than 5%, or uncertain. {}An arm: a way to load a "
    "screen over one API."
)


def section(document: Document) -> Section | None:
    """The answer; None where nothing was timed."""
    if not any(timed(screen) for screen in document.screens):
        return None
    under = conditions(document)
    found = columns(document, under)
    usual = usual_condition(under)
    blocks: list[Block] = [Paragraph(" ".join(sentences(document, found)))]
    blocks += [Paragraph(said) for said in [findings(document, usual.rtt_ms)] if said]
    if found:
        blocks.append(matrix(found, _legend(document) + over_which(document)))
    if beside := typical(document, under):
        blocks.append(Paragraph(beside, more=WAYS))
    servers = [by_servers(one, is_own=document.settings.is_own) for one in found[:1]]
    blocks += [Paragraph(said, "quiet") for said in servers if said]
    told = [opportunity(one) for one in opportunities(document, usual)]
    if told:
        blocks.append(Items(FASTER.format(usual.name), told, SHOWN))
    blocks.append(Items("What this does not show", limits(document), 3))
    return Section("answer", "The answer", blocks, numbers=_numbers(found))


def matrix_of(document: Document) -> Matrix | None:
    """Screens by conditions; None where nothing was timed."""
    found = columns(document, conditions(document))
    return matrix(found, _legend(document)) if found else None


def _legend(document: Document) -> str:
    """What the cells of the answer say, and what the columns are that have no round-trip time."""
    settings, here = document.settings, "Loopback: on one machine. "
    if settings.bandwidth_mbit is not None:
        here = f"All distances at {link_at(settings, 0.0).title} down/up. "
    if settings.profiles:
        here += f"Links: {numbers.listed([str(link) for link in settings.profiles])}. "
    return LEGEND.format(here)


def matrix(found: Sequence[Column], legend: str) -> Matrix:
    """Screens by conditions."""
    rows = [
        (one.screen, [_cell(column.of(one.screen)) for column in found])
        for one in found[0].standings
    ]
    each = [column.condition for column in found]
    return Matrix([one.name for one in each], [one.rtt_ms for one in each], rows, legend)


def _cell(one: Standing) -> Cell:
    text = "tie" if one.ahead == "tie" else f"{one.ahead} {numbers.ratio(one.ratio)}"
    arms = ", ".join(f"{arm.name} {milliseconds(arm.ms)} ms" for arm in (one.faster, one.slower))
    return Cell(text, one.ahead, arms)


def _numbers(found: Sequence[Column]) -> list[dict[str, Number]]:
    """A row per screen: who is ahead, and the ratio, under each condition."""
    rows = []
    for one in found[0].standings if found else []:
        row: dict[str, Number] = {"screen": one.screen, "arm": ""}
        for column in found:
            standing, name = column.of(one.screen), column.condition.name
            row[f"ahead at {name}"] = standing.ahead
            row[f"slower / faster at {name}"] = standing.ratio
            for arm in sorted((standing.faster, standing.slower), key=lambda one: one.name)[::-1]:
                row[f"{api_of(arm.name)} arm at {name}"] = arm.name
                row[f"{api_of(arm.name)} ms at {name}"] = arm.ms
        rows.append(row)
    return rows


def sentences(document: Document, columns: Sequence[Column]) -> list[str]:
    """Three or four: who is ahead at a usual distance and nearer, what lags, what matters more."""
    usual = usual_condition(conditions(document))
    lag = slowest(document, usual)
    few = _few(document)
    if not columns:
        neither = "No screen was timed over both REST and GraphQL, so neither can be ahead."
        return [few or neither, *([_lagging(lag, usual, inf)] if lag else [])]
    column = usual_column(columns)
    lead = max(one.ratio for one in column.standings)
    said = [one for one in (nearer(column, columns),) if one]
    said += [_lagging(lag, usual, lead)] if lag and not _is_told(lag, column) else []
    said += [_round_trips(document, column, lag)]
    return [ahead(column, columns), *said, *([few] if few else [])]


def _few(document: Document) -> str:
    """Which screens were loaded too seldom, and how often; "" where none was."""
    found = too_few(document)
    if not found:
        return ""
    fewest = min(len(arm.samples) for screen in found for arm in timed(screen))
    is_all = len(found) == sum(bool(timed(screen)) for screen in document.screens)
    on = "" if is_all else f" on {numbers.listed([screen.name for screen in found])}"
    return (
        f"Which API is ahead{on} cannot be told from {numbers.counted(fewest, 'load')} of an arm; "
        f"{ENOUGH} are needed."
    )


def typical(document: Document, conditions: Sequence[Condition]) -> str:
    """Who is ahead at a usual distance of two typical APIs; "" where no screen has both arms."""
    found = columns(document, conditions, TYPICAL)
    if not found:
        return ""
    column = usual_column(found)
    return (
        f"With typical APIs ({', '.join(TYPICAL)}), at {column.condition.name} "
        f"{standing(column, 'they')}."
    )


def by_servers(column: Column, *, is_own: bool = False) -> str | None:
    """Which screens tie only since the rest is the server programs' difference."""
    names = [one.screen for one in column.standings if one.is_by_servers]
    if not names:
        return None
    verb = "counts" if len(names) == 1 else "count"
    return (
        f"{numbers.listed(names)} {verb} as a tie at {column.condition.name}: the gap is no "
        f"larger than the two servers' own on an empty request{'' if is_own else ' (/ping)'}."
    )


def opportunity(one: Opportunity) -> str:
    """What to do, and what it saves: `order-history: ask side by side (rest/parallel): 4 ...`."""
    as_other = f"load it as {one.after.name} does, not as {one.before.name}"
    what = STEPS.get(one.after.name, as_other)
    saved = [_counted(one)] if _counted(one) else []
    saved.append(f"{milliseconds(one.saved_ms)} of {milliseconds(one.before.ms)} ms")
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


def _lagging(lag: Lag, condition: Condition, lead: float) -> str:
    """How much longer it takes, beside the largest lead of one API over the other."""
    slow, fast = lag.slow, lag.fast
    more = "How an API is used makes more difference: at" if lag.factor > lead else "At"
    meaning = f" ({PLAIN[slow.name]})" if slow.name in PLAIN else ""
    return (
        f"{more} {condition.name}, {slow.name}{meaning} takes {numbers.ratio(lag.factor)} times as "
        f"long as the fastest way: {milliseconds(slow.ms)} instead of {milliseconds(fast.ms)} ms "
        f"on {lag.screen}{_instead(slow.arm.counts, fast.arm.counts)}."
    )


def _is_told(lag: Lag, column: Column) -> bool:
    """Whether who is ahead has said it: of two arms, one behind the other by no count."""
    pairs = [(one.slower, one.faster) for one in column.standings if one.ahead != "tie"]
    is_pair = any(lag.slow.arm is slow.arm and lag.fast.arm is fast.arm for slow, fast in pairs)
    return is_pair and not _instead(lag.slow.arm.counts, lag.fast.arm.counts)


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
    span = numbers.span(numbers.share(min(shares)), numbers.share(max(shares)))
    at = usual.condition.name
    if min(shares) < MOSTLY:
        rest = "work" if document.settings.bandwidth_mbit is None else "work and transfer"
        return f"At {at}, round trips are {span} of the fastest ways' time; the rest is {rest}."
    is_why = lag is not None and lag.slow.arm.counts.trips > lag.fast.arm.counts.trips
    opening = "Round trips are why:" if is_why else f"Round trips matter most: at {at},"
    return f"{opening} even the fastest ways wait for the network {span} of the time."


def _share(one: Standing, rtt_ms: float) -> float:
    return one.faster.arm.counts.trips * rtt_ms / one.faster.ms
