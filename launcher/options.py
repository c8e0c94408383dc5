"""The command line of `start_servers.sh`."""

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

DEFAULT_REST_PORT = "8000"
DEFAULT_GRAPHQL_PORT = "8001"
DEFAULT_EDGE_PORT = 8443
DEFAULT_SHARED_MAX_AGE_S = "10"

_DESCRIPTION = """\
Start the REST and the GraphQL server over one bookstore, and stop both on Ctrl-C. On first use,
install what they need. With --edge, nginx stands in front of both, at https://localhost:8443.
"""
_EPILOG = """\
The settings BOOKSTORE_... of the environment hold for both servers: docs/configuration.md. With
--compare, what follows that is none of the options above goes to client_examples/compare_apis.py,
for example: start_servers.sh --compare --samples 100 --screen book-list
It writes results/comparison.json and results/comparison.html, unless --json and --html name others.
"""


@dataclass(frozen=True)
class Options:
    """What the user asked for.

    `books` and `workers` are None where they are left to the servers. `edge` is whether there is to
    be one, and `edge_port` None where any free port will do. `affinity` is whether servers and
    comparison are held on processors of their own. `shared_max_age_s` has the seconds for which
    a shared cache may keep an answer, and is None where there is to be none: it is the edge's, or
    the comparison's own. `comparison` has the arguments for compare_apis.py, and is None where no
    comparison was asked for.
    """

    rest_port: int
    graphql_port: int
    books: int | None
    workers: int | None
    insecure: bool
    edge: bool
    edge_port: int | None
    affinity: bool
    shared_max_age_s: str | None
    comparison: list[str] | None


def parse(arguments: Sequence[str]) -> Options:
    """Read the command line.

    Raises:
        SystemExit: with status 2 after a usage error, 0 after `--help`.
    """
    own, comparison = list(arguments), None
    if "--compare" in own:
        cut = own.index("--compare")
        own, comparison = own[:cut], own[cut + 1 :]
    parser = _parser()
    found = parser.parse_args(own)
    if comparison is not None:
        # The servers' options are taken from behind --compare too; --help there is not for us.
        found, comparison = _parser(add_help=False).parse_known_args(comparison, found)
        comparison += ["--shared-cache"] if found.shared_cache else []
    edge, edge_port = _edge(found, compares=comparison is not None)
    if found.rest_port == found.graphql_port:
        parser.error(f"the two servers need two ports, got {found.rest_port} for both")
    if comparison is None and not found.affinity:
        parser.error("without --compare, --no-affinity has no effect")
    if found.edge is False and found.edge_port is not None:
        parser.error("with --no-edge, --edge-port has no effect")
    if edge and edge_port in (found.rest_port, found.graphql_port):
        parser.error(f"the edge needs a port of its own, got {edge_port}, which a server has")
    return Options(
        found.rest_port,
        found.graphql_port,
        found.books,
        found.workers,
        found.insecure,
        edge,
        edge_port,
        comparison is not None and found.affinity,
        _shared_max_age_s(found, parser),
        comparison,
    )


def _edge(found: argparse.Namespace, *, compares: bool) -> tuple[bool, int | None]:
    """Whether there is to be an edge, and where."""
    edge = found.edge
    if edge is None:
        edge = compares or found.edge_port is not None or found.shared_cache
    # A comparison takes any free port: one that somebody else has must not break it off.
    return edge, found.edge_port or (None if compares else DEFAULT_EDGE_PORT)


def _shared_max_age_s(found: argparse.Namespace, parser: argparse.ArgumentParser) -> str | None:
    """For how long the edge may keep an answer, as the servers will say; None where it does not."""
    if not found.shared_cache:
        return None
    if found.edge is False:
        parser.error("the shared cache is the edge's: leave out --no-edge, or --shared-cache")
    seconds = os.environ.get("BOOKSTORE_SHARED_MAX_AGE_S") or DEFAULT_SHARED_MAX_AGE_S
    if seconds == "0":
        parser.error(
            "the shared cache may keep nothing with BOOKSTORE_SHARED_MAX_AGE_S=0; "
            "set it to seconds, or leave it out"
        )
    return seconds


def _parser(*, add_help: bool = True) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start_servers.sh",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        usage="%(prog)s [options] [--compare [options of compare_apis.py]]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        add_help=add_help,
        allow_abbrev=False,
    )
    _add_servers(parser)
    _add_edge(parser)
    parser.add_argument(
        "--no-affinity",
        action="store_false",
        dest="affinity",
        help="with --compare: let servers and client use the same processors (else each side has "
        "its own, where there are two or more, on Linux)",
    )
    parser.add_argument(
        "--compare",
        action="store_true",  # for the help; parse() has taken it out before
        help="run the comparison over both servers, then stop them; the status is its status",
    )
    return parser


def _add_servers(parser: argparse.ArgumentParser) -> None:
    """Add the options of the two servers."""
    for name, default in (("rest", DEFAULT_REST_PORT), ("graphql", DEFAULT_GRAPHQL_PORT)):
        parser.add_argument(
            f"--{name}-port",
            type=_port,
            metavar="N",
            # The same variable that the servers read; a default that is text is checked as well.
            default=os.environ.get(f"BOOKSTORE_{name.upper()}_PORT") or default,
            help=f"%(default)s unless set here or by BOOKSTORE_{name.upper()}_PORT",
        )
    parser.add_argument(
        "--books", type=_number("books"), metavar="N", help="how many books to make up"
    )
    parser.add_argument(
        "--workers",
        type=_number("processes"),
        metavar="N",
        help="processes of each server; 1 unless set here or by BOOKSTORE_WORKERS",
    )
    parser.add_argument(
        "--insecure",
        action="store_true",
        help="let BOOKSTORE_HOST be an address that others can reach, without BOOKSTORE_TOKEN",
    )


def _add_edge(parser: argparse.ArgumentParser) -> None:
    """Add the options of the proxy in front of both."""
    parser.add_argument(
        "--edge",
        action=argparse.BooleanOptionalAction,
        help="nginx in front of both, with TLS and HTTP/2; with --compare it is there unless "
        "--no-edge says otherwise, and all is measured over these too",
    )
    parser.add_argument(
        "--edge-port",
        type=_port,
        metavar="N",
        help=f"the edge's; {DEFAULT_EDGE_PORT}, or with --compare a free one, unless set here",
    )
    parser.add_argument(
        "--shared-cache",
        action="store_true",
        help="let the edge keep what it may: anonymous reads by GET, for "
        f"{DEFAULT_SHARED_MAX_AGE_S} s unless set by BOOKSTORE_SHARED_MAX_AGE_S; with --compare, "
        "measure what that saves",
    )


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"must be a port, 1 to 65535, got {text!r}")
    return int(text)


def _number(of: str) -> Callable[[str], int]:
    # The servers know the bounds; this keeps what is no number from reaching both of them.
    def number(text: str) -> int:
        if not (text.isascii() and text.isdigit()):
            raise argparse.ArgumentTypeError(f"must be a number of {of}, got {text!r}")
        return int(text)

    return number
