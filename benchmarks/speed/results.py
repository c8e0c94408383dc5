"""What was measured, as the document that tables and the README are made of."""

import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple, Self

import orjson

from benchmarks.peers.node import FOLDER
from benchmarks.speed.servers import NODE_PEERS, ROOT
from benchmarks.speed.workloads import RATIOS, TAIL_BY_GRAPHQL, TAIL_MS, TAILS, Ratio, Turn
from benchmarks.wrk import Load, pinned

SCHEMA = 3
PACKAGES = (
    "granian",
    "flask",
    "sqlalchemy",
    "uvicorn",
    "uvloop",
    "httptools",
    "fastapi",
    "pydantic",
    "orjson",
    "strawberry-graphql",
    "graphql-core",
    "ariadne",
    "aiodataloader",
)
NODE_PACKAGES = FOLDER / "package.json"
MUCH_SPREAD = 0.3
FEW_ROUNDS = 5
MUCH_LOAD = 1.0  # what has just ended may have left as much

Rates = Mapping[str, Mapping[str, Sequence[float]]]


class Figures(NamedTuple):
    """By workload and contestant, a figure a round.

    Attributes:
        rates: requests per second.
        p99: ms.
    """

    rates: Rates
    p99: Rates

    @classmethod
    def of(cls, loads: Mapping[str, Mapping[str, Sequence[Load]]]) -> Self:
        """Those of what wrk has told."""
        rates, p99 = (
            {
                workload: {name: [load[part] for load in each] for name, each in by_name.items()}
                for workload, by_name in loads.items()
            }
            for part in (0, 1)
        )
        return cls(rates, p99)


def document(
    turns: Sequence[Turn],
    alone: Figures,
    free: Figures,
    settings: Mapping[str, Any],
    left_out: Sequence[str],
    load: float,
) -> dict[str, Any]:
    """All of a run.

    Args:
        alone: with one core for the servers and one for wrk.
        free: with all cores for both, ours only.
        load: the machine's load average before it.

    Returns:
        `schema`, `environment`, `settings`, `turns` (what was asked of whom), `rates` (requests per
        second by workload and contestant, a figure a round), `p99` (ms, likewise), `free` (both
        once more), `ratios`, `tails` (REST's p99 with all cores free, and what it should be),
        `left_out` (who could not take part, since Node is missing) and `doubts` (sentences).
    """
    return {
        "schema": SCHEMA,
        "environment": {
            **environment(with_node=any(turn.server in NODE_PEERS for turn in turns)),
            "load_before": round(load, 2),
        },
        "settings": dict(settings),
        "turns": [asdict(turn) for turn in turns],
        **alone._asdict(),
        "free": free._asdict(),
        "ratios": ratios(turns, alone.rates),
        "tails": [*tails(free.p99)],
        "left_out": list(left_out),
        "doubts": doubts(alone.rates, load),
    }


def ratios(turns: Sequence[Turn], rates: Rates) -> list[dict[str, Any]]:
    """Of the rounds' ratios the median, the least and the greatest, beside the target."""
    by_name = {turn.name: turn for turn in turns}
    return [
        _row(ratio, by_name[ratio.of], by_name[ratio.to], rates)
        for ratio in RATIOS
        if ratio.of in by_name and ratio.to in by_name
    ]


def tails(p99: Rates) -> Iterable[dict[str, Any]]:
    """REST's medians beside what they should be at most: a fixed time, and by GraphQL's."""
    for workload, other in TAILS.items():
        if workload not in p99:
            continue
        (ours,) = p99[workload].values()
        most = TAIL_MS
        if other in p99:
            (theirs,) = p99[other].values()
            most = min(most, TAIL_BY_GRAPHQL * statistics.median(theirs))
        found = statistics.median(ours)
        yield {"workload": workload, "p99": found, "most": most, "reached": found <= most}


def _row(ratio: Ratio, of: Turn, to: Turn, rates: Rates) -> dict[str, Any]:
    pairs = zip(rates[of.workload][of.contestant], rates[to.workload][to.contestant], strict=True)
    each = sorted(ours / theirs for ours, theirs in pairs)
    median = statistics.median(each)
    return {
        "of": [of.workload, of.contestant],
        "to": [to.workload, to.contestant],
        "median": median,
        "least": each[0],
        "greatest": each[-1],
        "target": ratio.target,
        "reached": None if ratio.target is None else median >= ratio.target,
    }


def doubts(rates: Rates, load: float) -> list[str]:
    """What speaks against the figures, a sentence each; the widest spread first."""
    found = []
    rounds = min(len(each) for by_name in rates.values() for each in by_name.values())
    if rounds < FEW_ROUNDS:
        found.append(f"only {rounds} turns each: medians of fewer than {FEW_ROUNDS} say little")
    if load > MUCH_LOAD:
        found.append(
            f"the machine had other work: its load average was {load:.1f} before the start"
        )
    if not pinned(0):
        found.append("servers and wrk could not be given a core each")
    spreads = [
        (spread(values), workload, name)
        for workload, by_name in rates.items()
        for name, values in by_name.items()
    ]
    for much, workload, name in sorted(spreads, reverse=True):
        if much > MUCH_SPREAD:
            found.append(
                f"{workload}, {name}: half of the turns spread over {much:.0%} of the median"
            )
    return found


def spread(values: Sequence[float]) -> float:
    """The distance of the quartiles by the median; of two values or fewer that of the extremes."""
    if len(values) < 3:
        return (max(values) - min(values)) / statistics.median(values)
    low, middle, high = statistics.quantiles(values, method="inclusive")
    return (high - low) / middle


def environment(*, with_node: bool) -> dict[str, Any]:
    """The machine, and the versions of all that was measured."""
    return {
        "python": platform.python_version(),
        "node": (with_node and _said("node", "--version").removeprefix("v")) or None,
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "revision": _said("git", "-C", str(ROOT), "rev-parse", "--short", "HEAD") or None,
        "packages": {name: version(name) for name in PACKAGES},
        "node_packages": _node_packages(NODE_PACKAGES) if with_node else {},
    }


def _node_packages(file: Path) -> dict[str, str]:
    packages: dict[str, str] = orjson.loads(file.read_bytes())["dependencies"]
    return packages


def _said(*command: str) -> str:
    """What a command prints; nothing where there is none of that name."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        return ""
    return done.stdout.strip()
