"""The commands that repeat a run, and the environment it ran in."""

import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from client_examples.clients.addresses import is_here
from client_examples.comparison.report import numbers
from client_examples.comparison.results.document import Document, Settings
from client_examples.graphql_client import GRAPHQL_URL
from client_examples.rest_client import REST_URL

_BOTH = "./start_servers.sh --compare"
_PORTS = {"--rest-port": urlsplit(REST_URL).port, "--graphql-port": urlsplit(GRAPHQL_URL).port}
_PROGRAM = ".venv/bin/python client_examples/compare_apis.py"


def commands(document: Document) -> list[str]:
    """The commands for a shell, one a line; values of headers are not known and left out."""
    settings = document.settings
    options: list[str | float] = ["--seed", settings.seed]
    if settings.budget_s is None:  # else it was left to the program how often
        options += ["--samples", settings.samples]
    if settings.quick:
        options += ["--quick"]
    options += _links(settings)
    options += ["--failure-rate", settings.failure_rate]
    flags = {
        "--cold": settings.cold,
        "--resilience": settings.resilience,
        "--self-check": settings.self_check,
        "--shared-cache": settings.shared_cache is not None,
        "--browser": settings.browser is not None,
        f"--encoding={settings.encoding}": settings.encoding != "default",
    }
    options += [flag for flag, given in flags.items() if given]
    options += _by_locust(settings)
    urls = settings.rest_url, settings.graphql_url
    program = _BOTH
    if settings.screens_file is None and all(map(is_here, urls)):
        program += "".join(_port(*each) for each in zip(_PORTS, urls, strict=True))
        if document.environment.get("affinity", "not told") is None:
            options += ["--no-affinity"]
    else:
        program = _PROGRAM
        options += ["--rest-url", urls[0], "--graphql-url", urls[1]]
    options += _protocols(settings)
    options += [] if settings.screens_file is None else ["--screens", settings.screens_file]
    options += _headers(settings)
    options += ["--screen", *(screen.name for screen in document.screens)]
    options += [result.name for result in document.watching]
    words = (f"{one:g}" if isinstance(one, float) else str(one) for one in options)
    revision = document.environment.get("revision")
    checkout = [f"git checkout {revision.rstrip('+')}"] if revision else []
    return [*checkout, f"{program} {shlex.join(words)}"]


def _protocols(settings: Settings) -> list[str | float]:
    """The options of the protocols that arms were loaded over."""
    if settings.edge_url is None:
        return []
    options: list[str | float] = ["--protocol", *settings.protocols]
    if is_here(settings.edge_url):  # the launcher starts one, and trusts it
        return options
    return ["--edge-url", settings.edge_url, "--ca-file", "...", *options]


def _by_locust(settings: Settings) -> list[str | float]:
    """The options of what Locust measures."""
    options: list[str | float] = []
    if settings.load is not None:
        load = settings.load
        options += ["--load", "--load-seconds", load.step_s, "--load-most-seconds", load.most_s]
        options += ["--load-users", load.users, "--load-processes", load.processes]
        options += ["--load-all-arms"] if load.all_arms else []
    if settings.cpu is not None:
        options += ["--cpu"]
    return options


def _headers(settings: Settings) -> Iterator[str]:
    """The options that name the headers, without their values."""
    names = {
        "--header": settings.header_names,
        "--rest-header": settings.rest_header_names,
        "--graphql-header": settings.graphql_header_names,
    }
    for option, each in names.items():
        for name in each:
            yield from (option, f"{name}: ...")


def _links(settings: Settings) -> Iterator[str | float]:
    if settings.link_rtts_ms or not settings.profiles:
        yield "--rtt"
        yield from settings.link_rtts_ms or [0.0]
    if settings.bandwidth_mbit is not None:
        rates = (settings.bandwidth_mbit, settings.up_mbit)
        yield from ("--bandwidth", "/".join(f"{one:g}" for one in rates if one is not None))
    if settings.profiles:
        yield from ("--network", *(link.name for link in settings.profiles))


def _port(option: str, url: str) -> str:
    """The option that has a server where it was, unless it is there anyway."""
    default = _PORTS[option]
    port = urlsplit(url).port or default
    return "" if port == default else f" {option} {port}"


def environment_rows(document: Document) -> Iterator[tuple[str, str]]:
    """Names and texts of what is known of the machine and the servers."""
    for name, value in document.environment.items():
        if value is not None:
            yield name.replace("_", " "), _told(value)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        each = (f"{name} {_told(one)}" for name, one in value.items())
        return ("; " if any(isinstance(one, dict) for one in value.values()) else ", ").join(each)
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    if isinstance(value, float):
        return f"{value:.2f}"
    return numbers.NONE if value is None else str(value)
