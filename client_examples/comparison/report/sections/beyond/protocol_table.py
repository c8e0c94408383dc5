"""A row per arm with its steps, bytes and times over each protocol and link, and a browser's."""

from collections.abc import Iterator, Sequence

from client_examples.comparison.analysis.protocols.in_browser import loads_of, python_connections
from client_examples.comparison.report import numbers
from client_examples.comparison.report.sections.beyond.browser_origins import median_of
from client_examples.comparison.report.sections.section import Column, Group, Row, Table
from client_examples.comparison.results.browser import BrowserLoads
from client_examples.comparison.results.document import ArmResult, Document, ScreenResult
from client_examples.comparison.results.links import Link
from client_examples.comparison.results.protocols import Protocol, ProtocolResult
from client_examples.comparison.results.timing import LinkResult, elapsed_ns
from client_examples.comparison.statistics import summarize

SHORT: dict[Protocol, str] = {"http1": "HTTP/1.1", "http1-tls": "TLS", "http2": "HTTP/2"}
LOOPBACK = Link(0.0)


def table(document: Document, there: Sequence[Protocol]) -> Table:
    """The times of a browser stand beside those of the Python client, alike in all else."""
    groups = [
        Group(
            screen.name,
            [_row(document, screen, arm) for arm in screen.arms if arm.protocols],
        )
        for screen in document.screens
    ]
    return Table(dict(_columns(document, there)), groups)


def _columns(document: Document, there: Sequence[Protocol]) -> Iterator[tuple[str, Column]]:
    links = _links(document)
    yield "arm", Column("arm", kind="arm")
    yield "steps", Column("steps")
    yield "connections", Column("connections", "con-\nnections", keep=False, detail=True)
    for one in there:
        heading = f"wire bytes {SHORT[one]}"
        yield f"bytes {one}", Column(heading, f"bytes\n{SHORT[one]}", keep=False)
    for link in (LOOPBACK, *links):
        is_first, is_here = link in links[:1], link == LOOPBACK
        for one in there:
            where = "loopback" if is_here else f"over {link.title}"
            short = f"{'' if is_here else link.title}\n{SHORT[one]}".strip()
            short = f"ms\n{short}" if is_here else short
            heading = f"{where}, ms {SHORT[one]}"
            yield _key(one, link), Column(heading, short, keep=is_first, detail=is_here)
            if _is_in_browser(document, one, link):
                heading = f"browser {where}, ms {SHORT[one]}"
                yield f"browser {_key(one, link)}", Column(heading, f"browser\n{short}")


def _key(protocol: Protocol, link: Link) -> str:
    return f"ms {protocol} {link.label}"


def _row(document: Document, screen: ScreenResult, arm: ArmResult) -> Row:
    cells = {
        "arm": arm.name,
        "steps": _turned([one.counts.steps for one in arm.protocols]),
        "connections": _turned([one.counts.connections for one in arm.protocols]),
    }
    for one in arm.protocols:
        cells |= _times(one)
    for loads in _browser_loads(document, screen.name, arm.name):
        cells[f"browser {_key(loads.protocol, loads.link)}"] = median_of(loads.summary)
    return cells


def _times(one: ProtocolResult) -> Row:
    cells = {f"bytes {one.protocol}": numbers.whole(one.counts.wire_bytes)}
    if one.summary is not None:
        cells[_key(one.protocol, LOOPBACK)] = numbers.from_nanoseconds(one.summary.median_ns)
    for link in one.links:
        cells[_key(one.protocol, link.link)] = _time(link)
    return cells


def _time(link: LinkResult) -> str:
    """With its interval, where there were enough loads for one."""
    summary = summarize(elapsed_ns(link.samples))
    return median_of(summary) if summary else numbers.from_nanoseconds(link.median_ns)


def _turned(each: Sequence[int]) -> str:
    """`5 → 3`, or `1` where it is the same over all."""
    return " \N{RIGHTWARDS ARROW} ".join(map(str, dict.fromkeys(each)))


def _links(document: Document) -> list[Link]:
    links = [
        link.link
        for screen in document.screens
        for arm in screen.arms
        for one in arm.protocols
        for link in one.links
    ]
    return [link for link in dict.fromkeys(links) if link != LOOPBACK]


def _is_in_browser(document: Document, protocol: Protocol, link: Link) -> bool:
    return any(
        (one.protocol, one.link) == (protocol, link)
        for screen in document.screens
        for arm in screen.arms
        for one in _browser_loads(document, screen.name, arm.name)
    )


def _browser_loads(document: Document, screen: str, arm: str) -> list[BrowserLoads]:
    """Those by the kind of connections that the Python client has loaded by."""
    kind = python_connections(document)
    return [one for one in loads_of(document, screen, arm) if one.connections == kind]
