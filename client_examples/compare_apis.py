"""Compare REST and GraphQL over the same screens, by every way of loading them."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from rich.text import Text

from client_examples.comparison.analysis.caveats import is_busy
from client_examples.comparison.analysis.regressions.budget import (
    KEPT,
    UnknownName,
    checked,
    for_each_arm,
)
from client_examples.comparison.analysis.regressions.changes import against
from client_examples.comparison.arms.live.screen import WatchScreen
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.command_line.arguments import LINK_RTT_MS
from client_examples.comparison.command_line.cures import cure
from client_examples.comparison.command_line.listing import listing
from client_examples.comparison.command_line.options import Options, parse
from client_examples.comparison.command_line.progress_bar import progress_bar
from client_examples.comparison.command_line.results_file import BadResults, read_results
from client_examples.comparison.errors import ComparisonError
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.loading.protocols import ByProtocol
from client_examples.comparison.measuring.browser.har import Recording
from client_examples.comparison.measuring.browser.run import BrowserTest
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.measuring.cpu.run import CpuTest
from client_examples.comparison.measuring.load_test.run import LoadTest
from client_examples.comparison.measuring.shared_cache.run import SharedCacheTest
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.report import numbers
from client_examples.comparison.report.files import FORMATS, console, print_report, write_all
from client_examples.comparison.report.sections.regressions.budget import summary
from client_examples.comparison.report.unsettled import unsettled
from client_examples.comparison.results.document import Document, not_begun
from client_examples.comparison.results.environment import affinity
from client_examples.comparison.results.judging.regressions import Limit
from client_examples.comparison.screens import ALL_SCREENS

WRONG_USAGE = 2
OVER_BUDGET = 5
INTERRUPTED = 130  # 128 + SIGINT, as shells report it


def main(
    arguments: Sequence[str] | None = None,
    screens: Sequence[Screen | WatchScreen] = ALL_SCREENS,
) -> int:
    """Run the command line over the given screens; the exit status."""
    options = parse(__doc__, arguments, screens)
    if options.list_only:
        screen = console()
        text = listing([*options.screens, *options.watched], screen.width)
        screen.print(Text(text), soft_wrap=True)
        return 0
    try:
        before = None if options.against is None else read_results(options.against)
        if options.source is not None:
            return _show_again(options.source, options, before)
        with (
            _relay(options) as relay,
            closing(_loader(options, relay)) as loader,
            closing(ByProtocol(loader, options.settings, options.named)) as ways,
        ):
            return _compare(options, ways, before)
    except ComparisonError as error:
        return _ended_at_once(error, options)
    except (BadResults, UnknownName) as error:
        print(f"compare_apis: {error}", file=sys.stderr)
        return WRONG_USAGE
    except KeyboardInterrupt:
        return INTERRUPTED


def _compare(options: Options, ways: ByProtocol, before: Document | None) -> int:
    """Compare, then save and print what was measured, however it ended; the exit status."""
    status = 0
    failures: list[ComparisonError] = []
    recording = Recording() if options.har else None
    with progress_bar() as advance:
        comparison = _comparison(options, ways, advance, recording)
        try:
            comparison.run()
        except KeyboardInterrupt:
            status = INTERRUPTED
        except ComparisonError as error:
            failures.append(error)
        failures += comparison.failures
    for failure in failures:
        cure(failure, options)
    document = replace(comparison.document(), failures=[one.failure for one in failures])
    document = _judged(document, before, options.budget)
    written, errors = _write(document, options, recording)
    failures += errors
    is_timed = any(arm.samples for screen in document.screens for arm in screen.arms)
    if is_timed or document.watching:
        print_report(document, console(), verbose=options.verbose)
        print()
    _name(written)
    if recording and not recording.document:
        print(f"Not written: {options.har}, since no load in the browser was recorded")
    if is_timed or document.watching:
        _print_what_else(document, options)
    statuses = [_failed(failure) for failure in failures]
    return status or next(iter(statuses), _over_budget(document))


def _comparison(
    options: Options,
    ways: ByProtocol,
    advance: Callable[[int, int], None],
    recording: Recording | None,
) -> Comparison:
    """What is to be run, as the options ask for it."""
    return Comparison(
        options.screens,
        ways.own,
        options.settings,
        advance,
        options.watched,
        LoadTest(options.loaded, options.own_screens),
        CpuTest(options.loaded, options.own_screens),
        ways,
        SharedCacheTest(options.shared),
        _browser_test(options, ways, recording),
    )


def _ended_at_once(error: ComparisonError, options: Options) -> int:
    """Nothing was loaded, which --junit tells too: a build may look at that file alone."""
    cure(error, options)
    document = not_begun(options.settings, error.failure)
    files = {name: file for name, file in options.files.items() if name == "junit"}
    written, failures = write_all(document, files, FORMATS)
    _name(written)
    statuses = [_failed(one) for one in (error, *failures)]
    return statuses[0]


def _write(
    document: Document, options: Options, recording: Recording | None
) -> tuple[list[Path], list[ComparisonError]]:
    """Write the files that were asked for; which are written, and what kept the others from it."""
    written: list[Path] = []
    failures: list[ComparisonError] = []
    if document.screens or document.watching or document.failures:
        files, errors = write_all(document, options.files, FORMATS)
        written += files
        failures += errors
    if recording and recording.document and options.har:
        texts = {"har": lambda _: json.dumps(recording.document)}
        files, errors = write_all(document, {"har": options.har}, texts)
        written += files
        failures += errors
    return written, failures


def _show_again(source: Path, options: Options, before: Document | None) -> int:
    """Print and write what an earlier run has saved."""
    document = read_results(source)
    document = _judged(document, before, list(_limits(options.budget, document)))
    written, failures = write_all(document, options.files, FORMATS)
    print_report(document, console(), verbose=options.verbose)
    print()
    _name(written)
    _print_what_else(document, options)
    statuses = [*map(_failed, failures), _ended(document, source), _over_budget(document)]
    return next(filter(None, statuses), 0)


def _limits(budget: Sequence[Limit], document: Document) -> Iterator[Limit]:
    """A budget's limits for a saved run; where screens were lost, unknown names may be of those."""
    arms = {screen.name: [arm.name for arm in screen.arms] for screen in document.screens}
    for limit in budget:
        try:
            yield from for_each_arm([limit], arms)
        except UnknownName:
            if document.complete and not document.failures:
                raise


def _ended(document: Document, source: Path) -> int:
    """Say what went wrong in an earlier run; the exit status that it had, but for its budget."""
    for failure in document.failures:
        print(f"compare_apis: {failure}", file=sys.stderr)
    if not document.complete:
        print(f"compare_apis: {source} is of a run that did not end", file=sys.stderr)
    statuses = (failure.exit_status for failure in document.failures)
    return next(statuses, 0 if document.complete else INTERRUPTED)


def _judged(document: Document, before: Document | None, limits: Sequence[Limit]) -> Document:
    """The document beside an earlier run, and with the limits of the budget, if there are any."""
    if before is not None:
        document = replace(document, against=against(before, document))
    return replace(document, budget=checked(limits, document, before)) if limits else document


def _over_budget(document: Document) -> int:
    """The exit status by the budget; 0 without one."""
    if all(one.outcome in KEPT for one in document.budget):
        return 0
    print(f"compare_apis: the budget is broken. {summary(document)}", file=sys.stderr)
    return OVER_BUDGET


@contextmanager
def _relay(options: Options) -> Iterator[Relay | None]:
    """What is to be the links, if there are any, and counts bytes over several protocols."""
    settings = options.settings
    # Cold loads are counted over a link, too.
    if not settings.links and len(settings.protocols) < 2 and not settings.cold:
        yield None
        return
    # A network is of neither side. On the client's processors it waits for the client, and so
    # order-history by rest/parallel took 9 and 15% longer at 20 ms (two runs of 36 loads each way,
    # in turns, on two busy processors).
    held = affinity(settings.server_processors)
    with closing(Relay(None if held is None else held["network"])) as relay:
        yield relay


def _loader(options: Options, relay: Relay | None) -> Loader:
    return Loader(
        options.settings.rest_url,
        options.settings.graphql_url,
        credentials=options.credentials,
        ca_file=None if options.ca_file is None else str(options.ca_file),
        cold=options.settings.cold,
        relay=relay,
    )


def _browser_test(options: Options, ways: ByProtocol, recording: Recording | None) -> BrowserTest:
    ca_file = None if options.ca_file is None else str(options.ca_file)
    return BrowserTest(options.settings, ways.own.relay, options.credentials, ca_file, recording)


def _name(written: Sequence[Path]) -> None:
    here = Path.cwd()
    for file in written:
        shown = file.relative_to(here) if file.is_relative_to(here) else file
        print(f"Wrote {shown}", flush=True)


def _print_what_else(document: Document, options: Options) -> None:
    """What would tell more, and what to run again where something is open."""
    screen = console()
    hints = [] if options.verbose else ["--verbose prints all numbers."]
    hints += _not_measured(document)
    if options.source is not None and document.budget and not options.budget:
        hints.append("The budget is what that run was checked by: --budget checks it by another.")
    if hints:
        screen.print(Text(" ".join(hints)))
    found = unsettled(document)
    if found is not None:
        screen.print(Text(f"Not settled: {found.reasons}."))
        quiet = ", on a quiet machine" if is_busy(document.environment) else ""
        again = f"Run again{quiet}: {found.again}".rstrip(": ")
        # On a line of its own where it would be broken in two, which could not be copied.
        again = again if len(again) <= screen.width else again.replace(": ", ":\n", 1)
        screen.print(Text(again), soft_wrap=True)


def _not_measured(document: Document) -> list[str]:
    """What takes longer and was not asked for, as a sentence; an option's name may say it all."""
    asked = document.settings
    near = [rtt for rtt in asked.link_rtts_ms if rtt]
    distances = "other distances" if near else "distances"
    more = {
        f"{distances} (--rtt)": near in ([], [LINK_RTT_MS]) and not asked.profiles,
        "slow links (--network)": not asked.profiles and asked.bandwidth_mbit is None,
        "new connections (--cold)": not asked.cold,
        "failures (--resilience)": not asked.resilience,
        "many users (--load)": asked.load is None,
        "processor time (--cpu)": asked.cpu is None,
        "--shared-cache": asked.shared_cache is None and not asked.is_own,
        "--self-check": not asked.self_check,
        "--browser": asked.browser is None and asked.edge_url is not None and not asked.is_own,
    }
    left_out = [what for what, is_left_out in more.items() if is_left_out]
    return [f"Not measured: {numbers.listed(left_out)}."] if left_out else []


def _failed(error: ComparisonError) -> int:
    print(f"compare_apis: {error}", file=sys.stderr)
    return error.status


if __name__ == "__main__":
    sys.exit(main())
