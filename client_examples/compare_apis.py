"""Compare REST and GraphQL over the same screens, by every way of loading them."""

import json
import sys
import textwrap
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console

from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.command_line.options import Options, parse
from client_examples.comparison.command_line.progress_bar import progress_bar
from client_examples.comparison.errors import ComparisonError, ServerAway
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.measuring.load_test.run import CrowdRun
from client_examples.comparison.measuring.timing import GARBAGE_COLLECTION
from client_examples.comparison.network.connections import AT_ONCE
from client_examples.comparison.report.files import write_all
from client_examples.comparison.report.terminal import WIDTH, print_report
from client_examples.comparison.results.document import (
    SCHEMA_VERSION,
    Document,
    Settings,
    from_json,
)
from client_examples.comparison.screens import ALL_SCREENS

WARM_UP, QUICK_WARM_UP = 5, 2  # loads per arm that are not counted
VISITS = 30  # timed loads per arm and phase of second visits, or as many as of all arms
LINK_SAMPLES = 5  # loads per arm over a simulated link
WATCHED_ORDERS, QUICK_WATCHED_ORDERS = 5, 1  # by each arm, one after the other
WRONG_USAGE = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main(
    arguments: Sequence[str] | None = None,
    screens: Sequence[Screen | WatchScreen] = ALL_SCREENS,
) -> int:
    """Run the command line over the given screens; the exit status."""
    options = parse(__doc__, arguments, screens)
    if options.list_only:
        _print_screens([*options.screens, *options.watched])
        return 0
    try:
        if options.source is not None:
            return _show_again(options.source, options)
        with closing(_loader(options)) as loader:
            return _compare(options, loader)
    except ComparisonError as error:
        return _failed(error, options)
    except KeyboardInterrupt:
        return INTERRUPTED


def _compare(options: Options, loader: Loader) -> int:
    """Compare, then save and print what was measured, however it ended; the exit status."""
    status = 0
    failures: list[ComparisonError] = []
    with progress_bar() as advance:
        settings = _settings(options)
        crowd = CrowdRun(options.loaded, options.own_screens)
        comparison = Comparison(options.screens, loader, settings, advance, options.watched, crowd)
        try:
            comparison.run()
        except KeyboardInterrupt:
            status = INTERRUPTED
        except ComparisonError as error:
            failures.append(error)
    document = comparison.document()
    if document.screens or document.watching:
        failures += write_all(document, options.files)
    is_timed = any(arm.samples for screen in document.screens for arm in screen.arms)
    if is_timed or document.watching:
        _print(document)
    if document.complete:
        _print_what_else(options)
    statuses = [_failed(failure, options) for failure in failures]
    return status or next(iter(statuses), 0)


def _show_again(source: Path, options: Options) -> int:
    """Print and write what an earlier run has saved."""
    try:
        text = source.read_text(encoding="utf-8")
        _require_known_version(text)
        document = from_json(text)
    except ValueError as error:
        reason = str(error).partition("\n")[0]
        print(f"compare_apis: {source} holds no results of --json: {reason}", file=sys.stderr)
        return WRONG_USAGE
    failures = write_all(document, options.files)
    _print(document)
    return next(iter([_failed(failure, options) for failure in failures]), 0)


def _require_known_version(text: str) -> None:
    found = json.loads(text)
    version = found.get("schema_version") if isinstance(found, dict) else None
    if version != SCHEMA_VERSION:
        raise ValueError(f"its schema is of version {version}, this program's of {SCHEMA_VERSION}")


def _loader(options: Options) -> Loader:
    return Loader(
        options.rest_url,
        options.graphql_url,
        headers=options.headers,
        ca_file=None if options.ca_file is None else str(options.ca_file),
        cold=options.cold,
    )


def _settings(options: Options) -> Settings:
    return Settings(
        rest_url=options.rest_url,
        graphql_url=options.graphql_url,
        header_names=sorted(options.headers),
        samples=options.samples,
        warm_up=QUICK_WARM_UP if options.quick else WARM_UP,
        seed=options.seed,
        at_once=AT_ONCE,
        garbage_collection=GARBAGE_COLLECTION,
        link_rtts_ms=options.rtts_ms,
        link_samples=LINK_SAMPLES,
        bandwidth_mbit=options.bandwidth_mbit,
        cold=options.cold,
        failure_rate=options.failure_rate,
        resilience=options.resilience,
        quick=options.quick,
        floor_rest=options.floor_rest,
        floor_graphql=options.floor_graphql,
        self_check=options.self_check,
        budget_s=options.budget_s,
        visit_samples=min(options.samples, VISITS),
        watched_orders=QUICK_WATCHED_ORDERS if options.quick else WATCHED_ORDERS,
        load=options.load,
    )


def _print(document: Document) -> None:
    print_report(document, Console(width=None if sys.stdout.isatty() else WIDTH))


def _print_what_else(options: Options) -> None:
    """Name what takes longer and was not asked for."""
    more = {
        "--samples 300": options.samples < 300,
        "--rtt 1 20 100": len(options.rtts_ms) < 2,
        "--bandwidth 10": options.bandwidth_mbit is None,
        "--cold": not options.cold,
        "--resilience": not options.resilience,
        "--load": options.load is None,
        "--self-check": not options.self_check,
    }
    left_out = [option for option, is_left_out in more.items() if is_left_out]
    if left_out:
        text = f"Takes longer, and was left out: {', '.join(left_out)} (see --help)."
        print(f"\n{textwrap.fill(text, WIDTH, break_on_hyphens=False)}")


def _failed(error: ComparisonError, options: Options) -> int:
    # How to start the bookstore's servers is of no use to those who have their own.
    is_foreign = isinstance(error, ServerAway) and options.own_screens
    text = error.reason if is_foreign and isinstance(error, ServerAway) else str(error)
    print(f"compare_apis: {text}", file=sys.stderr)
    return error.status


def _print_screens(screens: Sequence[Screen | WatchScreen]) -> None:
    for screen in screens:
        print(f"{screen.name}: {screen.shows}")
        arms = screen.arms if isinstance(screen, WatchScreen) else [*screen.arms, *screen.caching]
        for arm in arms:
            print(f"  {arm.name:21} {arm.description}")


if __name__ == "__main__":
    sys.exit(main())
