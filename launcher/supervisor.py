"""Start both servers, watch over them until asked to stop, and stop what was started."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from launcher.affinity import Affinity, affinity
from launcher.comparison import compare, measures_nothing
from launcher.edge.nginx import Nginx, NoEdge, find
from launcher.options import Options, parse
from launcher.processes import GRAPHQL_PROGRAM, REST_PROGRAM, ROOT, NotHealthy, ServerPair
from launcher.server import ServerEnded
from launcher.signals import Signals, StopRequested

PATIENCE_S = 4.0  # then a line says that it still starts
MANY_BOOKS = 50_000  # take some ten seconds; a million about three minutes
COMPARISON_PROGRAM = (sys.executable, str(ROOT / "client_examples" / "compare_apis.py"))

_READY = """\
Lab       {graphql}/lab    both side by side, in a browser
REST      {rest}/
          {rest}/docs     Swagger UI
GraphQL   {graphql}/graphql  for clients; in a browser, GraphiQL"""
_EDGE = """\
Edge      {edge}/    TLS and HTTP/2: /lab, /rest/ and /graphql
          {authority}    its authority, for curl --cacert"""


@dataclass(frozen=True)
class Programs:
    """The commands that are run, and where results go; tests put others in their place."""

    rest: Sequence[str] = REST_PROGRAM
    graphql: Sequence[str] = GRAPHQL_PROGRAM
    comparison: Sequence[str] = COMPARISON_PROGRAM
    results: str = str(ROOT / "results")
    nginx: Sequence[str] | None = None  # to look at for the edge; None: wherever one may be


def main(arguments: Sequence[str], programs: Programs | None = None) -> int:
    """Do what the command line says, and return the exit status."""
    # Shells have background jobs ignore it; whoever sends it to this one means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    options = parse(arguments)
    programs = programs or Programs()
    if options.comparison is not None and measures_nothing(options.comparison):
        return subprocess.call([*programs.comparison, *options.comparison])  # noqa: S603 - our own
    held = affinity() if options.affinity else None
    pair = ServerPair(
        options.rest_port,
        options.graphql_port,
        environment=_settings(
            books=options.books,
            workers=options.workers,
            shared_max_age_s=options.shared_max_age_s,
        ),
        insecure=options.insecure,
        programs=(programs.rest, programs.graphql),
        nginx=_nginx(options, programs),
        edge_port=options.edge_port,
        processors=held and held.servers,
        shared_cache=options.shared_max_age_s is not None and options.comparison is None,
    )
    try:
        return _run(pair, options, programs, held)
    except KeyboardInterrupt:  # a second Ctrl-C, while they were being stopped
        return 128 + signal.SIGINT


def _nginx(options: Options, programs: Programs) -> Nginx | None:
    """What is to be the edge, if there is to be one and it can be had; else one line says why."""
    if not options.edge:
        return None
    try:
        return find(None if programs.nginx is None else map(Path, programs.nginx))
    except NoEdge as error:
        _say(f"there is no edge: {error}")
        return None


def _settings(**given: int | str | None) -> dict[str, str]:
    return {f"BOOKSTORE_{name.upper()}": str(n) for name, n in given.items() if n is not None}


def _run(pair: ServerPair, options: Options, programs: Programs, held: Affinity | None) -> int:
    try:
        with Signals() as signals:
            pair.start()
            pair.wait_until_healthy(pause=_patiently(signals, options.books))
            if options.comparison is None:
                _serve(pair, signals)
            results = Path(programs.results)
            return compare(pair, programs.comparison, options.comparison, signals, results, held)
    except StopRequested as request:
        # Ctrl-C is the ordinary end of serving; a comparison is broken off by it.
        return 0 if options.comparison is None else 128 + request.signal
    except ServerEnded as end:
        _say(f"{end}; stopping the other{'s' if pair.edge else ' one'}")
        return end.status or 1
    except NotHealthy as error:
        _say(f"{error}; giving up")
        return 1
    finally:
        pair.stop()


def _serve(pair: ServerPair, signals: Signals) -> NoReturn:
    print(_READY.format(rest=pair.rest_url, graphql=pair.graphql_url))
    if pair.edge:
        print(_EDGE.format(edge=pair.edge.url, authority=pair.edge.authority))
    print(f"Ctrl-C stops {'all three' if pair.edge else 'both'}.", flush=True)
    while True:
        pair.check()
        signals.pause()


def _patiently(signals: Signals, books: int | None) -> Callable[[float], None]:
    """Pause, and once it takes longer than usual, say so, and why where it is a large bookstore."""
    say_at = time.monotonic() + PATIENCE_S
    said = sys.stderr.isatty()  # there the server shows a bar, which a line would break

    def pause(seconds: float) -> None:
        nonlocal said
        if not said and time.monotonic() >= say_at:
            said = True
            _say(still_starting(books))
        signals.pause(seconds)

    return pause


def still_starting(books: int | None) -> str:
    """The line that says so, and why where it may be the number of books.

    Args:
        books: as the options have it, None where it is left to the environment.
    """
    told = str(books) if books is not None else os.environ.get("BOOKSTORE_BOOKS", "")
    if not told.isdecimal() or int(told) < MANY_BOOKS:
        return "still starting"
    return f"still starting; to make {int(told):,} books may take minutes"


def _say(line: str) -> None:
    print(f"start_servers.sh: {line}", file=sys.stderr, flush=True)
