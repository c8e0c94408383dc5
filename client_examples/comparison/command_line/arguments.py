"""The command line of compare_apis.py: its options, and what each may be."""

import argparse
from pathlib import Path

from client_examples.comparison.command_line.values import (
    bandwidth,
    certificates,
    header,
    headers,
    https_address,
    milliseconds,
    positive,
    processors,
    profile,
    readable,
    seconds,
    server_address,
    share,
)
from client_examples.comparison.network.link import PROFILES
from client_examples.comparison.report.files import FORMATS, writable
from client_examples.comparison.results.protocols import PROTOCOLS
from client_examples.graphql_client import GRAPHQL_URL
from client_examples.rest_client import REST_URL

SAMPLES, QUICK_SAMPLES = 60, 8  # timed loads per arm
LINK_RTT_MS = 20.0
LOAD_STEP_S, QUICK_LOAD_STEP_S = 5.0, 1.0  # how long a rate of arrivals is held
LOAD_MOST_S = 90.0  # for an arm
LOAD_USERS = 200  # served at once: at 100 ms each, 2,000 a second
FAILURE_RATE = 0.01
URLS = {"rest": REST_URL, "graphql": GRAPHQL_URL}
ENCODINGS = ("default", "gzip", "identity")

_EPILOG = """\
A run over all screens takes about a minute, unless --samples, --rtt, --bandwidth, --network or
--cold say how much to measure; --quick takes some 10 s. --load takes up to a minute and a half for
each arm, --cpu about two minutes for a screen.

exit status: 0 compared; 1 a screen could not be loaded, or a file not be written; 2 wrong usage;
3 a server cannot be reached; 4 two arms show different things; 5 a limit of --budget is broken;
130 interrupted. --from ends with the status of the run that it shows
"""


def argument_parser(description: str) -> argparse.ArgumentParser:
    """The parser; what is not given on the command line is not in what it gives."""
    parser = argparse.ArgumentParser(
        usage="%(prog)s [options]",
        description=description,
        epilog=_EPILOG,
        allow_abbrev=False,
        add_help=False,  # it stands among the others
        formatter_class=argparse.RawDescriptionHelpFormatter,
        argument_default=argparse.SUPPRESS,
    )
    _add_most_used(parser.add_argument_group("what most people need"))
    _add_servers(parser.add_argument_group("the two APIs (docs/own_screens.md)"))
    _add_how(parser.add_argument_group("how to measure"))
    _add_network(parser.add_argument_group("over which network (docs/network.md)"))
    _add_more(parser.add_argument_group("what else to measure"))
    _add_load(parser.add_argument_group("under load, by Locust (docs/load.md)"))
    _add_results(parser.add_argument_group("results"))
    _add_judging(parser.add_argument_group("in a build (docs/continuous_integration.md)"))
    return parser


def _add_most_used(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--quick", action="store_true", help="few loads, and over each simulated link only one"
    )
    group.add_argument("--screen", nargs="+", metavar="NAME", help="compare only these")
    group.add_argument("--html", type=writable, metavar="FILE", help="write a page with charts")
    group.add_argument(
        "--verbose", action="store_true", help="print all numbers, what they mean, and caveats"
    )
    group.add_argument(
        "--screens", type=Path, metavar="FILE.py", help="screens of your own (docs/own_screens.md)"
    )
    group.add_argument("--list", action="store_true", help="list the screens and their arms")
    group.add_argument("-h", "--help", action="help", help="show this and exit")


def _add_servers(group: argparse._ArgumentGroup) -> None:
    for name, server in (("rest", "REST"), ("graphql", "GraphQL")):
        group.add_argument(
            f"--{name}-url",
            type=server_address,
            metavar="URL",
            help=f"where {server} is (default {URLS[name]}, or what BOOKSTORE_HOST and "
            f"BOOKSTORE_{name.upper()}_PORT say)",
        )
    for name, whom in (("", "both servers"), ("rest-", "REST"), ("graphql-", "GraphQL")):
        group.add_argument(
            f"--{name}header",
            type=header,
            action="append",
            metavar="'NAME: VALUE'",
            help=f"send this to {whom}{'' if name else '; no result holds the value'}; "
            "may be repeated",
        )
    group.add_argument(
        "--headers",
        type=headers,
        metavar="FILE",
        help="send the headers in this file, one in each line; those below a line [rest] or "
        "[graphql] to one of the servers",
    )
    group.add_argument(
        "--ca-file", type=certificates, metavar="FILE", help="trust the certificates in this file"
    )
    group.add_argument(
        "--edge-url",
        type=https_address,
        metavar="URL",
        help="a proxy in front of both that speaks TLS and HTTP/2, such as "
        "https://localhost:8443: REST below /rest, GraphQL below / (docs/protocols.md)",
    )
    for name in ("rest", "graphql"):
        group.add_argument(
            f"--floor-{name}",
            metavar="URL",
            help="a path or address that does nothing, timed as the least a request costs there "
            "(default /ping, none with --screens)",
        )


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--samples",
        type=positive,
        metavar="N",
        help=f"timed loads per arm (default {SAMPLES}, {QUICK_SAMPLES} with --quick)",
    )
    group.add_argument("--seed", type=int, metavar="N", help="decides the order (default 1)")
    group.add_argument(
        "--encoding",
        choices=ENCODINGS,
        help="what clients accept: gzip alone, nothing compressed (identity), or as usual "
        "(default)",
    )
    group.add_argument(
        "--server-processors",
        type=processors,
        metavar="N[,N...]",
        help="the processors that the servers are held on, for the results to tell "
        "(start_servers.sh names them)",
    )


def _add_network(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--rtt",
        nargs="+",
        type=milliseconds,
        metavar="MS",
        help="measure over simulated links with these round-trip times as well "
        f"(default {LINK_RTT_MS:g}, none with --network); 0 for none",
    )
    group.add_argument(
        "--bandwidth",
        type=bandwidth,
        metavar="DOWN[/UP]",
        help="rates of the links of --rtt in Mbit/s, such as 10/2; 10 is 10/10",
    )
    group.add_argument(
        "--network",
        nargs="+",
        type=profile,
        metavar="NAME",
        help=f"measure over links like these as well: {'; '.join(map(str, PROFILES.values()))}",
    )
    group.add_argument(
        "--protocol",
        nargs="+",
        choices=PROTOCOLS,
        metavar="NAME",
        help="load each arm over these as well: http1-tls, http2 (default both, where they are to "
        "be had); http1, without TLS, is always measured where a server speaks it",
    )
    group.add_argument("--cold", action="store_true", help="open new connections in each load")


def _add_more(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--browser",
        action="store_true",
        help="load the arms in this machine's Chromium or Chrome as well, over TLS and HTTP/2; "
        "needs --edge-url (docs/browser.md)",
    )
    group.add_argument(
        "--shared-cache",
        action="store_true",
        help="measure book-list, book-detail and author-page behind a cache that clients share, "
        "nginx between two links (start_servers.sh --compare --shared-cache lets it)",
    )
    group.add_argument(
        "--failure-rate",
        type=share,
        metavar="P",
        help=f"chance that an exchange fails, 0 to 1 (default {FAILURE_RATE})",
    )
    group.add_argument(
        "--resilience",
        action="store_true",
        help="measure loads while exchanges fail, too: half a minute more, for a server that fails "
        "half of them and for one that is down for 10 s",
    )
    group.add_argument(
        "--self-check", action="store_true", help="find out how small a difference can be seen"
    )


def _add_load(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--load",
        action="store_true",
        help="find the highest rate of arrivals at which p99 keeps under 100 ms: of book-list, "
        "book-detail and order-history, or what --screen names, by the first and last arm of each "
        "API",
    )
    group.add_argument(
        "--cpu",
        action="store_true",
        help="measure what a screen costs: the servers' processors and memory, by all arms of the "
        "same screens at one rate, and the client's time to decode and build; servers on this "
        "machine only",
    )
    group.add_argument(
        "--load-all-arms", action="store_true", help="by all arms instead of the first and last"
    )
    group.add_argument(
        "--load-seconds",
        type=seconds,
        metavar="S",
        help=f"how long to hold a rate (default {LOAD_STEP_S:g}, {QUICK_LOAD_STEP_S:g} with "
        "--quick), or longer until 300 have arrived",
    )
    group.add_argument(
        "--load-most-seconds",
        type=seconds,
        metavar="S",
        help=f"when to end an arm's search (default {LOAD_MOST_S:g})",
    )
    group.add_argument(
        "--load-users",
        type=positive,
        metavar="N",
        help=f"how many can be served at once (default {LOAD_USERS})",
    )
    group.add_argument(
        "--load-processes",
        type=positive,
        metavar="N",
        help="processes of the generator, each of which can take a processor (default 1)",
    )


def _add_results(group: argparse._ArgumentGroup) -> None:
    said = {
        "json": "all results and samples",
        "junit": "a test for each arm and limit, for continuous integration,",
    }
    for name in [one for one in FORMATS if one != "html"]:
        group.add_argument(
            f"--{name}",
            type=writable,
            metavar="FILE",
            help=f"write {said.get(name, 'the tables')} there",
        )
    group.add_argument(
        "--har",
        type=writable,
        metavar="FILE",
        help="with --browser, save a load of each arm there as HAR, over new connections",
    )
    group.add_argument(
        "--from",
        dest="source",
        type=readable,
        metavar="RESULTS.json",
        help="compare nothing: show, and write, what an earlier --json holds",
    )


def _add_judging(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--budget",
        type=readable,
        metavar="FILE.toml",
        help="end with status 5 where a number is above its limit there",
    )
    group.add_argument(
        "--against",
        type=readable,
        metavar="OLD.json",
        help="say what changed since an earlier --json, beyond noise",
    )
