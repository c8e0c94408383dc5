"""Measures the claims of docs/claims.md that no other command measures.

    python -m benchmarks.claims [--claim NUMBER ...] [--json FILE]

Prints each claim's verdict and table. `--json` writes what was measured; what the file already has
of other claims stays, so one can be measured anew alone. `python -m benchmarks.documents` puts it
into the page. Needs `pip install -e '.[claims]'`.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from benchmarks.claims.claim import Claim, NothingToJudge, Verdict, heading
from benchmarks.claims.measurements import FAILURES, MEASUREMENTS, Measurement, Tell
from benchmarks.claims.results import NotReadable, Part, merged, to_json
from client_examples.comparison.results.environment import environment


def main(
    arguments: Sequence[str] | None = None, measurements: Sequence[Measurement] = MEASUREMENTS
) -> int:
    """Measure, print and write; the exit status, 1 if that fails."""
    options = _parse(arguments, measurements)
    console = Console()
    try:
        if options.json:
            merged(options.json, {})  # before minutes of work
        known = environment()  # once: to write the file is a change of the checkout
        for one in options.measurements:
            part, results = _measured(one, known, console.print)
            if options.json:
                # After each, so that those that were measured are kept if a later one fails.
                options.json.write_text(to_json(merged(options.json, {one.number: part})))
            try:
                report(one.claim(results), console)
            except NothingToJudge as error:
                console.print(f"{heading(one.number, one.words)}: {_plain(error.verdict)}")
    except (NotReadable, OSError, *FAILURES) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parse(
    arguments: Sequence[str] | None, measurements: Sequence[Measurement]
) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.claims", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    each = "; ".join(f"{one.number}: {one.words}" for one in measurements)
    parser.add_argument(
        "--claim", type=int, nargs="+", metavar="NUMBER", help=f"measure only these ({each})"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured there")
    options = parser.parse_args(arguments)
    known = {one.number: one for one in measurements}
    wanted = options.claim or list(known)
    unknown = [str(number) for number in wanted if number not in known]
    if unknown:
        there = ", ".join(map(str, known))
        parser.error(f"claim {', '.join(unknown)} is not measured by this command, but {there}")
    options.measurements = [known[number] for number in sorted(set(wanted))]
    for one in options.measurements:
        if missing := one.missing():
            parser.error(
                f"claim {one.number} needs {', '.join(missing)}: pip install -e '.[claims]'"
            )
    return options


def _measured(one: Measurement, known: dict[str, Any], tell: Tell) -> tuple[Part, object]:
    tell(f"{one.number}. {one.words}")
    began, start = datetime.now(UTC), time.perf_counter()
    results = one.measure(tell)
    seconds = round(time.perf_counter() - start, 1)
    return Part(began.isoformat(timespec="seconds"), seconds, known, asdict(results)), results


def report(claim: Claim, console: Console) -> None:
    """The verdict, the table and the reasons."""
    shown = Table(title=f"{claim.heading}: {_plain(claim.verdict)}")
    for column, title in enumerate(claim.table.header):
        side: Literal["left", "right"] = "left" if column < claim.table.left else "right"
        shown.add_column(title, justify=side, overflow="fold")
    for row in claim.table.rows:
        shown.add_row(*row)
    console.print(shown)
    console.print(" ".join(claim.why))


def _plain(verdict: Verdict) -> str:
    return str(verdict).replace("**", "")


if __name__ == "__main__":
    sys.exit(main())
