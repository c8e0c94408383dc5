"""Measures what the size of the bookstore costs: times at each size, as ratios to the smallest.

    python -m benchmarks.size [--books 1000,10000,100000,1000000] [--rounds 60] [--json FILE]

Both servers run over a bookstore of each size, all at the same time, on one core; one client on
another core asks one request at a time. Requests of all kinds and sizes take turns in random
order, each behind another one of its kind, so that caches are warm and what the machine does
besides touches all alike. Each kind answers the same number of objects at every size. The status
is 0 if every median is within its target: 1.3 times that at the smallest size, 3 times for
searches.
"""

import argparse
import math
import os
import random
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from rich.console import Console

from benchmarks.size.asking import Kind, Row, Wanted
from benchmarks.size.client import Client, NotAnswered, TimedOut, objects_in
from benchmarks.size.figures import Document
from benchmarks.size.report import print_report
from benchmarks.size.requests import kinds
from benchmarks.size.results import document
from benchmarks.size.servers import Sized, sized_servers
from launcher.processes import NotHealthy, ServerEnded
from shared.config import read_settings
from shared.errors import StartError

SIZES = "1000,10000,100000,1000000"
CLIENT_CORE = 1
_TURNS = ((0.1, sys.maxsize), (1, 5), (math.inf, 1))  # the most, of what takes less than so many s


@dataclass(frozen=True)
class Turns:
    """What is asked of one server in turn: the requests of one kind at one size."""

    kind: Kind
    books: int
    client: Client
    requests: tuple[bytes, ...]
    samples: list[int]  # µs
    most: int  # samples to take


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write what was measured; the status is 0 if every target is reached."""
    options = _parse(arguments)
    if hasattr(os, "sched_setaffinity") and CLIENT_CORE in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {CLIENT_CORE})
    try:
        measured = measure(options.books, options.rounds, options.seed)
    except (NotAnswered, NotHealthy, ServerEnded, StartError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_bytes(orjson.dumps(measured) + b"\n")
    print_report(measured, Console(width=None if sys.stdout.isatty() else 120))
    return 0 if not any(kind["missed"] for kind in measured["kinds"]) else 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--books", type=_sizes, default=SIZES, help=f"sizes, the smallest first (default {SIZES})"
    )
    parser.add_argument("--rounds", type=int, default=60, help="samples of each (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="of the values and the order")
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    return parser.parse_args(arguments)


def _sizes(text: str) -> list[int]:
    try:
        found = sorted({read_settings(books=one.strip()).books for one in text.split(",")})
    except StartError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if found[0] < 1_000:
        raise argparse.ArgumentTypeError("fewer than 1,000 books do not fill every page")
    return found


def measure(sizes: Sequence[int], rounds: int, seed: int) -> Document:
    """Start the servers, let the requests take turns, and give all figures.

    Raises:
        NotAnswered: an answer was none, or had another number of objects than at other sizes.
    """
    order, began = random.Random(seed), datetime.now(UTC)
    with ExitStack() as stack:
        sized = stack.enter_context(sized_servers(sizes))
        prepared = [_prepared(stack, one, rounds, seed) for one in sized]
        # Kinds in random order, and the sizes of each close together: what the machine does
        # besides then touches what is compared alike.
        of_kinds = list(zip(*prepared, strict=True))
        for client in {turn.client for turns in prepared for turn in turns}:
            client.connect()  # the first of them have waited for the last to be prepared
        for number in range(rounds):
            for turns in order.sample(of_kinds, len(of_kinds)):
                for turn in order.sample(turns, len(turns)):
                    _take(turn, number)
    settings = {"sizes": list(sizes), "rounds": rounds, "seed": seed}
    samples = [{turn.books: turn.samples for turn in turns} for turns in of_kinds]
    return document([turns[0].kind for turns in of_kinds], samples, settings, sized, began)


def _take(turn: Turns, number: int) -> None:
    if len(turn.samples) < turn.most:
        before, request = (turn.requests[(number + i) % len(turn.requests)] for i in (-1, 0))
        if turn.most > _TURNS[1][1]:
            # So many kinds crowd each other out of the servers' caches: one warms them.
            turn.client.ask(before)
        began = time.perf_counter_ns()
        with suppress(TimedOut):  # it counts as the time that it took
            turn.client.ask(request)
        turn.samples.append((time.perf_counter_ns() - began) // 1_000)


def _prepared(stack: ExitStack, sized: Sized, rounds: int, seed: int) -> list[Turns]:
    """The requests of this size that answer in full; each was asked once."""
    clients = {api: stack.enter_context(Client(url)) for api, url in sized.urls.items()}

    def look(path: str) -> Row:
        row: Row = orjson.loads(clients["rest"].ask(clients["rest"].packed(Wanted(path))))
        return row

    return [
        _full(kind, sized.books, clients[kind.api], rounds)
        for kind in kinds(sized.books, look, seed)
    ]


def _full(kind: Kind, books: int, client: Client, rounds: int) -> Turns:
    """Those of its requests that answer as many objects as at every other size."""
    requests, slowest, number = [], 0.0, 0
    for request in map(client.packed, kind.variants):
        began = time.perf_counter()
        try:
            number = objects_in(client.ask(request))
        except TimedOut:  # nobody waits for it again
            took = int((time.perf_counter() - began) * 1e6)
            return Turns(kind, books, client, (request,), [took], 1)
        slowest = max(slowest, time.perf_counter() - began)
        if kind.objects in (None, number):
            requests.append(request)
    if not requests:
        raise NotAnswered(
            f"{kind.api}, {kind.name}: no answer at {books} books has {kind.objects} objects; the "
            f"last one has {number}"
        )
    most = next(turns for limit_s, turns in _TURNS if slowest < limit_s)
    return Turns(kind, books, client, tuple(requests), [], min(rounds, most))


if __name__ == "__main__":
    sys.exit(main())
