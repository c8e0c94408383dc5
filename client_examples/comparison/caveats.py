"""What a reader must bear in mind beside the numbers of a run."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from client_examples.comparison.document import ScreenResult, Settings

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def caveats(
    settings: Settings, environment: dict[str, Any], screens: Sequence[ScreenResult]
) -> list[str]:
    """Sentences that hold for this run."""
    said = []
    busy, processors = (environment["load_average"] or [0.0])[0], environment["processors"] or 1
    if busy > processors / 2:
        said.append(
            f"The machine was busy when this began (load average {busy:.1f} on {processors} "
            "processors): the times are longer and less steady than on a quiet one."
        )
    hosts = [urlsplit(url).hostname for url in (settings.rest_url, settings.graphql_url)]
    if all(host in _LOOPBACK for host in hosts):
        said.append(
            "Client and servers share one machine, and no network lies between them: "
            "over a network, each round adds a round trip, which these times leave out."
        )
    said.append(
        "The servers differ too (the bookstore's: Flask on Granian, FastAPI on uvicorn): "
        "a part of each time is theirs, not the API style's."
    )
    if any(arm.counts.rounds < arm.counts.requests for screen in screens for arm in screen.arms):
        said.append(
            "Requests side by side are sent by threads of one Python process, which take turns "
            "at the client's part of the work."
        )
    statement = _statement_ms(screens)
    if statement is not None:
        said.append(
            f"A database statement took {statement:.3f} ms on average in the loads that were "
            "counted: the longer it takes, the more statements weigh (BOOKSTORE_DB_LATENCY_MS "
            "adds to it)."
        )
    if settings.samples < 100:
        said.append(
            f"{settings.samples} loads per arm: the p95 rests on the slowest few of them, "
            "and medians that lie close together may be equal."
        )
    return said


def _statement_ms(screens: Sequence[ScreenResult]) -> float | None:
    """Mean time of a statement, None where a server does not tell."""
    counts = [arm.counts for screen in screens for arm in screen.arms]
    told = [(one.db_ms, one.statements) for one in counts if one.db_ms is not None]
    statements = sum(number or 0 for _, number in told)
    return sum(time for time, _ in told) / statements if statements else None
