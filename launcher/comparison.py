"""Run the comparison over a pair of servers."""

import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from launcher.affinity import Affinity, held_on
from launcher.processes import ServerPair
from launcher.server import ServerEnded, shell_status
from launcher.signals import Signals, StopRequested

# For saving what was measured, once the comparison was interrupted or has lost a server.
SAVE_LIMIT_S = 30.0


def measures_nothing(arguments: Sequence[str]) -> bool:
    """Whether the comparison only shows something, for which it needs no servers."""
    named = {*_options(arguments), *arguments}
    return not {"-h", "--help", "--list", "--from"}.isdisjoint(named)


def compare(
    pair: ServerPair,
    program: Sequence[str],
    arguments: Sequence[str],
    signals: Signals,
    results: Path,
    held: Affinity | None,
) -> int:
    """Run the comparison to its end, and return its status.

    It writes its results to the folder `results`, unless the arguments name other files, and says
    where they are. `held` are the processors of the servers and of the comparison, which tells
    them among its results.

    Raises:
        ServerEnded: a server ended meanwhile; with the comparison's status, if that has failed.
        StopRequested: it was interrupted, and has had time to save what it had.
    """
    urls = ["--rest-url", pair.rest_url, "--graphql-url", pair.graphql_url]
    added = _results(arguments, results)
    if held:
        added += ["--server-processors", ",".join(map(str, held.servers))]
    if pair.edge:
        added += ["--edge-url", pair.edge.url, "--ca-file", str(pair.edge.authority)]
    with held_on(held and held.client):
        # In a session of its own it gets Ctrl-C from here alone, and once.
        process = subprocess.Popen(  # noqa: S603 - the project's own program
            [*program, *urls, *added, *arguments], stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        while (status := process.poll()) is None:
            pair.check()
            signals.pause()
        return shell_status(status)
    except StopRequested:
        process.send_signal(signal.SIGINT)
        _wait(process, signals)
        raise
    except ServerEnded as end:
        # The comparison finds out by itself, and knows best what that did to its measurements.
        end.status = _wait(process, signals) or end.status
        raise
    finally:
        process.kill()
        process.wait()


def _results(arguments: Sequence[str], folder: Path) -> list[str]:
    """The options that are to be added, for the files that the user has not named."""
    names = [name for name in ("json", "html") if f"--{name}" not in _options(arguments)]
    if names:
        with suppress(OSError):  # the comparison says what cannot be written
            folder.mkdir(exist_ok=True)
    return [f"--{name}={folder / f'comparison.{name}'}" for name in names]


def _options(arguments: Sequence[str]) -> dict[str, str]:
    """What follows each option, behind `=` or as the next argument; the last one counts."""
    found = {}
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=False):
        if argument.startswith("--"):
            option, equals, value = argument.partition("=")
            found[option] = value if equals else following
    return found


def _wait(process: subprocess.Popen[bytes], signals: Signals) -> int:
    """Give it time to end; the status, or 0 where it took too long."""
    deadline = time.monotonic() + SAVE_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        signals.pause(max(0.0, deadline - time.monotonic()))
    return shell_status(process.returncode or 0)
