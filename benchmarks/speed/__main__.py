"""Measures the speed of both servers and of their peers, in ratios within one run.

    python -m benchmarks.speed [--seconds 1] [--rounds 5] [--only WORDS] [--json FILE]

Every server has one process on one core, wrk another core and 16 connections. Then ours are
measured once more as users run them, with all cores free for them and for wrk. Whoever takes part
in a workload has turns one after the other, in random order, and so do the workloads, so that what
the machine does besides touches all of them alike. Absolute figures are the machine's; the ratios
are what is compared.
"""

import argparse
import json
import os
import random
import sys
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.speed.report import report
from benchmarks.speed.results import Figures, document
from benchmarks.speed.servers import NODE_PEERS, NotStarted, running, without_node
from benchmarks.speed.tables import missed
from benchmarks.speed.workloads import FLOORS, Turn, as_users_run_them, chosen, data_of
from benchmarks.wrk import Load, LoadFailed, load

SECONDS, ROUNDS = 1, 5  # wrk takes whole seconds only
WARM_UP_S = 1  # of each turn: caches, and what compiles while it runs
ANSWER_LIMIT_S = 10.0

Loads = dict[str, dict[str, list[Load]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write what was measured; the status is 0 if every target is reached."""
    options = _parse(arguments)
    try:
        measured = measure(options.only, options.seconds, options.rounds, options.seed)
    except (LoadFailed, NotStarted, ValueError, RuntimeError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1) + "\n")
    report(measured, Console())
    return 0 if not [*missed(measured)] else 1


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "--seconds", type=int, default=SECONDS, help=f"of each turn (default {SECONDS})"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"turns of each (default {ROUNDS})"
    )
    parser.add_argument(
        "--only",
        action="append",
        default=[],
        metavar="WORDS",
        help="part of the name of a workload or of who answers it; may come again",
    )
    parser.add_argument("--seed", type=int, default=1, help="of the order of the turns")
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    return parser.parse_args(arguments)


def measure(only: Sequence[str], seconds: int, rounds: int, seed: int) -> dict[str, Any]:
    """Start the servers, compare their answers, let them take turns, and give all figures.

    Raises:
        LoadFailed: a request was not answered well, or not as ours is.
        NotStarted: a server did not start.
        ValueError: there is nothing of the name `only`.
    """
    turns, left_out = able(chosen(only))
    load_before, _, _ = os.getloadavg()
    settings = {"seconds": seconds, "rounds": rounds, "seed": seed, "connections": 16}
    alone = _measured(turns, seconds, rounds, seed, alone=True)
    free = _measured(as_users_run_them(turns), seconds, rounds, seed, alone=False)
    return document(turns, alone, free, settings, left_out, load_before)


def _measured(
    turns: Sequence[Turn], seconds: int, rounds: int, seed: int, *, alone: bool
) -> Figures:
    """Figures of servers that are started for it; `alone` they have one core, and wrk another."""
    if not turns:
        return Figures({}, {})
    with running({turn.server for turn in turns}, alone=alone) as urls:
        compare_answers(urls, turns)

        def asked(turn: Turn, seconds: int) -> Load:
            return load(urls[turn.server] + turn.path, turn.body, seconds=seconds, alone=alone)

        for turn in turns:
            asked(turn, WARM_UP_S)
        loads = take_turns(turns, rounds, random.Random(seed), lambda turn: asked(turn, seconds))
    return Figures.of(loads)


def able(turns: list[Turn]) -> tuple[list[Turn], list[str]]:
    """The turns that this machine can take, and the contestants that are left out for want of Node.

    Raises:
        ValueError: none is left.
    """
    if not without_node():
        return turns, []
    left = [turn for turn in turns if turn.server not in NODE_PEERS]
    if not left:
        raise ValueError("node and npm are not here, which all of these run on")
    return left, sorted({turn.contestant for turn in turns if turn not in left})


def take_turns(
    turns: Sequence[Turn], rounds: int, order: random.Random, ask: Callable[[Turn], Load]
) -> Loads:
    """In each round each workload once, in random order, with all who take part in it."""
    loads: Loads = {}
    for turn in turns:
        loads.setdefault(turn.workload, {})[turn.contestant] = []
    for _ in range(rounds):
        for workload in order.sample(list(loads), len(loads)):
            group = [turn for turn in turns if turn.workload == workload]
            for turn in order.sample(group, len(group)):
                loads[workload][turn.contestant].append(ask(turn))
    return loads


def compare_answers(urls: Mapping[str, str], turns: Sequence[Turn]) -> None:
    """Nothing, if all who take part in a workload give the same data.

    Raises:
        LoadFailed: one of them gives other data, or an error.
    """
    first: dict[str, tuple[str, Any]] = {}
    for turn in turns:
        try:
            data = data_of(ask(urls, turn))
        except ValueError as error:
            raise LoadFailed(f"{turn.name}: {error}") from error
        if turn.workload == FLOORS:
            continue
        name, expected = first.setdefault(turn.workload, (turn.contestant, data))
        if data != expected:
            raise LoadFailed(
                f"{turn.workload}: {turn.contestant} gives other data than {name}:\n"
                f"{str(data)[:300]}\n{str(expected)[:300]}"
            )


def ask(urls: Mapping[str, str], turn: Turn) -> bytes:
    """The body of one answer.

    Raises:
        LoadFailed: there is none, or it is an error's.
    """
    request = urllib.request.Request(  # noqa: S310 - our own servers
        urls[turn.server] + turn.path,
        data=turn.body,
        headers={"Content-Type": "application/json"} if turn.body else {},
    )
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_LIMIT_S) as response:  # noqa: S310
            return bytes(response.read())
    except OSError as error:
        raise LoadFailed(f"{turn.name}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
