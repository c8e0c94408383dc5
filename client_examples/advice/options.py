"""The command line of advise.py."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from client_examples.advice.advising import Settings
from client_examples.advice.recording.used import BadUsed, read_used
from client_examples.advice.report.formats import FORMATS
from client_examples.advice.traffic.views import PAUSE_MS
from client_examples.comparison.command_line.values import bandwidth, milliseconds, readable
from client_examples.comparison.report.files import writable

_EPILOG = """\
A recording: open the developer tools' network tab, load the screens, and save all as HAR, with
content. Nothing of it leaves this machine. docs/advice.md says more.

exit status: 0 advised; 1 a file could not be written; 2 wrong usage, or a recording that cannot be
read, or has no API call (what can be read of it is used all the same); 130 interrupted
"""


@dataclass(frozen=True)
class Options:
    """What was asked for; `files` are those to write, by their format."""

    settings: Settings
    files: dict[str, Path]
    screens_file: Path | None
    verbose: bool


def parse(description: str | None, arguments: Sequence[str] | None) -> Options:
    """Read the command line.

    Raises:
        SystemExit: with status 2 after a usage error, 0 after `--help`.
    """
    parser = _parser(description)
    given = vars(parser.parse_args(arguments))
    files = {name: given[name] for name in FORMATS if given[name] is not None}
    screens_file = given["write_screens"]
    written = [*files.values(), *([screens_file] if screens_file else [])]
    resolved = [file.resolve() for file in [*given["files"], *written]]
    if len(set(resolved)) < len(resolved):
        parser.error("a file is named twice: recordings and files to write must all differ")
    try:
        used = None if given["used"] is None else read_used(given["used"])
    except BadUsed as error:
        parser.error(f"argument --used: {error}")
    return Options(_settings(given, used), files, screens_file, given["verbose"])


def _settings(given: dict[str, Any], used: Any) -> Settings:
    return Settings(
        files=given["files"],
        origins=given["origin"],
        pages=given["page"],
        pause_ms=given["pause_ms"],
        rates=given["bandwidth"],
        recorded_rtt_ms=given["recorded_rtt"],
        used=used,
        show_values=given["show_values"],
    )


def _parser(description: str | None) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=description,
        epilog=_EPILOG,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", type=readable, metavar="FILE.har", help="recordings (HAR 1.2, or .gz)"
    )
    _add_what(parser.add_argument_group("what to look at"))
    _add_how(parser.add_argument_group("how to compute"))
    _add_results(parser.add_argument_group("results"))
    return parser


def _add_what(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--origin",
        nargs="+",
        default=[],
        metavar="ORIGIN",
        help="only calls to these, such as https://api.example.com",
    )
    group.add_argument(
        "--page",
        nargs="+",
        default=[],
        metavar="PAGE",
        help="only the recorder's pages of these ids or numbers, from 1",
    )
    group.add_argument(
        "--pause-ms",
        type=milliseconds,
        default=PAUSE_MS,
        metavar="MS",
        help=f"a pause between two views (default {PAUSE_MS:g})",
    )
    group.add_argument(
        "--used", type=readable, metavar="FILE", help="what the screens use (docs/advice.md)"
    )


def _add_how(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--bandwidth",
        type=bandwidth,
        metavar="DOWN[/UP]",
        help="rates of the links in the tables in Mbit/s, such as 10/2; 10 is 10/10",
    )
    group.add_argument(
        "--recorded-rtt",
        type=milliseconds,
        metavar="MS",
        help="the round-trip time of the recording, where it does not tell it",
    )


def _add_results(group: argparse._ArgumentGroup) -> None:
    told = {"json": "all numbers", "html": "a page with waterfalls", "markdown": "the same as text"}
    for name in FORMATS:
        group.add_argument(
            f"--{name}", type=writable, metavar="FILE", help=f"write {told[name]} there"
        )
    group.add_argument(
        "--write-screens",
        type=writable,
        metavar="FILE.py",
        help="write the views as screens for compare_apis.py --screens",
    )
    group.add_argument(
        "--show-values", action="store_true", help="show addresses instead of templates"
    )
    group.add_argument("--verbose", action="store_true", help="print all numbers and calls")
