"""What a comparison is asked to do; refuses options that do not go together."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client_examples.clients.addresses import without_endpoint
from client_examples.clients.settings import APIS, server_url
from client_examples.comparison.analysis.regressions.budget import (
    BEFORE,
    UnknownName,
    for_each_arm,
)
from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.own_screens import BadScreens, load_screens
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.command_line.arguments import (
    FAILURE_RATE,
    LINK_RTT_MS,
    QUICK_SAMPLES,
    SAMPLES,
    argument_parser,
)
from client_examples.comparison.command_line.asked_for import (
    SHARED_CACHE,
    browser,
    cpu,
    har,
    load,
    loaded,
    shared,
)
from client_examples.comparison.command_line.budget_file import BadBudget, read_budget
from client_examples.comparison.command_line.credentials import credentials_of, header_names
from client_examples.comparison.command_line.floors import floors
from client_examples.comparison.command_line.protocols import protocols
from client_examples.comparison.measuring.budget import (
    BUDGET_S,
    PROTOCOLS_BUDGET_S,
    QUICK_BUDGET_S,
    QUICK_PROTOCOLS_BUDGET_S,
)
from client_examples.comparison.measuring.garbage import GARBAGE_COLLECTION
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.report.files import FORMATS
from client_examples.comparison.results.document import Settings
from client_examples.comparison.results.judging.regressions import Limit
from client_examples.comparison.results.protocols import Protocol
from client_examples.comparison.statistics import ENOUGH

WARM_UP, QUICK_WARM_UP = 5, 2  # loads per arm that are not counted
VISITS = 30  # timed loads per arm and phase of second visits, or as many as of all arms
LINK_SAMPLES, QUICK_LINK_SAMPLES = 4, 1  # loads per arm over a simulated link
PROTOCOL_SAMPLES, QUICK_PROTOCOL_SAMPLES = 10, 1  # loads per arm and protocol without a link
WATCHED_ORDERS, QUICK_WATCHED_ORDERS = 5, 1  # by each arm, one after the other


@dataclass(frozen=True)
class Options:
    """What the user asked for.

    `settings` are what the results document tells of it. `credentials` may hold secrets. `files`
    are those to write, by their format. `source` is a document to render instead of comparing.
    `loaded` are the screens for the load test and for what they cost the servers, `shared` those
    that are loaded behind a cache that clients share. `budget` are limits, with the names of arms
    in place of patterns unless a `source` is to be rendered, which has arms of its own. `against`
    is an earlier run's document. `named` are the protocols that were asked for by name.
    """

    settings: Settings
    screens: list[Screen]
    watched: list[WatchScreen]
    loaded: list[Screen]
    shared: list[Screen]
    own_screens: Path | None
    list_only: bool
    verbose: bool
    source: Path | None
    files: dict[str, Path]
    credentials: Credentials
    ca_file: Path | None
    budget: list[Limit]
    against: Path | None
    har: Path | None = None
    named: tuple[Protocol, ...] = ()


def parse(
    description: str, arguments: Sequence[str] | None, screens: Sequence[Screen | WatchScreen]
) -> Options:
    """Read the command line; `screens` are those to compare where the user has none.

    Raises:
        SystemExit: with status 2 after a usage error, 0 after `--help`.
    """
    parser = argument_parser(description)
    given = vars(parser.parse_args(arguments))
    try:
        return _options(given, screens)
    except (argparse.ArgumentTypeError, BadScreens, BadBudget, UnknownName) as error:
        parser.error(str(error))


def _options(given: dict[str, Any], screens: Sequence[Screen | WatchScreen]) -> Options:
    files = {name: given[name] for name in FORMATS if name in given}
    _check_files(files, given.get("source"))
    if "source" in given:
        ineffective = sorted(given.keys() - {"source", "verbose", "budget", "against", *FORMATS})
        if ineffective:
            raise argparse.ArgumentTypeError(
                f"--from shows what was measured before; with it, "
                f"--{ineffective[0].replace('_', '-')} has no effect"
            )
    own = given.get("screens")
    known = screens if own is None else load_screens(own)
    chosen = _chosen(known, given.get("screen"))
    loadable = [screen for screen in chosen if isinstance(screen, Screen)]
    if "graphql_url" in given:
        paths = tuple({path for screen in loadable for path in screen.endpoints()})
        given["graphql_url"] = without_endpoint(given["graphql_url"], paths or ("/graphql",))
    if own is not None:
        _address_what_no_arm_uses(given, loadable)
    limits = _limits(given, known, chosen)
    settings = _settings(given, limits)
    return Options(
        settings=settings,
        screens=loadable,
        watched=[screen for screen in chosen if isinstance(screen, WatchScreen)],
        loaded=loaded(loadable, given) if settings.load or settings.cpu else [],
        shared=shared(loadable, given) if settings.shared_cache else [],
        own_screens=own,
        list_only=given.get("list", False),
        verbose=given.get("verbose", False),
        source=given.get("source"),
        files=files,
        credentials=credentials_of(given),
        ca_file=given.get("ca_file"),
        budget=limits,
        against=given.get("against"),
        har=har(given),
        named=tuple(given.get("protocol", ())),
    )


def _settings(given: dict[str, Any], limits: Sequence[Limit]) -> Settings:
    urls = _urls(given)
    rest_url, graphql_url = urls
    quick = given.get("quick", False)
    edge_url = given.get("edge_url")
    over = protocols(given.get("protocol"), urls, edge_url, is_own="screens" in given)
    down, up = given.get("bandwidth", (None, None))
    samples = given.get("samples", QUICK_SAMPLES if quick else SAMPLES)
    return Settings(
        rest_url=rest_url,
        graphql_url=graphql_url,
        **header_names(given),
        screens_file=None if "screens" not in given else str(given["screens"]),
        samples=samples,
        warm_up=QUICK_WARM_UP if quick else WARM_UP,
        seed=given.get("seed", 1),
        at_once=AT_ONCE,
        garbage_collection=GARBAGE_COLLECTION,
        link_rtts_ms=_rtts(given),
        link_samples=_link_samples(given, quick, limits),
        bandwidth_mbit=down,
        up_mbit=up,
        profiles=list(dict.fromkeys(given.get("network", []))),
        cold=given.get("cold", False),
        failure_rate=given.get("failure_rate", FAILURE_RATE),
        resilience=given.get("resilience", False),
        quick=quick,
        **floors(given, urls),
        self_check=given.get("self_check", False),
        budget_s=_budget_s(given, quick, over),
        visit_samples=min(samples, VISITS),
        watched_orders=QUICK_WATCHED_ORDERS if quick else WATCHED_ORDERS,
        load=load(given, quick),
        cpu=cpu(given, quick),
        server_processors=given.get("server_processors"),
        encoding=given.get("encoding", "default"),
        edge_url=edge_url,
        protocols=over,
        protocol_samples=QUICK_PROTOCOL_SAMPLES if quick else PROTOCOL_SAMPLES,
        browser=browser(given, quick),
        shared_cache=SHARED_CACHE if given.get("shared_cache", False) else None,
    )


def _address_what_no_arm_uses(given: dict[str, Any], screens: Sequence[Screen]) -> None:
    """An API that no arm uses needs no address: it is looked for where the other is."""
    used = {arm.api for screen in screens for arm in (*screen.arms, *screen.caching)}
    for api in APIS:
        other = next(one for one in APIS if one != api)
        if api not in used and f"{api}_url" not in given and f"{other}_url" in given:
            given[f"{api}_url"] = given[f"{other}_url"]


def _urls(given: dict[str, Any]) -> list[str]:
    """Of the two servers, REST's first."""
    try:
        return [given.get(f"{api}_url") or server_url(api) for api in APIS]
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _link_samples(given: dict[str, Any], quick: bool, limits: Sequence[Limit]) -> int:
    """How often each arm is loaded over a link.

    That is enough to compare beside a browser's loads, and to tell whether a limit is broken.
    """
    if quick:
        return QUICK_LINK_SAMPLES
    is_judged = any(limit.is_over_link for limit in limits)
    return ENOUGH if is_judged or given.get("browser", False) else LINK_SAMPLES


def _limits(
    given: dict[str, Any],
    known: Sequence[Screen | WatchScreen],
    chosen: Sequence[Screen | WatchScreen],
) -> list[Limit]:
    """The limits of the budget, if there is one, for the screens that are chosen."""
    if "budget" not in given:
        return []
    limits = read_budget(given["budget"])
    if "against" not in given and any(limit.of == BEFORE for limit in limits):
        raise BadBudget(
            f'{given["budget"]}: of = "{BEFORE}" needs an earlier run: --against OLD.json'
        )
    if "source" in given:
        return limits
    arms = {
        screen.name: [arm.name for arm in screen.arms]
        for screen in known
        if isinstance(screen, Screen)
    }
    left_out = arms.keys() - {screen.name for screen in chosen}
    return for_each_arm(limits, arms, left_out)


def _budget_s(given: dict[str, Any], quick: bool, over: Sequence[Protocol]) -> float | None:
    """The time limit; none where the user says how much to measure."""
    if given.keys() & {"samples", "rtt", "bandwidth", "network", "cold"}:
        return None
    if len(over) > 1:
        return QUICK_PROTOCOLS_BUDGET_S if quick else PROTOCOLS_BUDGET_S
    return QUICK_BUDGET_S if quick else BUDGET_S


def _rtts(given: dict[str, Any]) -> list[float]:
    """The round-trip times of links that are no profiles.

    One of 0 ms counts only with a bandwidth: without, it is the loopback.
    """
    if "network" in given and "rtt" not in given:
        if "bandwidth" in given:
            raise argparse.ArgumentTypeError(
                "argument --bandwidth: the links of --network have their own; it is for those of "
                "--rtt, such as --rtt 20"
            )
        return []
    rtts = list(dict.fromkeys(given.get("rtt", [LINK_RTT_MS])))
    if "bandwidth" in given:
        return rtts
    return [rtt for rtt in rtts if rtt > 0]


def _chosen(
    known: Sequence[Screen | WatchScreen], names: Sequence[str] | None
) -> list[Screen | WatchScreen]:
    unknown = set(names or []) - {screen.name for screen in known}
    if unknown:
        there = ", ".join(screen.name for screen in known)
        raise argparse.ArgumentTypeError(
            f"argument --screen: there is no {min(unknown)!r}, but {there}"
        )
    return [screen for screen in known if names is None or screen.name in names]


def _check_files(files: dict[str, Path], source: Path | None) -> None:
    """No file is written over by another one, or by what is made of it."""
    taken = {} if source is None else {source.resolve(): "--from"}
    for name, file in files.items():
        before = taken.setdefault(file.resolve(), f"--{name}")
        if before != f"--{name}" and (file.is_file() or not file.exists()):
            raise argparse.ArgumentTypeError(f"--{name} and {before} name the same file, {file}")
