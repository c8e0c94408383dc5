"""What a reader must bear in mind, each beside the number that it concerns."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from client_examples.comparison.document import ArmResult, Doubt, ScreenResult, Settings
from client_examples.comparison.statistics import SAMPLES_FOR_P95, SAMPLES_FOR_P99

WIDE_SPREAD = 0.10  # of the median
LARGE_ERROR = 0.10  # of the measured time
CHEAP_STATEMENT_MS = 0.25  # below this, a database on the network would cost several times more

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def run_doubts(
    settings: Settings, environment: dict[str, Any], screens: Sequence[ScreenResult]
) -> list[Doubt]:
    """What holds for the whole run."""
    said = [
        *_of_samples(settings),
        *_of_the_machine(settings, environment),
        *_of_statements(settings, screens),
        *_of_links(settings, screens),
    ]
    return [Doubt("run", number, text) for number, text in said]


def screen_doubts(screen: str, arms: Sequence[ArmResult]) -> list[Doubt]:
    """What holds for single arms of a screen."""
    return [
        Doubt(f"{screen}/{arm.name}", number, text) for arm in arms for number, text in _of_arm(arm)
    ]


def _of_arm(arm: ArmResult) -> Iterator[tuple[str, str]]:
    if arm.summary is not None and arm.summary.spread > WIDE_SPREAD:
        yield (
            "median",
            f"The middle half of its times spreads over {arm.summary.spread:.0%} of the median.",
        )
    for link in arm.links:
        if link.relative_error is not None and abs(link.relative_error) > LARGE_ERROR:
            yield (
                "predicted",
                f"At {link.rtt_ms:g} ms the prediction is {abs(link.relative_error):.0%} "
                f"{'below' if link.relative_error < 0 else 'above'} what was measured.",
            )


def _of_samples(settings: Settings) -> Iterator[tuple[str, str]]:
    for number, needed in (("p95", SAMPLES_FOR_P95), ("p99", SAMPLES_FOR_P99)):
        if settings.samples < needed:
            yield (
                number,
                f"{settings.samples} loads per arm are too few for the {number}, "
                f"which takes {needed}.",
            )


def _of_the_machine(settings: Settings, environment: dict[str, Any]) -> Iterator[tuple[str, str]]:
    busy, processors = (environment["load_average"] or [0.0])[0], environment["processors"] or 1
    if busy > processors / 2:
        yield (
            "median",
            f"The machine was busy when this began (load average {busy:.1f} on {processors} "
            "processors): the times are longer and less steady than on a quiet one.",
        )
    if not _elsewhere(settings):
        yield (
            "median",
            "Client and servers share one machine and its processors, and no network lies "
            "between them: over a network, each round adds a round trip.",
        )
    yield (
        "median",
        "The servers differ too (the bookstore's: Flask on Granian, FastAPI on uvicorn): "
        "a part of each time is theirs, not the API style's.",
    )
    missing = [
        api
        for api, floor in (("REST", settings.floor_rest), ("GraphQL", settings.floor_graphql))
        if floor is None
    ]
    if missing:
        yield (
            "floor_share",
            f"No address was named for the floor of {' and '.join(missing)}: how much of a time "
            "is client library, server and framework is not known.",
        )


def _of_statements(
    settings: Settings, screens: Sequence[ScreenResult]
) -> Iterator[tuple[str, str]]:
    counts = [arm.counts for screen in screens for arm in screen.arms]
    if any(one.statements is None for one in counts):
        elsewhere = _elsewhere(settings)
        where = f" ({', '.join(elsewhere)}, not this machine)" if elsewhere else ""
        yield (
            "statements",
            f"Not every answer{where} says in Server-Timing how many statements it took: "
            "those of some arms are not known.",
        )
    told = [(one.db_ms, one.statements) for one in counts if one.db_ms is not None]
    statements = sum(number or 0 for _, number in told)
    if not statements:
        return
    each_ms = sum(time for time, _ in told) / statements
    if each_ms < CHEAP_STATEMENT_MS:
        yield (
            "statements",
            f"Statements are nearly free here ({each_ms:.3f} ms each, as of a database in RAM): "
            "see BOOKSTORE_DB_LATENCY_MS for what they cost over a network.",
        )
    else:
        yield (
            "statements",
            f"A statement took {each_ms:.3f} ms on average in the loads that were counted: the "
            "longer it takes, the more statements weigh.",
        )


def _of_links(settings: Settings, screens: Sequence[ScreenResult]) -> Iterator[tuple[str, str]]:
    arms = [arm for screen in screens for arm in screen.arms]
    if any(arm.counts.rounds < arm.counts.requests for arm in arms):
        yield (
            "median",
            "Requests side by side are sent by threads of one Python process, which take turns "
            "at the client's part of the work.",
        )
    leaves_out = "TCP's slow start beyond the first 14 KB of an answer, and loss"
    if not settings.cold:
        leaves_out += ", and what it takes to open connections, TLS among it (see --cold)"
    yield (
        "predicted",
        f"The model of the network leaves out {leaves_out}; what is measured over a simulated "
        "link checks the counting and the schedule, not these.",
    )


def _elsewhere(settings: Settings) -> list[str]:
    """The servers' hosts that are not this machine."""
    hosts = [urlsplit(url).hostname or "" for url in (settings.rest_url, settings.graphql_url)]
    return [host for host in dict.fromkeys(hosts) if host not in _LOOPBACK]
