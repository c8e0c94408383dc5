"""The arms in a real browser, beside the Python clients' times, and what only a browser shows."""

from collections.abc import Iterator, Sequence
from statistics import median

from client_examples.comparison.analysis.conditions import Condition
from client_examples.comparison.analysis.protocols.in_browser import (
    NEAR,
    Beside,
    beside,
    browser_conditions,
    python_summary,
)
from client_examples.comparison.analysis.protocols.over import NAMES
from client_examples.comparison.analysis.ranking import Api
from client_examples.comparison.analysis.standings import Column as Standings
from client_examples.comparison.analysis.standings import columns
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.beyond.browser_origins import (
    median_of,
    other_origins,
)
from client_examples.comparison.report.sections.beyond.protocol_table import SHORT
from client_examples.comparison.report.sections.section import (
    Block,
    Column,
    Group,
    Items,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
)
from client_examples.comparison.results.browser import (
    BrowserArm,
    BrowserLoads,
    BrowserResults,
    BrowserWork,
)
from client_examples.comparison.results.document import Document
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.statistics import ENOUGH

TITLE = "In a browser"
SHOWN = 5  # deviations
_APIS: tuple[Api, ...] = ("REST", "GraphQL")
ABOUT = (
    "The lab's page loads each arm by its own code and the browser's clock, on the proxy's origin, "
    "through the same relay as the Python clients; what it shows must be what they show, and each "
    "request's protocol is checked. Cold: over new connections, with what TCP, TLS 1.3 and HTTP/2 "
    "take to begin. Wire bytes are the relay's. Decoding is JSON.parse of all answers; drawing is "
    "making the screen's elements and laying them out, without painting."
)


def section(document: Document) -> Section | None:
    """A row per arm; None where no browser was asked for."""
    found = document.browser
    if found is None or not (found.screens or found.left_out):
        return None
    if not found.screens:
        return Section("browser", TITLE, [Paragraph(_left_out(found))])
    pairs = beside(document)
    blocks: list[Block] = [Paragraph(said) for said in _standings(document)]
    blocks += [Paragraph(_agreement(pairs, found.browser))] if pairs else []
    for link in _links(found):
        blocks += _table(found, link)
    blocks += _deviations(pairs)
    blocks += [Paragraph(said) for said in (_working(found),) if said]
    blocks += other_origins(found)
    if found.left_out:
        blocks.append(Paragraph(_left_out(found)))
    blocks.append(Paragraph(ABOUT, "quiet"))
    return Section("browser", TITLE, blocks, numbers=_numbers(document, found))


def _left_out(found: BrowserResults) -> str:
    names = numbers.listed(found.left_out)
    return f"The lab has no arms of {names}: not loaded in the browser."


def _standings(document: Document) -> Iterator[str]:
    """Who is ahead in the browser, over each protocol and link."""
    for column in columns(document, browser_conditions(document)):
        yield f"{_sentence(column.condition)} {_ahead(column)}."


def _sentence(condition: Condition) -> str:
    return f"In the browser, over {condition.name}, the fastest way of each API:"


def _ahead(column: Standings) -> str:
    total, tied = len(column.standings), len(column.ahead("tie"))
    which = numbers.counted(total, "screen") if tied < total else "every screen"
    told = [f"a tie on {f'{tied} of ' if tied < total else ''}{which}"] if tied else []
    for api in _APIS:
        if leads := column.ahead(api):
            most = numbers.ratio(max(one.ratio for one in leads))
            names = numbers.listed([one.screen for one in leads])
            told.append(f"{api}'s is ahead on {names}, up to {most} times as fast")
    return "; ".join(told)


def _agreement(pairs: Sequence[Beside], browser: str) -> str:
    """On how many loads both clients agree."""
    near = sum(one.is_near for one in pairs)
    middle = numbers.signed_share(median(one.deviation for one in pairs))
    return (
        f"{browser} and the Python client (their times stand side by side in the table of the "
        f"protocols) are within {NEAR:.0%} of each other in {near} of "
        f"{numbers.counted(len(pairs), 'pair')} of medians (arms by protocol and link); the "
        f"browser's are {middle} off in the median."
    )


def _deviations(pairs: Sequence[Beside]) -> list[Block]:
    """Where the clients do not agree, and why that may be."""
    far = sorted((one for one in pairs if not one.is_near), key=lambda one: -abs(one.deviation))
    if not far:
        return []
    return [Items("Where both clients differ most", [_deviation(one) for one in far], SHOWN)]


def _deviation(one: Beside) -> str:
    where = f"{one.screen} {one.arm} over {NAMES[one.loads.protocol]} {one.loads.link.at}"
    told = f"{where}: {numbers.signed_share(one.deviation)}"
    if min(one.browser.count, one.python.count) < ENOUGH:
        return f"{told}, of too few loads to tell why"
    if one.may_be_noise:
        return f"{told}, with intervals that overlap: it may be noise"
    return f"{told}: {', and '.join(_reasons(one))}"


def _reasons(one: Beside) -> Iterator[str]:
    """What the slower client takes more for, as far as it is known: its bytes, its own work."""
    share = one.more_transfer_ms / one.more_ms
    if share >= NEAR:
        more = numbers.milliseconds(abs(one.more_transfer_ms))
        yield f"the link takes {more} ms more for {_bytes(one)}"
    if share > 1 - NEAR:
        return
    who = "browser" if one.more_ms > 0 else "Python client"
    own = abs(one.more_ms - one.more_transfer_ms)
    if one.more_ms < 0 and one.python_waits_first:
        yield (
            f"the Python client takes {numbers.milliseconds(own)} ms more of its own, since on a "
            "new HTTP/2 connection it sends one request until the server has said how many it may"
        )
        return
    each = numbers.milliseconds(own / one.requests)
    said = f"the {who} takes {each} ms more of its own for each of the requests"
    if one.more_ms < 0 and one.over.client_ms is not None:
        work = numbers.milliseconds(one.over.client_ms / one.requests)
        said += f", of which its processor works {work} ms in all"
    yield said


def _bytes(one: Beside) -> str:
    """Those of the slower client, then the other's."""
    browser = "the browser's", round(_wire_bytes(one.loads))
    python = "the Python client's", one.over.counts.wire_bytes
    slower, other = (browser, python) if one.more_ms > 0 else (python, browser)
    return f"{slower[0]} {slower[1]:,} bytes than for {other[0]} {other[1]:,}"


def _links(found: BrowserResults) -> list[Link]:
    each = (one.link for screen in found.screens for arm in screen.arms for one in arm.loads)
    return list(dict.fromkeys(each))


def _protocols(found: BrowserResults) -> list[Protocol]:
    there = {one.protocol for screen in found.screens for arm in screen.arms for one in arm.loads}
    return [protocol for protocol in NAMES if protocol in there]


def _table(found: BrowserResults, link: Link) -> list[Block]:
    protocols = _protocols(found)
    shown = {"arm": Column("arm", kind="arm")}
    for kind, said in (("warm", "open"), ("cold", "new")):
        for one in protocols:
            heading = f"ms {SHORT[one]}, {said} connections"
            shown[f"{kind} {one}"] = Column(heading, f"{said}\n{SHORT[one]}", keep=kind == "cold")
    for one in protocols:
        opened = f"connections {SHORT[one]}"
        shown[f"opened {one}"] = Column(opened, f"con-\nnections\n{SHORT[one]}", keep=False)
    for one in protocols:
        heading = f"wire bytes {SHORT[one]}"
        shown[f"bytes {one}"] = Column(heading, f"bytes\n{SHORT[one]}", keep=False, detail=True)
    shown["decode"] = Column("decode ms, slowed", "decode\nms", keep=False, detail=True)
    shown["draw"] = Column("draw ms, slowed", "draw\nms", keep=False, detail=True)
    groups = [
        Group(screen.name, [_row(arm, link) for arm in screen.arms]) for screen in found.screens
    ]
    return [
        Paragraph(f"In the browser, {link.at}, over connections that are open and new ones:"),
        Table(shown, groups),
    ]


def _row(arm: BrowserArm, link: Link) -> Row:
    cells = {"arm": arm.name}
    for one in arm.loads:
        if one.link != link:
            continue
        cells[f"{one.connections} {one.protocol}"] = median_of(one.summary)
        if one.connections == "cold":
            cells[f"opened {one.protocol}"] = numbers.whole(round(one.opened))
        else:
            cells[f"bytes {one.protocol}"] = numbers.whole(round(_wire_bytes(one)))
    slow = _slowest(arm)
    cells["decode"] = numbers.milliseconds(slow.decode_ms) if slow else numbers.NONE
    cells["draw"] = numbers.milliseconds(slow.draw_ms) if slow else numbers.NONE
    return cells


def _wire_bytes(loads: BrowserLoads) -> float:
    return loads.sent_bytes + loads.received_bytes


def _slowest(arm: BrowserArm) -> BrowserWork | None:
    return max(arm.work, key=lambda one: one.slowed, default=None)


def _working(found: BrowserResults) -> str:
    """What the page's own work takes, where the processor is slow."""
    works = [
        (screen.name, arm.name, slow)
        for screen in found.screens
        for arm in screen.arms
        if (slow := _slowest(arm)) is not None
    ]
    if not works:
        return ""
    decode = max(works, key=lambda one: one[2].decode_ms)
    draws = {
        screen.name: median(one.draw_ms for name, _, one in works if name == screen.name)
        for screen in found.screens
        if screen.name in {name for name, _, _ in works}
    }
    most = max(draws, key=lambda name: draws[name])
    return (
        f"On a processor slowed to 1/{decode[2].slowed:g}, as a telephone's may be, decoding takes "
        f"at most {numbers.milliseconds(decode[2].decode_ms)} ms ({decode[0]}, {decode[1]}), and "
        f"drawing {numbers.milliseconds(draws[most])} ms ({most}), which is the same whichever "
        "API the view came by."
    )


def _numbers(document: Document, found: BrowserResults) -> list[dict[str, Number]]:
    results = {(screen.name, arm.name): arm for screen in document.screens for arm in screen.arms}
    rows = []
    for screen in found.screens:
        for arm in screen.arms:
            row: dict[str, Number] = {"screen": screen.name, "arm": arm.name}
            for one in arm.loads:
                name = f"browser {one.protocol} {one.connections} rtt_{one.link.label}"
                row[f"{name}: median_ms"] = one.summary.median_ns / 1e6 if one.summary else None
                row[f"{name}: opened_connections"] = one.opened
                row[f"{name}: sent_bytes"] = one.sent_bytes
                row[f"{name}: received_bytes"] = one.received_bytes
                python = python_summary(document, results[screen.name, arm.name], one)
                if python is not None:
                    row[f"{name}: python_ms"] = python.median_ns / 1e6
            for origin in arm.origins:
                name = f"browser {origin.way} rtt_{origin.name or f'{origin.rtt_ms:g}'}"
                own = origin.summary
                row[f"{name}: median_ms"] = own.median_ns / 1e6 if own else None
                row[f"{name}: preflights"] = origin.preflights
            for work in arm.work:
                row[f"browser slowed {work.slowed:g}: decode_ms"] = work.decode_ms
                row[f"browser slowed {work.slowed:g}: draw_ms"] = work.draw_ms
            rows.append(row)
    return rows
