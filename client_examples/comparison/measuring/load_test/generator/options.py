"""The options that the locustfile adds to Locust's own."""

import argparse
from functools import partial
from pathlib import Path
from typing import Any

from client_examples.clients.addresses import address
from client_examples.clients.settings import APIS, server_url
from client_examples.comparison.arms.own_screens import BadScreens, load_screens
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.measuring.load_test.generator.coordinator import Plan
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.access.headers_file import BadHeaders, read_headers
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.load_test import BOUND_MS
from client_examples.comparison.screens import SCREENS

STEP_S = 5.0
MOST_S = 600.0


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add them; each may also be given by the environment, where `--help` says how."""
    # Locust's page would show them as if they could be changed there.
    add: Any = partial(parser.add_argument, include_in_web_ui=False)
    add("--screen", default="book-list", env_var="LOAD_SCREEN", help="what to load: book-list, ...")
    add("--arm", default="", env_var="LOAD_ARM",
        help="how: rest/fields, ... (default: the first); several with --turns")  # fmt: skip
    add("--screens", default="", env_var="LOAD_SCREENS", help="screens of your own, a Python file")
    for api in APIS:
        add(f"--{api}-url", default=server_url(api), env_var=f"LOAD_{api.upper()}_URL",
            type=address, help="the server")  # fmt: skip
    add("--ca-file", default="", env_var="LOAD_CA_FILE",
        help="trust the certificates in this file")  # fmt: skip
    add("--headers", default="", env_var="LOAD_HEADERS",
        help="send these with every request: a file with a header in each line")  # fmt: skip
    add("--pause", default=0.0, type=float, env_var="LOAD_PAUSE",
        help="s that a user waits between two loads, without --rate and --find-rate")  # fmt: skip
    add("--rate", default="", env_var="LOAD_RATE",
        help="arrivals per second, whatever the answers do; several with commas")  # fmt: skip
    add("--find-rate", action="store_true", env_var="LOAD_FIND_RATE",
        help="find the highest rate at which p99 keeps below --below-ms")  # fmt: skip
    add("--turns", default=0, type=int, env_var="LOAD_TURNS",
        help="let each arm have so many turns, all at half the rate that the slowest keeps, and "
        "count what the servers' processes take meanwhile")  # fmt: skip
    add("--below-ms", default=BOUND_MS, type=float, env_var="LOAD_BELOW_MS", help="default 100")
    add("--step-seconds", default=STEP_S, type=float, env_var="LOAD_STEP_SECONDS",
        help="how long to hold a rate (default 5), or longer until 300 have arrived")  # fmt: skip
    add("--most-seconds", default=MOST_S, type=float, env_var="LOAD_MOST_SECONDS",
        help="when to end, with --rate or --find-rate (default 600)")  # fmt: skip
    add("--seed", default=1, type=int, env_var="LOAD_SEED", help="decides when arrivals are due")
    add("--results", default="", env_var="LOAD_RESULTS", include_in_web_ui=False,
        help="add what is found to this file, a line of JSON per step")  # fmt: skip


def chosen(options: argparse.Namespace) -> tuple[Screen, list[Arm]]:
    """The screen and the arms that the options name.

    Raises:
        ValueError: there is none of that name.
    """
    try:
        screens = load_screens(Path(options.screens)) if options.screens else SCREENS
    except BadScreens as error:
        raise ValueError(str(error)) from error
    screen = _named("--screen", options.screen, screens)
    names = options.arm.split(",") if options.arm else [screen.arms[0].name]
    if len(names) > 1 and not options.turns:
        raise ValueError("--arm: several arms need --turns")
    return screen, [_named("--arm", name, screen.arms) for name in names]


def servers(options: argparse.Namespace) -> Servers:
    """The servers that the options name.

    Raises:
        ValueError: the file of headers cannot be read.
    """
    # In a file, as a command line can be read by everybody on the machine.
    credentials = Credentials()
    if options.headers:
        try:
            credentials = read_headers(Path(options.headers))
        except BadHeaders as error:
            raise ValueError(str(error)) from error
    return Servers(options.rest_url, options.graphql_url, credentials, options.ca_file or None)


def plan(options: argparse.Namespace) -> Plan | None:
    """The rates that the options ask for; None where users load one view after the other.

    Raises:
        ValueError: a rate is none.
    """
    rates = [_rate(text) for text in options.rate.split(",") if text]
    if not rates and not options.find_rate and not options.turns:
        return None
    return Plan(
        rates=[] if options.find_rate else rates,
        first=rates[0] if rates else None,
        step_s=options.step_seconds,
        bound_ms=options.below_ms,
        most_s=options.most_seconds,
        seed=options.seed,
        results=Path(options.results) if options.results else None,
    )


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0 < rate < float("inf"):
        raise ValueError(f"--rate must be more than 0, or several with commas, got {text!r}")
    return rate


def _named(option: str, name: str, known: Any) -> Any:
    found = [one for one in known if one.name == name]
    if not found:
        raise ValueError(f"{option}: there is no {name!r}, but {', '.join(k.name for k in known)}")
    return found[0]
