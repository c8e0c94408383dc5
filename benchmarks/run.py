"""Measures the speed of both servers, in ratios within one run.

    python -m benchmarks.run [--seconds 2] [--rounds 7] [--json FILE]

Every server has one process on one core, wrk another core and 16 connections. The workloads take
turns in random order, so that what the machine does besides touches all of them alike. Absolute
figures are the machine's; the ratios are what is compared.
"""

import argparse
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.workloads import RATIOS, WORKLOADS, Workload, answer_of
from benchmarks.wrk import SERVER_CORE, LoadFailed, pinned, requests_per_second
from launcher.processes import GRAPHQL_PROGRAM, REST_PROGRAM, Server, ServerPair, free_ports

ROOT = Path(__file__).resolve().parent.parent
PEERS = {
    name: (sys.executable, "-m", f"benchmarks.peers.{name}")
    for name in ("flask_constant", "strawberry_plain")
}
PACKAGES = ("granian", "flask", "uvicorn", "fastapi", "strawberry-graphql", "graphql-core")


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and write what was measured; the status is 0 if every target is reached."""
    options = _parse(arguments)
    try:
        document = measure(options.seconds, options.rounds, options.seed)
    except LoadFailed as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n")
    report(document, Console())
    return 0 if all(ratio["reached"] is not False for ratio in document["ratios"]) else 1


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn (default 2)")
    parser.add_argument("--rounds", type=int, default=7, help="turns of each workload (default 7)")
    parser.add_argument("--seed", type=int, default=1, help="of the order of the turns")
    parser.add_argument("--json", type=Path, help="file to write all figures to")
    return parser.parse_args(arguments)


def measure(seconds: float, rounds: int, seed: int) -> dict[str, Any]:
    """Start the servers, let the workloads take turns, and give all figures.

    Returns:
        A document with `environment`, `settings`, `rates` (requests per second by workload, one
        figure a round) and `ratios`.

    Raises:
        LoadFailed: a request was not answered well.
    """
    order = random.Random(seed)
    rates: dict[str, list[float]] = {workload.name: [] for workload in WORKLOADS}
    with ExitStack() as running:
        urls = _start(running)
        for workload in WORKLOADS:
            answer_of(_ask(urls, workload))  # an error is no answer
            requests_per_second(urls[workload.server] + workload.path, workload.body, seconds=1)
        for _ in range(rounds):
            for workload in order.sample(WORKLOADS, len(WORKLOADS)):
                url = urls[workload.server] + workload.path
                rates[workload.name].append(
                    requests_per_second(url, workload.body, seconds=seconds)
                )
    return {
        "schema": 1,
        "environment": _environment(),
        "settings": {"seconds": seconds, "rounds": rounds, "seed": seed, "connections": 16},
        "workloads": [asdict(workload) for workload in WORKLOADS],
        "rates": rates,
        "ratios": _ratios(rates),
    }


def _start(running: ExitStack) -> dict[str, str]:
    """Start both servers and the peers over the same bookstore; their addresses by name."""
    pin = pinned(SERVER_CORE)
    environment = {"BOOKSTORE_INSTANCE": f"benchmark-{os.getpid()}", "PYTHONPATH": str(ROOT)}
    programs = ([*pin, *REST_PROGRAM], [*pin, *GRAPHQL_PROGRAM])
    pair = running.enter_context(ServerPair(environment=environment, programs=programs))
    urls = {"rest": pair.rest_url, "graphql": pair.graphql_url}
    for (name, program), port in zip(PEERS.items(), free_ports(len(PEERS)), strict=True):
        settings = {**os.environ, **environment}
        server = Server(name, [*pin, *program], ("127.0.0.1", port), settings)
        server.start()
        running.callback(server.kill)
        while not server.is_healthy():
            pass
        urls[name] = f"http://127.0.0.1:{port}"
    return urls


def _ask(urls: dict[str, str], workload: Workload) -> bytes:
    request = urllib.request.Request(  # noqa: S310 - our own servers
        urls[workload.server] + workload.path,
        data=workload.body,
        headers={"Content-Type": "application/json"} if workload.body else {},
    )
    with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
        return bytes(response.read())


def _ratios(rates: dict[str, list[float]]) -> list[dict[str, Any]]:
    """Of the rounds' ratios the median, the least and the greatest, beside the target."""
    rows = []
    for ratio in RATIOS:
        pairs = zip(rates[ratio.of], rates[ratio.to], strict=True)
        each = sorted(of / to for of, to in pairs)
        median = statistics.median(each)
        reached = None if ratio.target is None else median >= ratio.target
        row = {"median": median, "least": each[0], "greatest": each[-1], "reached": reached}
        rows.append({**asdict(ratio), **row})
    return rows


def _environment() -> dict[str, Any]:
    git = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    revision = subprocess.run(git, capture_output=True, text=True, check=False)  # noqa: S603
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "revision": revision.stdout.strip() or None,
        "packages": {name: version(name) for name in PACKAGES},
    }


def report(document: dict[str, Any], console: Console) -> None:
    """Print the rates and the ratios of a document."""
    rates = Table("workload", "requests/s (median)", title="One core each, 16 connections")
    for name, values in document["rates"].items():
        rates.add_row(name, f"{statistics.median(values):,.0f}")
    ratios = Table("ratio", "median", "least to greatest", "target", title="Ratios in this run")
    for row in document["ratios"]:
        target = "" if row["target"] is None else f"{row['target']:g}: "
        verdict = {None: "", True: "reached", False: "missed"}[row["reached"]]
        spread = f"{row['least']:.2f} to {row['greatest']:.2f}"
        ratios.add_row(row["name"], f"{row['median']:.2f}", spread, target + verdict)
    console.print(rates, ratios)


if __name__ == "__main__":
    sys.exit(main())
