"""A walk through loads, each exchange printed as it is made, and what each load took."""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from requests import Response

from client_examples.clients.settings import Api, server_url, token_header
from client_examples.comparison.arms.exchanges import server_timing
from client_examples.comparison.arms.screen import Arm, Screen
from client_examples.comparison.command_line.values import header, readable, server_address
from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.results.counts import Counts

INTERRUPTED = 130  # 128 + SIGINT, as shells report it


@dataclass(frozen=True)
class Step:
    """One load. `heading` is None where it belongs to the step before."""

    heading: str | None
    says: str
    screen: Screen
    arm: str


def walk(description: str, steps: Sequence[Step], api: Api, arguments: Sequence[str] | None) -> int:
    """Take the steps over one API, as the command line says; the exit status."""
    given = _parse(description, api, arguments)
    headers = token_header() | dict(given.header)
    urls = {f"{api}_url": given.url}
    credentials = Credentials(headers, headers)
    try:
        with closing(
            Loader(
                urls.get("rest_url"),
                urls.get("graphql_url"),
                credentials=credentials,
                ca_file=given.ca_file and str(given.ca_file),
            )
        ) as loader:
            for step in steps:
                _take(step, loader)
    except ComparisonError as error:
        print(error, file=sys.stderr)
        return error.status
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _parse(description: str, api: Api, arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    try:
        default = server_url(api)
    except ValueError as error:
        parser.error(str(error))
    parser.add_argument(
        f"--{api}-url",
        "--url",
        dest="url",
        type=server_address,
        default=default,
        metavar="URL",
        help="default: %(default)s",
    )
    parser.add_argument(
        "--header", type=header, action="append", default=[], metavar="'NAME: VALUE'",
        help="send this with every request; may be repeated",
    )  # fmt: skip
    parser.add_argument(
        "--ca-file", type=readable, metavar="FILE", help="trust the certificates in this file"
    )
    return parser.parse_args(arguments)


def _take(step: Step, loader: Loader) -> None:
    if step.heading:
        print(f"\n{step.heading}\n{'=' * len(step.heading)}")
    print("\n" + textwrap.fill(step.says, 88))
    _, counts = loader.load_counted(step.screen, _arm(step), _print_exchange)
    print(_sum(counts))


def _arm(step: Step) -> Arm:
    return next(arm for arm in step.screen.arms if arm.name == step.arm)


def _print_exchange(response: Response) -> None:
    """One line, written at once, as several threads may do so."""
    request = response.request
    sent = len(request.body or b"")
    told = server_timing(response.headers.get("Server-Timing")).get("db", (None, ""))[1]
    line = f"  {request.method} {request.path_url}  {response.status_code}"
    line += f"  sent {sent:,} bytes," if sent else ""
    line += f"  received {len(response.content):,} bytes"
    line += f", {told}" if told else ""
    sys.stdout.write(line + "\n")


def _sum(counts: Counts) -> str:
    """What a load took in all."""
    requests = f"{counts.requests} request{'' if counts.requests == 1 else 's'}"
    rounds = f"{counts.rounds} round{'' if counts.rounds == 1 else 's'}"
    parts = [
        f"{requests} in {rounds}",
        f"{counts.body_bytes:,} bytes",
        f"{counts.used_leaves} of {counts.delivered_leaves} values used",
        f"over-fetch {counts.over_fetch:.0%}",
    ]
    if counts.statements is not None:
        parts.append(f"{counts.statements} statement{'' if counts.statements == 1 else 's'}")
    return "  = " + ", ".join(parts)
