"""Try both servers with requests that schemathesis makes up from what they say of themselves.

    python -m tests.conformance.fuzz --examples 1000

It starts servers of its own, over sample data of their own.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from launcher.processes import ServerPair
from shared.config import CHECKOUT

FOLDER = Path(__file__).resolve().parent
DESCRIBED_AT = {"rest": "/openapi.json", "graphql": "/graphql"}


@dataclass(frozen=True)
class Outcome:
    """What became of a run.

    Attributes:
        passed: every operation was tried to the end, and no check has failed.
        cases: requests made.
        text: what the tool has told: each failure, with the command that repeats it.
    """

    passed: bool
    cases: int
    text: str


def fuzz(api: str, base_url: str, examples: int, seed: int, *options: str) -> Outcome:
    """Run schemathesis against `rest` or `graphql` with so many examples for each operation.

    `options` are further ones of its command line. The same seed over the same rows makes the
    same requests.

    Raises:
        RuntimeError: the tool could not do its work.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            *(
                sys.executable,
                "-m",
                "schemathesis.cli",
                "--config-file",
                str(FOLDER / f"{api}.toml"),
            ),
            *("run", f"{base_url}{DESCRIBED_AT[api]}", "--no-color"),
            *("--max-examples", str(examples), "--seed", str(seed)),
            *("--report", "json", "--report-json-path", str(report), *options),
        ]
        done = subprocess.run(
            command,
            cwd=CHECKOUT,  # where the hooks are imported from
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not report.exists():
            raise RuntimeError(f"schemathesis ended with status {done.returncode}:\n{done.stdout}")
        found = json.loads(report.read_text())
    operations = found["operations"]
    whole = found["complete"] and operations["tested"] == operations["total"] > 0
    return Outcome(whole and done.returncode == 0, found["test_cases"]["generated"], done.stdout)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. The exit status is 1 if something was found."""
    assert __doc__
    first_line = __doc__.partition("\n")[0]
    parser = argparse.ArgumentParser("python -m tests.conformance.fuzz", description=first_line)
    parser.add_argument("--api", choices=DESCRIBED_AT, help="only this one")
    parser.add_argument("--examples", type=int, default=100, help="for each operation")
    parser.add_argument("--seed", type=int, help="a number that repeats a run; random if left out")
    given = parser.parse_args(arguments)
    seed = random.randrange(10**9) if given.seed is None else given.seed
    passed = True
    for api in [given.api] if given.api else DESCRIBED_AT:
        with ServerPair() as servers:
            url = servers.rest_url if api == "rest" else servers.graphql_url
            outcome = fuzz(api, url, given.examples, seed)
        print(outcome.text)
        print(f"{api}: {outcome.cases} requests of seed {seed}", flush=True)
        passed = passed and outcome.passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
