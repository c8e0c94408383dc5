"""Set the checkout up: the virtual environment, the exact requirements, GraphiQL's files.

It runs before anything is installed, so it and what it imports use the standard library alone.
"""

import errno
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from launcher.stamps import FAILED, INCOMPLETE, INSTALLED, NO_NPM, Checkout, npm

# GraphiQL is a convenience: a network that hangs must not keep the servers from starting.
NPM_LIMIT_S = 180.0

_BEGINNINGS = {
    "": "Setting up on first use: this takes a minute or two and needs the network.",
    INCOMPLETE: "The last set-up did not end: setting up anew, which takes a minute or two.",
    FAILED: "The last set-up failed: trying again.",
}
_CHANGED = "The checkout's place or its requirements changed: bringing .venv up to date."


class SetUpError(Exception):
    """What could not be done, what to do about it, and what the tool said."""


class ToolKilled(SetUpError):
    """The tool did not end by itself: what it was writing may be half written."""


def set_up(checkout: Checkout, python: str) -> None:
    """Do what is left to do; `python` makes the virtual environment, where one is needed.

    Raises:
        SetUpError: the packages cannot be installed. GraphiQL's files are only warned about.
    """
    with _alone(checkout.root) as lock:
        if not checkout.packages_are_current() or not _has_pip(checkout.python):
            _install_packages(checkout, python, lock)
        if not checkout.graphiql_is_current():
            checkout.record_graphiql(_install_graphiql(checkout, lock))


def _install_packages(checkout: Checkout, python: str, lock: int) -> None:
    _say(_BEGINNINGS.get(checkout.packages_state, _CHANGED))
    if checkout.packages_state == INCOMPLETE or not _has_pip(checkout.python):
        _make_environment(checkout, python, lock)
    checkout.record_packages(INCOMPLETE)
    command = [str(checkout.python), "-I", "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "--requirement", "requirements.txt"]
    with _step("Python packages into .venv"):
        try:
            _run(command, checkout.root, lock, "pip could not install requirements.txt")
        except ToolKilled:
            raise
        except SetUpError:
            checkout.record_packages(FAILED)  # but whole: pip takes back what it cannot finish
            raise
    checkout.record_packages(INSTALLED)


def _has_pip(python: Path) -> bool:
    question = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    command = [str(python), "-I", "-c", question]
    try:
        done = subprocess.run(  # noqa: S603 - the checkout's own Python
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError:
        return False
    return done.returncode == 0


def _make_environment(checkout: Checkout, python: str, lock: int) -> None:
    # The programs first: what is left of a removal that is interrupted must not look usable.
    for folder in (checkout.environment / "bin", checkout.environment):
        if folder.exists():
            shutil.rmtree(folder)
    checkout.environment.mkdir()
    checkout.record_packages(INCOMPLETE)
    failure = "the virtual environment could not be made (on Debian: apt-get install python3-venv)"
    command = [python, "-I", "-m", "venv", str(checkout.environment)]
    _run(command, checkout.root, lock, failure)


def _install_graphiql(checkout: Checkout, lock: int) -> str:
    program = npm()
    if program is None:
        _say("npm is not here: GraphiQL's page will load its files from a public network.")
        return NO_NPM
    command = [program, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        with _step("GraphiQL's files by npm"):
            _run(command, checkout.graphiql, lock, "npm ci failed", NPM_LIMIT_S)
    except SetUpError as error:
        shutil.rmtree(checkout.graphiql / "node_modules", ignore_errors=True)
        _say(f"Warning: {error}")
        _say("GraphiQL's page will load its files from a public network.")
        _say(f"To try again: cd '{checkout.graphiql}' && npm ci")
        return FAILED
    return INSTALLED


def _run(
    command: Sequence[str],
    folder: Path,
    lock: int,
    failure: str,
    limit_s: float | None = None,
) -> None:
    environment = os.environ | {"PIP_USER": "0"}  # or pip would refuse a virtual environment
    try:
        done = subprocess.run(  # noqa: S603 - pip, venv and npm
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=limit_s,
            check=False,
            # The tool holds the lock too: should this process be killed, the next waits for it.
            pass_fds=[lock],
        )
    except subprocess.TimeoutExpired:
        raise SetUpError(f"{failure}: it had not ended after {limit_s:.0f} s") from None
    except OSError as error:
        raise SetUpError(f"{failure}: {error}") from None
    if done.returncode != 0:
        said = "".join(f"\n    {line}" for line in done.stdout.splitlines())
        kind = SetUpError if done.returncode > 0 else ToolKilled
        raise kind(f"{failure} (status {done.returncode}){said}")


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    """Keep other set-ups of this checkout out; the lock ends with the processes that hold it."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            _say("Another set-up of this checkout is under way: waiting for its end.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock
    finally:
        os.close(lock)


@contextmanager
def _step(name: str) -> Iterator[None]:
    start = time.monotonic()
    try:
        print(f"  {name} ...", end="", file=sys.stderr, flush=True)
        yield
    except BaseException:
        print(" not done", file=sys.stderr)
        raise
    _say(f" done in {time.monotonic() - start:.0f} s")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _what_cannot_be_written(checkout: Checkout, error: OSError) -> str:
    if error.errno not in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return str(error)
    return (
        f"{error.filename or checkout.root}: {error.strerror}; a user who may write to "
        f"{checkout.root} has to start it once, or start a copy of it that is yours"
    )


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(command: Sequence[str]) -> int:
    """Set this checkout up, then become its Python with the arguments `command`, if there are any.

    The exit status, where it ends here, is 0, 1 (it failed) or 130 (interrupted).
    """
    checkout = Checkout()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, _interrupt)
    try:
        # An active virtual environment may be the very one that is made anew.
        set_up(checkout, getattr(sys, "_base_executable", sys.executable))
    except SetUpError as error:
        _say(f"Setting up failed: {error}")
        return 1
    except OSError as error:
        _say(f"Setting up failed: {_what_cannot_be_written(checkout, error)}")
        return 1
    except KeyboardInterrupt:
        _say("Interrupted; the next start sets up anew.")
        return 130
    if command:
        os.execv(checkout.python, [str(checkout.python), *command])  # noqa: S606 - no shell meant
    return 0
