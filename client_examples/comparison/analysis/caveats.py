"""Caveats: what makes a number doubtful, each told beside the number that it concerns."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from client_examples.clients.addresses import is_here
from client_examples.comparison.results.document import ArmResult, ScreenResult, Settings
from client_examples.comparison.results.judging.caveats import Caveat
from client_examples.comparison.statistics import ENOUGH, SAMPLES_FOR_P95, SAMPLES_FOR_P99

WIDE_SPREAD = 0.10  # of the median
LARGE_ERROR = 0.10  # of the measured time
CHEAP_STATEMENT_MS = 0.25  # a database on the network takes longer for the least of them

NOISY = (
    f"Noisy: the middle half of its times spreads over more than {WIDE_SPREAD:.0%} of the median."
)

_of_run = partial(Caveat, "run")


def run_caveats(
    settings: Settings, environment: dict[str, Any], screens: Sequence[ScreenResult]
) -> list[Caveat]:
    """What holds for the whole run."""
    arms = [arm for screen in screens for arm in screen.arms]
    if not arms:
        return [*_of_the_machine(settings, environment), _servers_differ(settings)]
    return [
        *_of_samples(settings, arms),
        *_of_the_machine(settings, environment),
        *_of_the_servers(settings),
        *_of_connections(settings, arms),
        *_of_statements(settings, arms),
        *_of_the_schedule(settings, arms),
    ]


def screen_caveats(screen: str, arms: Sequence[ArmResult]) -> list[Caveat]:
    """What holds for single arms of a screen."""
    return [caveat for arm in arms for caveat in _of_arm(f"{screen}/{arm.name}", arm)]


def is_busy(environment: dict[str, Any]) -> bool:
    """Whether more processes wanted to run than there are processors when the run began."""
    load = environment.get("load_average") or [0.0]
    return bool(load[0] > (environment.get("processors") or 1))


def is_noisy(arm: ArmResult) -> bool:
    """Whether its times spread so widely that the next run may give another median."""
    return arm.summary is not None and arm.summary.spread > WIDE_SPREAD


def _of_arm(about: str, arm: ArmResult) -> Iterator[Caveat]:
    if arm.summary is not None and is_noisy(arm):
        spread = f"{arm.summary.spread:.0%}"
        yield Caveat(
            about, "median", f"The middle half of its times spreads over {spread} of the median."
        )
    objects, cost = arm.counts.objects, arm.cost
    if cost is not None and objects is not None and objects > cost.computed:
        yield Caveat(
            about,
            "objects",
            f"It delivers {objects:,} objects, more than the {cost.computed:,} that the server "
            "computes as the most: the static cost is wrong, or counts something else.",
        )
    for link in arm.links:
        if len(link.samples) == 1:
            continue  # it may be late for any reason
        if link.relative_error is not None and abs(link.relative_error) > LARGE_ERROR:
            side = "below" if link.relative_error < 0 else "above"
            yield Caveat(
                about,
                "predicted",
                f"At {link.link} the prediction is {abs(link.relative_error):.0%} {side} "
                "what was measured.",
            )


def _of_samples(settings: Settings, arms: Sequence[ArmResult]) -> Iterator[Caveat]:
    fewest = min([arm.summary.count for arm in arms if arm.summary], default=settings.samples)
    loads = "1 load per arm is" if fewest == 1 else f"{fewest} loads per arm are"
    if fewest < settings.samples:
        yield _of_run(
            "median",
            f"Time ran short: some arms were timed {'once' if fewest == 1 else f'{fewest} times'}, "
            f"not {settings.samples}.",
        )
    if fewest < ENOUGH:
        yield _of_run(
            "median",
            f"{loads} too few for an interval of 95%, which takes {ENOUGH}: "
            "no arm is said to be ahead.",
        )
    for number, needed in (("p95", SAMPLES_FOR_P95), ("p99", SAMPLES_FOR_P99)):
        if fewest < needed:
            yield _of_run(
                number,
                f"{loads} too few for the {number}, which takes {needed}.",
            )


def _of_the_machine(settings: Settings, environment: dict[str, Any]) -> Iterator[Caveat]:
    if is_busy(environment):
        processors = environment["processors"] or 1
        yield _of_run(
            "median",
            "The machine was busy when this began (load average "
            f"{environment['load_average'][0]:.1f} on {processors} "
            f"processor{'' if processors == 1 else 's'}): the times are longer and less steady "
            "than on a quiet one.",
        )
    if not _elsewhere(settings):
        yield _of_run(
            "median",
            f"Client and servers share one machine{_processors(environment)}, and no network lies "
            "between them: over a network, each round adds a round trip.",
        )


def _processors(environment: dict[str, Any]) -> str:
    """Whether the processors are shared too."""
    held = environment.get("affinity")
    if not held or not set(held["servers"]).isdisjoint(held["client"]):
        return " and its processors"
    of = {side: ", ".join(map(str, held[side])) for side in ("servers", "client")}
    return (
        f" but not its processors (the servers are held on {of['servers']}, the client on "
        f"{of['client']})"
    )


def _servers_differ(settings: Settings) -> Caveat:
    which = "" if settings.is_own else " (the bookstore's: Flask and FastAPI, both on uvicorn)"
    return _of_run(
        "median",
        f"The servers differ too{which}: a part of each time is theirs, not the API style's.",
    )


def _of_the_servers(settings: Settings) -> Iterator[Caveat]:
    yield _servers_differ(settings)
    floors = {"REST": settings.floor_rest, "GraphQL": settings.floor_graphql}
    missing = [api for api, floor in floors.items() if floor is None]
    if missing:
        yield _of_run(
            "floor_share",
            f"No address was named for the floor of {' and '.join(missing)}: how much of a time is "
            "client library, server and framework is not known.",
        )


def closing(arms: Sequence[ArmResult]) -> str:
    """Whose servers end each connection after its answer, as a sentence begins; "" where none."""
    found = {
        arm.name.partition("/")[0]
        for arm in arms
        if arm.exchanges and all(one.closes for one in arm.exchanges)
    }
    if len(found) == 2:
        return "both servers end each connection after its answer"
    names = {"rest": "REST", "graphql": "GraphQL"}
    told = [f"{names[api]}'s server ends each connection after its answer" for api in found]
    return "".join(told)


def _of_connections(settings: Settings, arms: Sequence[ArmResult]) -> Iterator[Caveat]:
    found = closing(arms)
    if found and not settings.cold:
        yield _of_run(
            "predicted",
            f"{found[0].upper()}{found[1:]}: a client opens one for each request then, a round "
            "trip more, which times over a distance leave out for the first six of a load (--cold "
            "counts them).",
        )


def _of_statements(settings: Settings, arms: Sequence[ArmResult]) -> Iterator[Caveat]:
    unknown = [arm.counts.statements is None for arm in arms]
    if any(unknown) and not (settings.is_own and all(unknown)):
        elsewhere = _elsewhere(settings)
        where = f" of another machine ({', '.join(elsewhere)})" if elsewhere else ""
        yield _of_run(
            "statements",
            f"Not every answer{where} says in Server-Timing how many SQL statements it took: "
            "those of some arms are not known.",
        )
    each_ms = _statement_ms(arms)
    if each_ms is None:
        return
    if each_ms < CHEAP_STATEMENT_MS:
        where = ", as of a database in RAM" if not settings.is_own else ""
        more = (
            "see BOOKSTORE_DB_LATENCY_MS for what they cost over a network"
            if not settings.is_own
            else "over a network they cost more"
        )
        yield _of_run(
            "statements",
            f"SQL statements are nearly free here ({each_ms:.3f} ms each{where}): {more}.",
        )
    else:
        yield _of_run(
            "statements",
            f"An SQL statement took {each_ms:.3f} ms on average in the loads that were counted: "
            "the longer it takes, the more statements weigh.",
        )


def _statement_ms(arms: Sequence[ArmResult]) -> float | None:
    """Mean time of a statement, None where no server tells."""
    told = [
        (arm.counts.db_ms, arm.counts.statements)
        for arm in arms
        if arm.counts.db_ms is not None and arm.counts.statements
    ]
    statements = sum(number for _, number in told)
    return sum(time for time, _ in told) / statements if statements else None


def _of_the_schedule(settings: Settings, arms: Sequence[ArmResult]) -> Iterator[Caveat]:
    if any(arm.counts.rounds < arm.counts.requests for arm in arms):
        yield _of_run(
            "median",
            "Requests side by side are sent by threads of one Python process, of which only one at "
            "a time does the client's part of the work.",
        )
    opening = "" if settings.cold else ", opening connections (TLS among it, see --cold)"
    yield _of_run(
        "predicted",
        f"Times over a distance leave out TCP's slow start beyond the first 14 KB, lost packets"
        f"{opening}, and that processors which have waited start slowly.",
    )


def _elsewhere(settings: Settings) -> list[str]:
    """The servers' hosts that are not this machine."""
    urls = [url for url in (settings.rest_url, settings.graphql_url) if not is_here(url)]
    return list(dict.fromkeys(urlsplit(url).hostname or "" for url in urls))
