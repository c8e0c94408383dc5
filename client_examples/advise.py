"""Say what recorded screens cost, and what would cure it: GraphQL, better REST, HTTP/2, the client.

A recording (HAR) is made by a browser's developer tools, Playwright, or a proxy.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from client_examples.advice.advising import Known, Settings, advise, known
from client_examples.advice.options import Options, parse
from client_examples.advice.report.formats import FORMATS, print_report
from client_examples.advice.report.sections import left_out
from client_examples.advice.screens_file import screens_text
from client_examples.comparison.report.files import console, write_all
from client_examples.comparison.report.numbers import counted

WRONG_INPUT = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status."""
    options = parse(__doc__, arguments)
    try:
        return _advise(options)
    except KeyboardInterrupt:
        return INTERRUPTED


def _advise(options: Options) -> int:
    found = known(options.settings)
    wrong = found.recording.wrong
    if not found.calls and not wrong:
        wrong.append(_no_call(found, options.settings))
    for line in wrong:
        print(f"advise: {line}", file=sys.stderr)
    status = WRONG_INPUT if wrong else 0
    if not found.calls:
        return status
    advice = advise(found, options.settings)
    screen = console()
    written, failures = write_all(advice, options.files, FORMATS)
    if options.screens_file is not None:
        place = options.screens_file
        screens = {"screens": lambda _: screens_text(found, options.settings, place)}
        more, wrong_files = write_all(advice, {"screens": place}, screens)
        written, failures = [*written, *more], [*failures, *wrong_files]
    print_report(advice, screen, verbose=options.verbose)
    _name(screen, written)
    for failure in failures:
        print(f"advise: {failure}", file=sys.stderr)
    return status or (1 if failures else 0)


def _no_call(found: Known, settings: Settings) -> str:
    files = ", ".join(str(file) for file in settings.files)
    entries = counted(found.recording.entries, "entry")
    reasons = left_out(dict(found.recording.left_out.most_common()))
    return (
        f"{files}: none of {entries} is an API call{f' ({reasons})' if reasons else ''}; record "
        "while the page loads its data"
    )


def _name(screen: Console, written: Sequence[Path]) -> None:
    if written:
        screen.print()
    for file in written:
        print(f"Wrote {file}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
