"""Compare REST and GraphQL over the same screens, by every way of loading them."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from client_examples.comparison.arms import Screen
from client_examples.comparison.document import Document, Settings, to_json
from client_examples.comparison.exchanges import AT_ONCE
from client_examples.comparison.failures import ComparisonError
from client_examples.comparison.loading import Loader
from client_examples.comparison.measurement import GARBAGE_COLLECTION, Comparison
from client_examples.comparison.report import WIDTH, print_report
from client_examples.comparison.screens import SCREENS
from client_examples.graphql_client import GRAPHQL_URL
from client_examples.http_client import address
from client_examples.rest_client import REST_URL

WARM_UP = 5  # loads per arm that are not counted
SAMPLES = 30  # loads per arm that are
INTERRUPTED = 130  # 128 + SIGINT, as shells report it

STATUSES = """\
exit status: 0 compared; 1 a screen could not be loaded; 2 wrong usage; 3 a server is away;
4 two arms show different things; 130 interrupted
"""


def main(arguments: Sequence[str] | None = None, screens: Sequence[Screen] = SCREENS) -> int:
    """Run the command line over the given screens; the exit status."""
    options = _parser(screens).parse_args(arguments)
    if options.list:
        _print_screens(screens)
        return 0
    chosen = [screen for screen in screens if screen.name in (options.screen or [screen.name])]
    settings = Settings(
        rest_url=options.rest_url,
        graphql_url=options.graphql_url,
        samples=options.samples,
        warm_up=WARM_UP,
        seed=options.seed,
        at_once=AT_ONCE,
        garbage_collection=GARBAGE_COLLECTION,
    )
    try:
        with closing(Loader(settings.rest_url, settings.graphql_url)) as loader:
            return _compare(chosen, loader, settings, options.json)
    except ComparisonError as error:
        return _failed(error)
    except KeyboardInterrupt:
        return INTERRUPTED


def _compare(
    screens: Sequence[Screen], loader: Loader, settings: Settings, json_file: Path | None
) -> int:
    """Compare, then save and print what was measured, however it ended; the exit status."""
    with _progress_bar() as advance:
        comparison = Comparison(screens, loader, settings, advance)
        status = 0
        failure: ComparisonError | None = None
        try:
            comparison.run()
        except KeyboardInterrupt:
            status = INTERRUPTED
        except ComparisonError as error:
            failure = error
    document = comparison.document()
    if json_file is not None and document.screens:
        unsaved = _save(document, json_file)
        failure = failure or unsaved
    if any(arm.samples for screen in document.screens for arm in screen.arms):
        print_report(document, Console(width=None if sys.stdout.isatty() else WIDTH))
    return status if failure is None else _failed(failure)


def _parser(screens: Sequence[Screen]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog=STATUSES,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option, default in (("--rest-url", REST_URL), ("--graphql-url", GRAPHQL_URL)):
        parser.add_argument(
            option, type=address, default=default, metavar="URL", help=f"default {default}"
        )
    parser.add_argument(
        "--screen",
        nargs="+",
        choices=[screen.name for screen in screens],
        metavar="NAME",
        help="compare only these",
    )
    parser.add_argument("--list", action="store_true", help="list the screens and their arms")
    parser.add_argument(
        "--samples",
        type=_positive,
        default=SAMPLES,
        metavar="N",
        help=f"timed loads per arm (default {SAMPLES}), after {WARM_UP} that are not counted",
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="decides the random order (default 1)"
    )
    parser.add_argument(
        "--json", type=_new_file, metavar="FILE", help="write all results and samples there"
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {number}")
    return number


def _new_file(text: str) -> Path:
    """A file that can be written, found out before anything is measured."""
    file = Path(text)
    folder = file.absolute().parent
    if file.is_dir() or not os.access(file if file.exists() else folder, os.W_OK):
        raise argparse.ArgumentTypeError(f"cannot write {text}")
    return file


@contextmanager
def _progress_bar() -> Iterator[Callable[[int, int], None]]:
    """A function that shows how many loads are done, of how many.

    It draws when it is called, never by a thread of its own, which would disturb what is timed.
    """
    console = Console(stderr=True)
    bar = Progress(
        console=console, auto_refresh=False, transient=True, disable=not console.is_terminal
    )
    task = bar.add_task("loads", total=None)
    drawn = time.monotonic()

    def advance(done: int, total: int) -> None:
        nonlocal drawn
        due = time.monotonic() - drawn > 0.1  # s
        bar.update(task, completed=done, total=total, refresh=due)
        drawn = time.monotonic() if due else drawn

    with bar:
        yield advance


def _save(document: Document, file: Path) -> ComparisonError | None:
    """Write the document; what went wrong, where something did."""
    try:
        file.write_text(to_json(document), encoding="utf-8")
    except OSError as error:
        return ComparisonError(f"cannot write {file}: {error.strerror}")
    return None


def _failed(error: ComparisonError) -> int:
    print(f"compare_apis: {error}", file=sys.stderr)
    return error.status


def _print_screens(screens: Sequence[Screen]) -> None:
    for screen in screens:
        print(f"{screen.name}: {screen.shows}")
        for arm in screen.arms:
            print(f"  {arm.name:20} {arm.description}")


if __name__ == "__main__":
    sys.exit(main())
