"""The summary: which arm to take and which API is ahead; caveats; sentences that others use."""

from collections.abc import Sequence

from client_examples.comparison.analysis.conditions import ArmTime, conditions
from client_examples.comparison.analysis.decisions import Decided, Lead
from client_examples.comparison.analysis.ranking import APIS, Api, api_of
from client_examples.comparison.analysis.standings import TYPICAL, columns
from client_examples.comparison.analysis.standings import Column as Standings
from client_examples.comparison.report import numbers
from client_examples.comparison.report.footnotes import Note, of_the_run
from client_examples.comparison.report.sections.answer import matrix, typical
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Decisions,
    Group,
    Notes,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.timing import Pair, SelfCheck

LEADS = (
    "On how many of the screens each API is ahead, by the round-trip time (RTT) between client and "
    "servers. They tie where there is no material difference between the fastest arms of each:"
)
DECISIONS = (
    "Which arm to take, with the time of the screen in ms. Several arms together tie: there is no "
    "material difference between them and the fastest."
)
WITHOUT_FIELDS = (
    "Many REST APIs have no `fields` parameter. The same without the arm `rest/fields`:"
)
TYPICAL_LEGEND = (
    "Typical APIs: REST with one resource per request (rest/textbook), GraphQL with DataLoaders "
    "(graphql/dataloader). Ahead, and how many times as fast."
)
TIMES = "The fastest and the typical arm of each API, with the time of the screen in ms:"
WORDS = (
    ("arm", "one way of loading a screen over one API"),
    ("step", "requests that wait for those before; at most {at_once} at once"),
    ("wire bytes", "heads and bodies of all requests and answers, as sent"),
    ("over-fetch", "the share of the values received that the arm did not need"),
    ("interval", "95%, of the median, by bootstrap"),
    (
        "floor share",
        (
            "how much of the arm's median as many constant answers of its server as it has steps "
            "would take: the cost of client library, server and framework, whatever the API style"
        ),
    ),
)
INSIDE_TLS = (
    "Wire bytes of a screen's own table are inside TLS, whose records and handshakes add to them; "
    "those by protocol have these, too."
)


def section(document: Document, decided: Decided) -> Section | None:
    """Which arms to take and which API is ahead, by distance; None where nothing was timed."""
    if not decided.by_screen:
        return None
    beside, times = _typical(document), _times(document)
    blocks: list[Block] = [
        *beside,
        Paragraph(DECISIONS),
        Decisions(decided, document.screens),
        *times,
        *leads(decided),
        Paragraph(model(document), "quiet"),
    ]
    return Section("summary", "Which arm for which screen", blocks, detail=True)


def leads(decided: Decided) -> list[Table]:
    """On how many screens each API is ahead, by distance; and the same without REST's `fields`."""
    found = [leads_table(decided.rtts, decided.leads, LEADS)]
    if decided.plain_leads is not None:
        found.append(leads_table(decided.rtts, decided.plain_leads, WITHOUT_FIELDS))
    return found


def ways(document: Document) -> list[Block]:
    """Typical APIs beside each other, and the fastest and the typical arms with their times."""
    return [*_typical(document), *_times(document)]


def _typical(document: Document) -> list[Block]:
    """Who is ahead of two typical APIs; nothing where no screen has both of their arms."""
    under = conditions(document)
    found = columns(document, under, TYPICAL)
    said = typical(document, under)
    return [Paragraph(said), matrix(found, TYPICAL_LEGEND)] if found else []


def _times(document: Document) -> list[Table]:
    """Rows for each screen: the fastest arm of each API, and the typical one, by distance."""
    under = conditions(document)
    fastest, usual = columns(document, under), columns(document, under, TYPICAL)
    if not fastest:
        return []
    groups = []
    for screen in (one.screen for one in fastest[0].standings):
        rows = [_row(fastest, screen, api, f"{api}, fastest") for api in APIS]
        if usual and any(one.screen == screen for one in usual[0].standings):
            rows += [_row(usual, screen, api, f"{api}, typical") for api in APIS]
        groups.append(Group(screen, rows))
    heads = {name: Column(name) for name in (column.condition.name for column in fastest)}
    return [Table({"api": Column("API", kind="text"), **heads}, groups, intro=TIMES)]


def _row(found: Sequence[Standings], screen: str, api: Api, name: str) -> dict[str, str]:
    cells = {one.condition.name: _arm_and_time(one.of(screen).arm(api)) for one in found}
    return {"api": name, **cells}


def _arm_and_time(one: ArmTime) -> str:
    return f"{one.name.partition('/')[2]} {numbers.milliseconds(one.ms)}"


def leads_table(rtts: Sequence[str], leads: Sequence[Lead], intro: str) -> Table:
    """A row per RTT: the screens where an API is ahead, and where they tie."""
    columns = {
        "rtt": Column("RTT", kind="text"),
        "rest": Column("a REST arm is ahead", kind="text"),
        "graphql": Column("a GraphQL arm is ahead", kind="text"),
        "tied": Column("tie", kind="text"),
    }
    rows = [
        {
            "rtt": name,
            "rest": _screens(lead.rest),
            "graphql": _screens(lead.graphql),
            "tied": _screens(lead.tied),
        }
        for name, lead in zip(rtts, leads, strict=True)
    ]
    return Table(columns, [Group("", rows)], intro=intro, keep=False)


def _screens(names: list[str]) -> str:
    return f"**{len(names)}**: {', '.join(names)}" if names else "0"


def model(document: Document) -> str:
    """What the predicted times are, and what they leave out."""
    settings = document.settings
    formula = "the loopback median + round trips * RTT"
    if settings.bandwidth_mbit is not None:
        up = settings.bandwidth_mbit if settings.up_mbit is None else settings.up_mbit
        formula += f" + bytes down / {settings.bandwidth_mbit:g} Mbit/s"
        formula += f" + bytes up / {up:g} Mbit/s"
    return (
        f"Times over a distance are computed: {formula}. What that leaves out is named below. Two "
        "arms tie unless the whole 95% interval of their ratio is more than 5% away from 1."
    )


def break_even(pair: Pair) -> str:
    """Which arm overtakes which at what RTT."""
    even = pair.break_even
    assert even.rtt_ms is not None
    return (
        f"{even.ahead_above} overtakes {even.ahead_below} at {numbers.distance(even.rtt_ms)} ms"
        f"{numbers.distances(even.low_ms, even.high_ms)}"
    )


def run(document: Document) -> str:
    """What was measured."""
    settings = document.settings
    urls = {"REST": settings.rest_url, "GraphQL": settings.graphql_url}
    used = {api_of(arm.name) for screen in document.screens for arm in screen.arms}
    if settings.is_own and used:  # the other has an address, but is never asked
        urls = {api: url for api, url in urls.items() if api in used}
    where = ", ".join(f"{api} at {url}" for api, url in urls.items())
    if not document.screens:  # all was watched, nothing loaded
        return f"{where}; seed {settings.seed}."
    return (
        f"{where}; {loads(document)} per arm (a way to load a screen), in random order (seed "
        f"{settings.seed}), after {settings.warm_up} to warm up."
    )


def loads(document: Document) -> str:
    """How many loads of an arm were timed, of which some may be fewer than were asked for."""
    each = [len(arm.samples) for screen in document.screens for arm in screen.arms]
    low, high = min(each, default=0), max(each, default=0)
    most = numbers.counted(high, "load")
    return most if low == high else f"{low:,} to {most}"


def caveats(document: Document) -> Section:
    """The self-check, the words, and the caveats of the whole run."""
    at_once = document.settings.at_once
    words = WORDS if document.screens else ()
    notes = [Note("", f"{word}: {meaning.format(at_once=at_once)}.") for word, meaning in words]
    urls = (document.settings.rest_url, document.settings.graphql_url)
    if words and any(url.startswith("https:") for url in urls):
        notes.append(Note("", INSIDE_TLS))
    notes += [Note("", caveat.text) for caveat in of_the_run(document)]
    blocks: list[Block] = [Notes(notes)]
    if document.self_check is not None:
        blocks.insert(0, Paragraph(self_check(document.self_check)))
    return Section("caveats", "To bear in mind", blocks)


def self_check(check: SelfCheck) -> str:
    """How far this machine's verdicts can be trusted."""
    return (
        f"Self-check ({check.arm} of {check.screen} against itself, {check.samples} loads a side): "
        f"a difference was claimed between equals in {numbers.chance(check.claimed_between_equals)}"
        f" of {check.repeats:,} repeats, one of {numbers.share(check.difference)} found in "
        f"{numbers.chance(check.found)}. The smallest difference that this machine can see now is "
        f"{numbers.share(check.smallest_difference)}; with the run's own number of loads, "
        f"{numbers.share(check.smallest_difference_of_run)}."
    )
