"""What a screen costs the servers: processor time, memory, and the client's own part."""

from collections.abc import Iterator, Sequence

from client_examples.clients.addresses import is_here
from client_examples.comparison.analysis.conditions import Condition, ratio
from client_examples.comparison.analysis.opportunities import opportunities
from client_examples.comparison.analysis.processor_time import Pair, pairs, processor_time
from client_examples.comparison.analysis.ranking import Api
from client_examples.comparison.analysis.standings import Standing, columns
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.answer import SHOWN, opportunity
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Items,
    Number,
    Paragraph,
    Section,
    Table,
)
from client_examples.comparison.results.cpu import CpuArm, CpuScreen, CpuSettings
from client_examples.comparison.results.document import Document
from client_examples.comparison.statistics import ENOUGH

TITLE = "What a screen costs the servers"
COLUMNS = {
    "arm": Column("arm", kind="arm"),
    "cpu": Column("processor ms", "processor\nms"),
    "room": Column("screens/s on one processor", "screens/s\non one"),
    "system": Column("of it system", "of it\nsystem", keep=False, detail=True),
    "memory": Column("memory MB", "memory\nMB", keep=False, detail=True),
    "decode": Column("client: decode ms", "decode\nms", keep=False),
    "build": Column("build ms", "build\nms", keep=False),
}
_MB = 1e6
_APIS: tuple[Api, ...] = ("REST", "GraphQL")
_RESOLVED = ("graphql/unbatched", "graphql/dataloader")  # the bookstore's, object by object

# Two published results that contradict each other, and which kind of pair each has measured.
_LESS = (
    "Lawi et al. (Computers 10(11), 138, 2021; doi 10.3390/computers10110138) measured 37% less "
    "processor time for GraphQL"
)
_MORE = (
    "Niswar et al. (International Journal of Electronics and Telecommunications 70(2), 2024; "
    "doi 10.24425/ijet.2024.149562) measured more for GraphQL than for REST"
)


def section(document: Document) -> Section | None:
    """What each arm costs; None where it was not asked for."""
    if document.cpu is None:
        return None
    if document.cpu.unseen:
        said = f"Not measured: {document.cpu.unseen}."
        return Section("cpu", TITLE, [Paragraph(said)])
    condition = processor_time(document)
    if condition is None:
        return None
    found = columns(document, [condition])
    standings = {one.screen: one for column in found for one in column.standings}
    groups = [
        Group(screen.name, [_row(arm) for arm in screen.arms], finding(standings.get(screen.name)))
        for screen in document.cpu.screens
    ]
    blocks: list[Block] = [Paragraph(said) for said in summary(document, condition)]
    blocks.append(Table(COLUMNS, groups, apart=True))
    told = [opportunity(one) for one in opportunities(document, condition)]
    if told:
        blocks.append(Items("What would save the servers most", told, SHOWN))
    if found:
        blocks += [Paragraph(said) for said in published(pairs(document, condition))]
    if document.settings.cpu is not None:
        blocks.append(Paragraph(about(document.settings.cpu, document.cpu.screens), "quiet"))
    blocks += [Paragraph(said, "warning") for said in caveats(document)]
    made = [_numbers(screen, arm) for screen in document.cpu.screens for arm in screen.arms]
    return Section("cpu", TITLE, blocks, numbers=made)


def summary(document: Document, condition: Condition) -> Iterator[str]:
    """Who costs the servers less on how many screens, and what makes more difference."""
    for column in columns(document, [condition]):
        total, tied = len(column.standings), len(column.ahead("tie"))
        which = "every" if tied == total else f"{tied} of {total}"
        each = [f"a tie on {which} screen{'s' if 1 < total != tied else ''}"] if tied else []
        for api in _APIS:
            if leads := column.ahead(api):
                most = max(one.ratio for one in leads)
                names = numbers.listed([one.screen for one in leads])
                each.append(f"{api}'s on {names}, the other up to {numbers.ratio(most)} times")
        yield f"The cheapest way for the servers: {'; '.join(each)}."
    by_screen = {screen.name: condition.times(screen) for screen in document.screens}
    turns = min((one.loads for times in by_screen.values() for one in times), default=ENOUGH)
    if turns < ENOUGH:
        yield (
            f"Which way is the cheapest cannot be told from {numbers.counted(turns, 'turn')} of "
            f"each; {ENOUGH} are needed."
        )
    lags = [
        (times[-1].median_ns / times[0].median_ns, name, times[-1].name, times[0].name)
        for name, times in by_screen.items()
        if len(times) > 1 and ratio(times[-1], times[0]).verdict == "right"
    ]
    if lags:
        factor, screen, slow, fast = max(lags)
        yield (
            f"How an API is used makes the most difference on {screen}: {slow} costs "
            f"{numbers.ratio(factor)} times as much as {fast}."
        )


def finding(standing: Standing | None) -> str:
    """Which API's cheapest arm costs the servers less; "" where there is one API alone."""
    if standing is None:
        return ""
    fast, slow = standing.faster, standing.slower
    each = f"{numbers.milliseconds(fast.ms)} and {numbers.milliseconds(slow.ms)} ms of a processor"
    if standing.ahead == "tie":
        return f"{fast.name} and {slow.name}, the cheapest of each API, tie: {each}."
    return (
        f"{fast.name} costs the servers least, {slow.name} {numbers.ratio(standing.ratio)} times "
        f"as much: {each}."
    )


def published(found: Sequence[Pair]) -> Iterator[str]:
    """Which arms agree with which of two published results, and why."""
    less = [one for one in found if one.share < 1]
    more = [one for one in found if one.share > 1]
    if less:
        yield (
            f"{_LESS}. Here GraphQL takes less in {numbers.counted(len(less), 'pair')} of arms, "
            f"{_named(less)}: {_fewer(less)}."
        )
    if more:
        yield (
            f"{_MORE}. Here it takes more in {numbers.counted(len(more), 'pair')} of arms, "
            f"{_named(more)}: {_dearer(more)}."
        )
    if not found:
        yield f"{_LESS}; {_MORE[0].upper()}{_MORE[1:]}. Here no pair of arms differs materially."


def _named(found: Sequence[Pair]) -> str:
    """The pair that is farthest apart, with its numbers."""
    most = max(found, key=lambda one: max(one.share, 1 / one.share))
    opening = "" if len(found) == 1 else "most of all "
    return (
        f"{opening}{most.graphql.name} beside {most.rest.name} on {most.screen} "
        f"({numbers.milliseconds(most.graphql.ms)} and {numbers.milliseconds(most.rest.ms)} ms)"
    )


def _fewer(found: Sequence[Pair]) -> str:
    """Why GraphQL takes less: REST's arm needs more requests, or it sends and reads more."""
    many = sum(one.rest.arm.counts.requests > one.graphql.arm.counts.requests for one in found)
    if many == 0:
        return "as many requests on both sides, so it is what the servers do for each"
    which = "" if many == len(found) else f"in {many} of them "
    return (
        f"{which}REST needs more requests for the same view, and each is received, checked and "
        "answered on its own"
    )


def _dearer(found: Sequence[Pair]) -> str:
    """Why it takes more: resolvers for each object, as far as the arms are known."""
    if all(one.graphql.name in _RESOLVED for one in found):
        return (
            "there GraphQL resolves each object on its own, which its planned arm does not; it is "
            "the way of executing that costs, not the query language"
        )
    return "where few requests suffice over REST, the work for each query and object is left"


def about(settings: CpuSettings, screens: Sequence[CpuScreen]) -> str:
    """What was done, and what the numbers are."""
    rates = numbers.listed(
        [f"{screen.rate:,.3g} a second for {screen.name} ({screen.slowest})" for screen in screens]
    )
    return (
        "User and system time of all processes of the arm's server (those that listen, and their "
        "children), less what they take at rest, for one load of the screen: the median of "
        f"{settings.turns} turns of {settings.turn_s:g} s, and its 95% interval. All arms of a "
        "screen take turns in random order at one rate of arrivals that take no notice of the "
        f"answers, half of what its slowest arm keeps up with: {rates}. At lower rates a request "
        "costs more, at higher ones less. Screens/s on one processor is what one second has room "
        "for. Memory is what would be free without the server's processes. Decode and build are "
        "the client's: the answers' JSON, and the arm's own code without the network."
    )


def caveats(document: Document) -> list[str]:
    """What a reader must bear in mind."""
    settings = document.settings
    said = []
    if is_here(settings.rest_url) or is_here(settings.graphql_url):
        said.append(
            "Generator and servers share one machine: caches and clock rates are not the servers' "
            "own, for all arms alike."
        )
    servers = document.environment.get("servers") or {}
    databases = {one.get("database") for one in servers.values() if isinstance(one, dict)}
    if "postgresql" in databases:
        said.append("The database's own processes are not counted: PostgreSQL works besides.")
    failed = [
        f"{screen.name} ({arm.name})"
        for screen in (document.cpu.screens if document.cpu else [])
        for arm in screen.arms
        if any(turn.failed for turn in arm.turns)
    ]
    if failed:
        said.append(f"Some loads failed: {numbers.listed(failed)}.")
    return said


def _row(arm: CpuArm) -> dict[str, str]:
    return {
        "arm": arm.name,
        "cpu": _cost(arm),
        "room": numbers.whole(round(1000 / arm.cpu_ms)) if arm.cpu_ms else numbers.NONE,
        "system": numbers.share(arm.system_share),
        "memory": numbers.NONE if arm.memory is None else f"{arm.memory / _MB:,.0f}",
        "decode": numbers.milliseconds(arm.decode_ms),
        "build": numbers.milliseconds(arm.build_ms),
    }


def _cost(arm: CpuArm) -> str:
    if arm.cpu_ms is None or arm.low_ms is None or arm.high_ms is None:
        return numbers.NONE
    cost, low, high = map(numbers.milliseconds, (arm.cpu_ms, arm.low_ms, arm.high_ms))
    return f"{cost} ({low}\N{EN DASH}{high})"


def _numbers(screen: CpuScreen, arm: CpuArm) -> dict[str, Number]:
    return {
        "screen": screen.name,
        "arm": arm.name,
        "samples": len(arm.samples_ms),
        "cpu_ms": arm.cpu_ms,
        "cpu_low_ms": arm.low_ms,
        "cpu_high_ms": arm.high_ms,
        "cpu_system (share)": arm.system_share,
        "cpu_rate (loads/s)": screen.rate,
        "server_memory (bytes)": arm.memory,
        "client_decode_ms": arm.decode_ms,
        "client_build_ms": arm.build_ms,
    }
