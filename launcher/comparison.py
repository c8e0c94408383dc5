"""Run the comparison over a pair of servers."""

import signal
import subprocess
import time
from collections.abc import Sequence

from launcher.processes import ServerPair
from launcher.server import ServerEnded, shell_status
from launcher.signals import Signals, StopRequested

# For saving what was measured, once the comparison was interrupted or has lost a server.
SAVE_LIMIT_S = 30.0


def compare(
    pair: ServerPair, program: Sequence[str], arguments: Sequence[str], signals: Signals
) -> int:
    """Run the comparison to its end, and return its status.

    Raises:
        ServerEnded: a server ended meanwhile; with the comparison's status, if that has failed.
        StopRequested: it was interrupted, and has had time to save what it had.
    """
    urls = ["--rest-url", pair.rest_url, "--graphql-url", pair.graphql_url]
    # In a session of its own it gets Ctrl-C from here alone, and once.
    process = subprocess.Popen(  # noqa: S603 - the project's own program
        [*program, *urls, *arguments], stdin=subprocess.DEVNULL, start_new_session=True
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


def _wait(process: subprocess.Popen[bytes], signals: Signals) -> int:
    """Give it time to end; the status, or 0 where it took too long."""
    deadline = time.monotonic() + SAVE_LIMIT_S
    while process.poll() is None and time.monotonic() < deadline:
        signals.pause(max(0.0, deadline - time.monotonic()))
    return shell_status(process.returncode or 0)
