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
from client_examples.comparison.results.counts import Counts
from client_examples.comparison.results.document import Document

# What to do to load a screen as an arm does; an own arm is told by its name.
STEPS = {
    "rest/parallel": "ask side by side",
    "rest/batched": "ask for ids in lists",
    "rest/fields": "name fields in one request",
    "graphql/dataloader": "load relations by DataLoaders",
    "graphql/planned": "plan the whole query",
}
PLAIN = {
    "rest/textbook": "one resource per request, one after the other",
    "rest/parallel": "one resource per request, side by side",
    "graphql/unbatched": "an SQL statement for each parent of a relation",
}
MOSTLY = 0.5  # of the time, from which on the round trips are what matters
SHOWN = 4  # opportunities at a first look

LEGEND = (
    "Ahead, and how many times as fast; tie: the 95% interval of that ratio is not wholly beyond "
    "1.05. An arm is one way to load a screen over one API."
)


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
        blocks.append(Items(f"What would be faster, at {usual.name}", told, SHOWN))
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


def limits(document: Document) -> list[str]:
    """What a reader must not take from the answer, the most important first."""
    settings = document.settings
    encrypted = all(url.startswith("https:") for url in (settings.rest_url, settings.graphql_url))
    client = "A browser, HTTP/2" if encrypted else "A browser, HTTP/2, TLS"
    lines = [
        f"{client}, lost packets: one Python client over HTTP/1.1 here.",
        _distances(document),
        "Other servers: a part of each time is the server programs', not the style's.",
    ]
    if settings.bandwidth_mbit is None:
        lines.append("Slow links: bytes take no time here; with --bandwidth they do.")
    if not document.load:
        lines.append("Many users at once: one client loads one screen at a time; see --load.")
    if not any(screen.caching for screen in document.screens):
        lines.append("A client's cache: nothing that was loaded is kept.")
    return lines


def _distances(document: Document) -> str:
    """How times over a distance are known."""
    links = [
        link
        for screen in document.screens
        for arm in screen.arms
        for link in arm.links
        if link.relative_error is not None
    ]
    opening = "Real distances: computed beyond the first column"
    if not links:
        return f"{opening}, not checked (see --rtt)."
    off = numbers.share(max(abs(link.relative_error or 0.0) for link in links))
    rtts = numbers.listed([f"{rtt:g} ms" for rtt in sorted({link.rtt_ms for link in links})])
    return f"{opening}, up to {off} off at {rtts}."


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
    lagging = _lagging(document, usual)
    if not columns:
        return [
            "No screen was timed over both REST and GraphQL, so neither can be ahead.",
            *lagging,
        ]
    return [_ahead(usual_column(columns), columns), *lagging, *_round_trips(document, columns)]


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
        f"{numbers.listed(names)} {verb} as a tie at {column.condition.name}: the arms differ by "
        "no more than the two servers' constant answers (/ping) do."
    )


def opportunity(one: Opportunity) -> str:
    """What to do, and what it saves: `order-history: ask for ids in lists: 19 requests and ...`."""
    what = STEPS.get(one.after.name, f"load it as {one.after.name} does")
    less = [_counted(one)] if _counted(one) else []
    less.append(f"{_ms(one.saved_ms)} of {_ms(one.before.ms)} ms")
    return f"{one.screen}: {what}: {numbers.listed(less)} less"


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
        text = (
            f"The slowest arm, {slow.name}{meaning}, takes up to {numbers.ratio(factor)} times as "
            f"long as the fastest: {_ms(slow.ms)} instead of {_ms(fast.ms)} ms on {screen.name}"
            f"{_instead(slow.arm.counts, fast.arm.counts)}."
        )
        worst = max(worst, (factor, text))
    return [worst[1]] if worst[1] else []


def _instead(slow: Counts, fast: Counts) -> str:
    """What the slower one takes more of: requests, or else SQL statements."""
    if slow.requests > fast.requests:
        return f", with {numbers.counted(slow.requests, 'request')} instead of {fast.requests:,}"
    if (slow.statements or 0) > (fast.statements or 0) > 0:
        statements = numbers.counted(slow.statements or 0, "SQL statement")
        return f", with {statements} instead of {fast.statements:,}"
    return ""


def _round_trips(document: Document, columns: Sequence[Column]) -> list[str]:
    """What share of the fastest arms' time the round trips are."""
    usual = usual_column(columns)
    shares = [_share(one, usual.condition.rtt_ms) for one in usual.standings]
    span = _span(numbers.share(min(shares)), numbers.share(max(shares)))
    at = usual.condition.name
    if min(shares) < MOSTLY:
        rest = "work" if document.settings.bandwidth_mbit is None else "work and transfer"
        return [f"At {at}, round trips are {span} of the fastest arms' time; the rest is {rest}."]
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
