"""Whether the servers' memory stays flat over many requests of every kind.

    python -m benchmarks.memory [--requests 200000] [--json FILE]

Each server gets that many: reads of all kinds, queries and filters that are never the same twice,
writes, errors, streams that are opened and left, requests that are cut off, answers that nobody
waits for. Now and then, when nothing is under way, the memory of its processes is read: what is
theirs alone (RssAnon), not the database's pages or the programs' files.

The first half lets caches fill. Over the second, a line is put through the readings: memory grows
if the line rises by more than the bound and its interval leaves no doubt that it rises. The status
is 1 then, 2 where the system does not tell (it takes Linux), else 0.
"""

import argparse
import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.table import Table

from benchmarks.memory.client import Request, UnexpectedAnswer, send_all
from benchmarks.memory.growth import Slope, slope
from benchmarks.memory.mix import Mix
from client_examples.comparison.results.environment import environment
from launcher.processes import ServerPair

BOUND = 0.02  # of the memory in the middle: what the second half may add
AT_ONCE = 16  # connections
MIB = 2**20
CANNOT_TELL = 2


@dataclass(frozen=True)
class Reading:
    """Bytes of the server's processes after so many requests."""

    requests: int
    bytes: int


@dataclass(frozen=True)
class Verdict:
    """Over the second half: `added` bytes by the line, with its interval, and the bound."""

    middle: float
    added: float
    added_low: float
    added_high: float
    bound: float
    grows: bool


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write what was measured; the status as above."""
    options = _parse(arguments)
    if not Path("/proc/self/status").exists():
        print("benchmarks.memory reads /proc, which this system does not have", file=sys.stderr)
        return CANNOT_TELL
    console = Console()
    try:
        document = measure(options.requests, options.every, options.seed, console.print)
    except UnexpectedAnswer as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n")
    report(document, console)
    return 1 if any(server["verdict"]["grows"] for server in document["servers"].values()) else 0


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    add = parser.add_argument
    add("--requests", type=int, default=200_000, help="to each server (default 200,000)")
    add("--every", type=int, help="requests between two readings (default: a 20th of them)")
    add("--seed", type=int, default=1, help="of the mix")
    add("--json", type=Path, help="file to write all readings to")
    options = parser.parse_args(arguments)
    options.every = options.every or max(1, options.requests // 20)
    if options.requests < 6 * options.every:
        parser.error("--requests must be at least 6 times --every, for a line through the half")
    return options


def measure(
    requests: int, every: int, seed: int, tell: Callable[[str], object] = lambda text: None
) -> dict[str, Any]:
    """Start both servers, send to one after the other, and give all readings.

    Raises:
        UnexpectedAnswer: a server answered otherwise than it should.
    """
    servers = {}
    instance = {"BOOKSTORE_INSTANCE": f"memory-{os.getpid()}"}
    with ServerPair(environment=instance) as pair:
        for name, url, group, mix in (
            ("rest", pair.rest_url, pair.pids[0], Mix(seed).rest()),
            ("graphql", pair.graphql_url, pair.pids[1], Mix(seed).graphql()),
        ):
            statuses: Counter[int] = Counter()
            readings = []
            for reading in _readings(url, group, mix, requests, every, statuses):
                readings.append(reading)
                tell(f"{name}: {reading.requests:,} requests, {reading.bytes / MIB:.1f} MiB")
            servers[name] = {
                "statuses": {str(status): number for status, number in sorted(statuses.items())},
                "readings": [asdict(reading) for reading in readings],
                "verdict": asdict(verdict(readings)),
            }
    return {
        "schema": 1,
        "environment": environment(),
        "settings": {"requests": requests, "every": every, "seed": seed, "connections": AT_ONCE,
                     "bound": BOUND},
        "servers": servers,
    }  # fmt: skip


def _readings(
    url: str,
    group: int,
    mix: Iterator[Request],
    requests: int,
    every: int,
    statuses: Counter[int],
) -> Iterator[Reading]:
    parts = urlsplit(url)
    yield Reading(0, memory_of(group))
    for done in range(every, requests + 1, every):
        batch = islice(mix, every)
        sending = send_all(parts.hostname or "127.0.0.1", parts.port or 80, batch, AT_ONCE)
        statuses.update(asyncio.run(sending))
        yield Reading(done, memory_of(group))


def verdict(readings: list[Reading]) -> Verdict:
    """Whether memory grows over the second half of the requests."""
    last = readings[-1].requests
    half = [one for one in readings if one.requests >= last / 2]
    line: Slope = slope([(one.requests, one.bytes) for one in half])
    middle, by = median(one.bytes for one in half[:3]), last - half[0].requests
    bound = BOUND * middle
    return Verdict(
        middle=middle,
        added=line.median * by,
        added_low=line.low * by,
        added_high=line.high * by,
        bound=bound,
        grows=line.median * by > bound and line.low > 0,
    )


def memory_of(group: int) -> int:
    """Bytes that the processes of a group have for themselves alone (RssAnon)."""
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text()
                status = (folder / "status").read_text()
            except OSError:  # it ended meanwhile
                continue
            if int(stat.rpartition(")")[2].split()[2]) == group:
                lines = (line.split() for line in status.splitlines())
                total += sum(int(line[1]) * 1024 for line in lines if line[0] == "RssAnon:")
    return total


def report(document: dict[str, Any], console: Console) -> None:
    """Print the readings and the verdicts of a document."""
    servers = document["servers"]
    table = Table("requests", *(f"{name} MiB" for name in servers), title="Memory (RssAnon)")
    for readings in zip(*(server["readings"] for server in servers.values()), strict=True):
        cells = (f"{one['bytes'] / MIB:.1f}" for one in readings)
        table.add_row(f"{readings[0]['requests']:,}", *cells)
    console.print(table)
    for name, server in servers.items():
        console.print(f"{name}: {said(server['verdict'])}")


def said(found: dict[str, Any]) -> str:
    """A verdict as a sentence."""
    names = ("added", "added_low", "added_high", "bound", "middle")
    added, low, high, bound, middle = (f"{found[name] / MIB:.2f}" for name in names)
    return (
        f"{'GROWS' if found['grows'] else 'flat'}: the second half adds {added} MiB "
        f"(95%: {low} to {high}) to {middle} MiB; the bound is {bound} MiB"
    )


if __name__ == "__main__":
    sys.exit(main())
