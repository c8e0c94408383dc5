"""The answer: who is ahead where, what would be faster, and what this run does not show.

Every sentence is worked out from the document. What is measured under other conditions (a
protocol, a browser, a cache) brings conditions of its own, and so its columns and opportunities.
"""

from collections.abc import Sequence

from client_examples.comparison.analysis.conditions import (
    TYPICAL_RTT_MS,
    Condition,
    conditions,
    ratio,
)
from client_examples.comparison.analysis.opportunities import Opportunity, opportunities
from client_examples.comparison.analysis.ranking import Api
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
from client_examples.comparison.results.document import Document

# What to do to load a screen as an arm does; an own arm is told by its name.
STEPS = {
    "rest/parallel": "ask side by side",
    "rest/batched": "ask for ids in lists",
    "rest/fields": "select fields and relations in one request",
    "graphql/dataloader": "load relations by DataLoaders",
    "graphql/planned": "plan the whole query",
}
PLAIN = {"rest/textbook": "one resource per request, one after the other"}
MOSTLY = 0.5  # of the time, from which on the round trips are what matters
SHOWN = 5  # opportunities at a first look

LEGEND = (
    "Which API is ahead, and how many times as fast its fastest arm is as the other's. Two arms "
    "tie unless the whole 95% interval of their ratio is more than 5% away from 1. An arm is one "
    "way to load a screen over one API."
)


def section(document: Document) -> Section | None:
    """The answer; None where nothing was timed."""
    found = columns(document, conditions(document))
    if not found:
        return None
    usual = usual_column(found)
    blocks: list[Block] = [Paragraph(" ".join(sentences(document, found))), matrix(found)]
    blocks += [Paragraph(said, "quiet") for one in found[:1] if (said := by_servers(one))]
    told = [opportunity(one) for one in opportunities(document, usual.condition)]
    if told:
        blocks.append(Items("What would be faster", told, SHOWN))
    blocks.append(Items("What this does not show", limits(document), 3))
    return Section("answer", "The answer", blocks, numbers=_numbers(found))


def matrix(found: Sequence[Column]) -> Matrix:
    """Screens by conditions."""
    rows = [
        (one.screen, [_cell(column.of(one.screen)) for column in found])
        for one in found[0].standings
    ]
    return Matrix([column.condition.name for column in found], rows, LEGEND)


def limits(document: Document) -> list[str]:
    """What a reader must not take from the answer; three lines at most."""
    settings = document.settings
    encrypted = all(url.startswith("https:") for url in (settings.rest_url, settings.graphql_url))
    client = "A browser, HTTP/2" if encrypted else "A browser, HTTP/2, TLS"
    lines = [
        f"{client} or a link that loses packets: this is one Python client over HTTP/1.1.",
        "Other servers: a part of each time belongs to the programs that serve, not to the style.",
    ]
    errors = [
        abs(link.relative_error)
        for screen in document.screens
        for arm in screen.arms
        for link in arm.links
        if link.relative_error is not None
    ]
    checked = f"off by up to {numbers.share(max(errors))} where measured" if errors else "unchecked"
    lines.append(f"Measured distances: times beyond loopback are computed by a model, {checked}.")
    return lines


def _cell(one: Standing) -> Cell:
    text = "tie" if one.ahead == "tie" else f"{one.ahead} {numbers.ratio(one.ratio)}"
    return Cell(text, one.ahead)


def _numbers(found: Sequence[Column]) -> list[dict[str, Number]]:
    """A row per screen: who is ahead, and the ratio, under each condition."""
    rows = []
    for one in found[0].standings:
        row: dict[str, Number] = {"screen": one.screen, "arm": ""}
        for column in found:
            standing, name = column.of(one.screen), column.condition.name
            row[f"ahead at {name}"] = standing.ahead
            row[f"slower / faster at {name}"] = standing.ratio
        rows.append(row)
    return rows


def sentences(document: Document, columns: Sequence[Column]) -> list[str]:
    """Two or three: who is ahead at a usual distance, what lags behind, and what matters more."""
    if not columns:
        return ["No screen has timed arms of both REST and GraphQL, so neither can be ahead."]
    usual = usual_column(columns)
    return [_ahead(usual, columns), *_lagging(document, usual.condition), *_round_trips(usual)]


def usual_column(columns: Sequence[Column]) -> Column:
    """That of a usual distance between users and servers, or else the farthest."""
    usual = [one for one in columns if one.condition.rtt_ms == TYPICAL_RTT_MS]
    return usual[0] if usual else columns[-1]


def by_servers(column: Column) -> str | None:
    """Which screens tie only since the rest is the server programs' difference."""
    names = [one.screen for one in column.standings if one.is_by_servers]
    if not names:
        return None
    verb = "counts" if len(names) == 1 else "count"
    return (
        f"{numbers.listed(names)} {verb} as a tie at {column.condition.name}: the arms differ by "
        "no more than the two servers' constant answers (/ping) do, which is the server programs' "
        "difference, not the style's."
    )


def opportunity(one: Opportunity) -> str:
    """What to do, and what it saves: `order-history: ask for ids in lists: 19 requests and ...`."""
    what = STEPS.get(one.after.name, f"load it as {one.after.name} does")
    less = [_counted(one)] if _counted(one) else []
    less.append(f"{_ms(one.saved_ms)} of {_ms(one.before.ms)} ms")
    return f"{one.screen}: {what}: {numbers.listed(less)} less at {one.condition.name}"


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
    at = f"From {usual.condition.name} on" if stays and farther else f"At {usual.condition.name}"
    said = f"{at}, {_standing(usual)}"
    if not stays:
        last = farther[-1]
        said += f"; at {last.condition.name} they tie{_on(last)}"
    return f"{said}."


def _on(column: Column) -> str:
    """On how many of the screens, where there are several."""
    total, tied = len(column.standings), len(column.ahead("tie"))
    if total == 1 and tied:
        return ""
    return f" on {'all' if tied == total else tied or 'none'} of them"


def _standing(column: Column) -> str:
    total, tied = len(column.standings), len(column.ahead("tie"))
    fastest = "the fastest REST arm and the fastest GraphQL arm"
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


def _lagging(document: Document, condition: Condition) -> list[str]:
    """The arm that takes longest beside the fastest of its screen, where that is material."""
    worst: tuple[float, str] = (0.0, "")
    for screen in document.screens:
        times = condition.times(screen)
        if len(times) < 2 or ratio(times[-1], times[0]).verdict != "right":
            continue
        slow, fast = times[-1], times[0]
        factor = slow.median_ns / fast.median_ns
        meaning = f" ({PLAIN[slow.name]})" if slow.name in PLAIN else ""
        requests = numbers.counted(slow.arm.counts.requests, "request")
        text = (
            f"The slowest arm, {slow.name}{meaning}, takes up to {numbers.ratio(factor)} times as "
            f"long as the fastest: {_ms(slow.ms)} instead of {_ms(fast.ms)} ms on {screen.name}, "
            f"with {requests} instead of {fast.arm.counts.requests:,}."
        )
        worst = max(worst, (factor, text))
    return [worst[1]] if worst[1] else []


def _round_trips(usual: Column) -> list[str]:
    """What share of the fastest arms' time the round trips are."""
    shares = [_share(one, usual.condition.rtt_ms) for one in usual.standings]
    span = _span(numbers.share(min(shares)), numbers.share(max(shares)))
    if min(shares) < MOSTLY:
        return [f"Round trips are {span} of the fastest arms' time; the rest is work."]
    at = usual.condition.name
    more = "Round trips matter more than the style"
    return [f"{more}: at {at} they are {span} of what the fastest arms take."]


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
