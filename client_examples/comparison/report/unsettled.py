"""What a run does not show, what it leaves unsettled, and the command that would settle that."""

from typing import NamedTuple

from client_examples.comparison.analysis.caveats import closing, is_busy, is_noisy
from client_examples.comparison.analysis.protocols.over import measured
from client_examples.comparison.analysis.ranking import (
    fastest_of_each,
    is_enough,
    pair_of,
    too_few,
)
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document, ScreenResult
from client_examples.comparison.statistics import MATERIAL

SAMPLES = 300  # enough for p99; four times as many halve an interval of those who had them
_NAMED = 3  # screens; of more, the run is repeated whole


class Unsettled(NamedTuple):
    """Reasons why results are unsettled, and options of compare_apis.py to run again with."""

    reasons: str
    again: str


def limits(document: Document) -> list[str]:
    """What must not be concluded from the answer, the most important first."""
    settings = document.settings
    lines = [
        _client(document),
        _distances(document),
        *_connections(document),
        "Other servers: a part of each time is the server programs', not the style's.",
    ]
    if settings.bandwidth_mbit is None and not settings.profiles:
        lines.append("Slow links: bytes take no time here; see --network and --bandwidth.")
    if not document.load:
        lines.append("Many users at once: one client loads one screen at a time; see --load.")
    if not any(screen.caching for screen in document.screens):
        lines.append("A client's cache: nothing that was loaded is kept.")
    return lines


def _connections(document: Document) -> list[str]:
    """What opening connections would add, where a server ends each of them."""
    found = closing([arm for screen in document.screens for arm in screen.arms])
    if not found or document.settings.cold:
        return []
    return [f"New connections: {found}, and a new one takes a round trip; see --cold."]


def _client(document: Document) -> str:
    """What the client and its protocols were, and which protocols were not measured."""
    there = measured(document)
    if there and document.browser is not None:
        return "Lost packets; other browsers than one Chromium, and one Python client."
    if "http2" in there:
        return "A browser, lost packets: one Python client here."
    settings = document.settings
    encrypted = all(url.startswith("https:") for url in (settings.rest_url, settings.graphql_url))
    others = ["HTTP/2"] if encrypted or "http1-tls" in there else ["HTTP/2", "TLS"]
    why = [f" HTTP/2 was left out: {one.reason}." for one in document.left_out]
    is_there = encrypted or settings.edge_url is not None
    addresses = "name https addresses, or " if settings.is_own else ""
    by = "use --protocol" if is_there else f"{addresses or 'name '}a proxy by --edge-url"
    why.append(f" For {' and '.join(others)} {by}.")
    unseen = ", ".join(["A browser", *others, "lost packets"])
    return f"{unseen}: one Python client over HTTP/1.1 here.{why[0]}"


def _distances(document: Document) -> str:
    """How times over a distance are known."""
    links = [
        link
        for screen in document.screens
        for arm in screen.arms
        for link in arm.links
        if link.relative_error is not None
    ]
    is_first = document.settings.bandwidth_mbit is None  # else that has a rate, too
    origin = "first column" if is_first else "median without a link"
    opening = f"Real distances: computed from the {origin}"
    if not links:
        return f"{opening}, not checked (see --rtt)."
    off = numbers.share(max(abs(link.relative_error or 0.0) for link in links))
    over = sorted({link.link for link in links}, key=lambda link: (link.rtt_ms, link.name))
    off = f"less than {off[1:]}" if off.startswith("<") else f"up to {off}"
    return f"{opening}, {off} off at {numbers.listed([link.title for link in over])}."


def unsettled(document: Document) -> Unsettled | None:
    """What is unsettled, and how to settle it; None where nothing is."""
    if not document.complete:
        return Unsettled("this run did not end", "")
    busy = is_busy(document.environment)
    few = [one.name for one in too_few(document)]
    noisy = [one.name for one in document.screens if any(map(is_noisy, one.arms))]
    undecided = [one.name for one in document.screens if is_enough(one) and _is_undecided(one)]
    reasons = ["the machine was busy"] if busy else []
    reasons += [f"too few loads: {_named(few, document)}"] if few else []
    reasons += [f"noisy: {_named(noisy, document)}"] if noisy else []
    reasons += [f"a tie or not: {_named(undecided, document)}"] if undecided else []
    if not reasons:
        return None
    open_ = {*few, *noisy, *undecided}
    names = [one.name for one in document.screens if one.name in open_]
    options = f"--samples {max(SAMPLES, 4 * _fewest(document))}"
    if 0 < len(names) <= min(_NAMED, len(document.screens) - 1):
        options += f" --screen {' '.join(names)}"
    return Unsettled("; ".join(reasons), options)


def _named(names: list[str], document: Document) -> str:
    """Names of the screens; only their number where there are many."""
    if 1 < len(names) == len(document.screens):
        return "all screens"
    return numbers.listed(names) if len(names) <= _NAMED else f"{len(names)} screens"


def _fewest(document: Document) -> int:
    counts = [len(arm.samples) for one in document.screens for arm in one.arms if arm.samples]
    fewest = min(counts, default=0)
    return fewest if fewest >= SAMPLES else 0


def _is_undecided(screen: ScreenResult) -> bool:
    """Whether it is open that the fastest arms of both APIs tie: the interval allows both."""
    fastest = fastest_of_each(screen)
    if len(fastest) < 2:
        return False
    pair = pair_of(screen, fastest[1].name, fastest[0].name)
    return pair is not None and pair.verdict == "none" and pair.ratio_high > MATERIAL
