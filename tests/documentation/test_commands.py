"""The commands that the documentation names can be run as it says."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.documentation.markdown import ROOT, Example, documents
from tests.documentation.test_examples import EXAMPLES
from tests.fixtures import Pair
from tests.selection import slow
from tests.waiting import LIMIT_S

TRIED = {example.place for example in EXAMPLES}
COMMANDS = [
    command
    for document in documents()
    for command in (*document.examples(), *document.commands())
    if command.place not in TRIED
]
# They set up a checkout: run by the tests of the launcher, or by CI before all others.
SETTING_UP = ("python3 -m venv", "pip install", "uv pip compile", "npm ci", "git clone", "cd ")
CLIENTS = {
    "client_examples/rest_client.py": ["--url", "{rest}"],
    "client_examples/graphql_client.py": ["--url", "{graphql}"],
    "client_examples/compare_apis.py": ["--rest-url", "{rest}", "--graphql-url", "{graphql}"],
}


def words(command: str) -> list[str]:
    """The words of a command without the settings in front of it."""
    found = shlex.split(command, comments=True)
    while found and re.match(r"\w+=", found[0]):
        found.pop(0)
    return found


def run(command: Sequence[str | Path], limit_s: float = 5 * LIMIT_S) -> str:
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=limit_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def help_of(*program: str) -> str:
    return run([*program, "--help"])


def program_of(found: list[str]) -> list[str] | None:
    """The project's own program that a command runs, as this Python runs it."""
    head = Path(found[0]).name
    if found[0].startswith("./"):
        return [found[0]]
    if head.startswith("python") and len(found) > 1:
        return [sys.executable, *(found[1:3] if found[1] == "-m" else found[1:2])]
    return None


def benchmarks_slow(commands: list[Example]) -> list[Any]:
    """Each program's help takes half a second; the benchmarks' are for developers alone."""
    return [slow(one)[0] if "-m benchmarks" in one.command else one for one in commands]


@pytest.mark.parametrize("command", benchmarks_slow(COMMANDS), ids=lambda command: command.place)
def test_a_command_names_what_exists(command: Example) -> None:
    if command.command.startswith(SETTING_UP):
        assert "requirements.txt" not in command.command or (ROOT / "requirements.txt").exists()
        return
    found = words(command.command)
    program = program_of(found)
    assert program, f"{command.place}: nothing tries {command.command!r}"
    if program[0].startswith("./"):
        assert os.access(ROOT / program[0], os.X_OK), command.place
    else:
        assert program[1] == "-m" or (ROOT / program[1]).exists(), command.place
    options = [word for word in found if word.startswith("--")]
    if program == ["./run_tests.sh"] or not options:
        return  # it runs these tests; its arguments are pytest's
    known = help_of(*program)
    if "--compare" in options:  # hands on what it does not know itself
        known += help_of(sys.executable, "client_examples/compare_apis.py")
    if program[1:] == ["-m", "locust"]:  # leaves out what its file adds
        known += help_of(sys.executable, "client_examples/locustfile.py")
    for word in options:
        assert word.partition("=")[0] in known, f"{command.place}: there is no {word}"


# Those that name servers of their own are for the tests of what they show.
CLIENT_COMMANDS = [
    command
    for command in COMMANDS
    if any(name in command.command for name in CLIENTS) and "-url " not in command.command
]


def run_client(command: Example, pair: Pair, *more: str) -> str:
    found = words(command.command)
    urls = {"rest": pair.rest.base_url, "graphql": pair.graphql.base_url}
    servers = [word.format(**urls) for word in CLIENTS[found[1]]]
    return run([sys.executable, *found[1:], *servers, *more])


def once_each(commands: list[Example]) -> list[Any]:
    """The first command of each client, and the others with --all."""
    first = {words(one.command)[1]: one for one in reversed(commands)}.values()
    return [one if one in first else slow(one)[0] for one in commands]


def test_every_client_is_run() -> None:
    named = " ".join(command.command for command in CLIENT_COMMANDS)
    assert all(name in named for name in CLIENTS)


@pytest.mark.parametrize("command", once_each(CLIENT_COMMANDS), ids=lambda command: command.place)
def test_a_client_runs(command: Example, clients_pair: Pair) -> None:
    few = ["--samples", "2"] if "compare_apis" in command.command else []
    assert run_client(command, clients_pair, *few).strip()


@pytest.mark.slow
@pytest.mark.parametrize("command", CLIENT_COMMANDS, ids=lambda command: command.place)
def test_a_client_runs_as_it_is_written(command: Example, clients_pair: Pair) -> None:
    assert run_client(command, clients_pair).strip()
