"""How long one hostile client can make the others wait, on both servers.

    python -m benchmarks.fairness [--books 1000 100000] [--seconds 3] [--only WORD] [--json FILE]

One client reads a book, waits for 2 ms, and reads it again; beside it another sends the most
expensive requests that the limits allow, one after the other, each kind for some seconds. What is
told is how long the reads of the first took: median, 99th percentile and the longest, without the
other and with each of its kinds of requests. The servers run on one core (with `--cores` on all)
and both clients on another. The longest wait is to be below 60 ms with 1,000 books, and below
300 ms with 100,000; the status is 1 where it is not.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.fairness.attacks import ATTACKS, Attack
from benchmarks.fairness.clients import NotAnswered, attacking, point_reads
from benchmarks.fairness.results import Alone, Beside, document, target_of, waits_of
from benchmarks.fairness.tables import tables
from benchmarks.wrk import CLIENT_CORE, SERVER_CORE, pinned
from client_examples.comparison.results.environment import environment
from launcher.processes import (
    GRAPHQL_PROGRAM,
    REST_PROGRAM,
    NotHealthy,
    ServerEnded,
    ServerPair,
)

SIZES = (1_000, 100_000)
WARM_UP_S = 0.5

Tell = Callable[[str], object]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write what was measured; the status as above."""
    options = _parse(arguments)
    if hasattr(os, "sched_setaffinity") and CLIENT_CORE in os.sched_getaffinity(0):
        one_core = bool(pinned(SERVER_CORE)) and not options.cores
        os.sched_setaffinity(0, {CLIENT_CORE})
    else:
        one_core = False
    console = Console()
    try:
        found = measure(options, one_core, console.print)
    except (NotAnswered, NotHealthy, ServerEnded) as error:
        print(error, file=sys.stderr)
        return 2
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")
    report(found, console)
    return 1 if any(one["missed"] for one in found["beside"]) else 0


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fairness", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--books", type=int, nargs="+", default=SIZES, help="sizes of the bookstore")
    add("--seconds", type=float, default=3.0, help="of each attack (default 3)")
    add("--only", action="append", default=[], help="part of the name of an attack or a server")
    add("--cores", action="store_true", help="let the servers have every core")
    add("--seed", type=int, default=1, help="of the requests")
    add("--json", type=Path, help="file to write the results to")
    options = parser.parse_args(arguments)
    options.attacks = _chosen(options.only)
    if not options.attacks:
        parser.error(f"no attack has {' or '.join(options.only)} in its name")
    return options


def _chosen(words: Sequence[str]) -> list[Attack]:
    def is_chosen(attack: Attack) -> bool:
        name = f"{attack.server}: {attack.name}".lower()
        return not words or any(word.lower() in name for word in words)

    return [attack for attack in ATTACKS if is_chosen(attack)]


def measure(
    options: argparse.Namespace, one_core: bool, tell: Tell = lambda _: None
) -> dict[str, Any]:
    """Start both servers over a bookstore of each size, and attack one after the other.

    Raises:
        NotAnswered: a point read was not answered well.
        NotHealthy, ServerEnded: a server did not start, or has ended.
    """
    alone: list[Alone] = []
    beside: list[Beside] = []
    for books in options.books:
        with _servers(books, one_core) as pair:
            urls = {"rest": pair.rest_url, "graphql": pair.graphql_url}
            for server in dict.fromkeys(attack.server for attack in options.attacks):
                point_reads(urls[server], server, WARM_UP_S)
                times = point_reads(urls[server], server, options.seconds)
                alone.append(Alone(server, books, waits_of(times)))
                for attack in options.attacks:
                    if attack.server == server:
                        beside.append(_beside(attack, urls[server], books, options))
                        tell(_line(beside[-1]))
    settings = {
        "books": list(options.books),
        "seconds": options.seconds,
        "seed": options.seed,
        "one_core": one_core,
    }
    return document(alone, beside, environment(), settings)


def _servers(books: int, one_core: bool) -> ServerPair:
    pin = pinned(SERVER_CORE) if one_core else _all_cores()
    instance = f"fairness-{os.getpid()}-{books}"
    return ServerPair(
        environment={"BOOKSTORE_BOOKS": str(books), "BOOKSTORE_INSTANCE": instance},
        programs=([*pin, *REST_PROGRAM], [*pin, *GRAPHQL_PROGRAM]),
    )


def _all_cores() -> list[str]:
    """The words before a command that has every core, although this process has one."""
    last = (os.cpu_count() or 1) - 1
    return ["taskset", "-c", f"0-{last}"] if pinned(CLIENT_CORE) else []


def _beside(attack: Attack, url: str, books: int, options: argparse.Namespace) -> Beside:
    with attacking(url, ATTACKS.index(attack), options.seed) as sent:
        times = point_reads(url, attack.server, options.seconds)
    point_reads(url, attack.server, WARM_UP_S)  # until it is over with what was sent last
    target = target_of(books)
    return Beside(
        attack.name, attack.server, books, waits_of(times), sent[0] if sent else None, target
    )


def _line(one: Beside) -> str:
    return f"{one.server}, {one.books:,} books, {one.attack}: longest {one.waits.longest:.0f} ms"


def report(found: dict[str, Any], console: Console) -> None:
    """Print the tables of a document, and its doubts."""
    for one in tables(found):
        shown = Table(*one.header, title=f"Point reads, ms: {one.title}")
        for row in one.rows:
            shown.add_row(*row)
        console.print(shown)
    for doubt in found["doubts"]:
        console.print(f"Doubt: {doubt}")


if __name__ == "__main__":
    sys.exit(main())
