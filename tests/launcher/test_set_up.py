"""What the start scripts do before anything is installed."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from launcher.stamps import INCOMPLETE
from tests.launcher.small_checkout import NO_PACKAGES, Small, end_of
from tests.waiting import wait_until

FIRST_USE = "Setting up on first use"
CHANGED = "bringing .venv up to date"

pytestmark = pytest.mark.slow  # each virtual environment that is made takes seconds


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Small:
    small = Small(tmp_path_factory.mktemp("set-up"))
    small.first = small.start("--books", "5", "a b")
    return small


@pytest.fixture
def small(made: Small) -> Iterator[Small]:
    """The checkout, set up."""
    made.restore()
    status, output = made.start()
    assert status == 0, output
    made.npm_calls.write_text("")
    yield made
    made.restore()


@pytest.fixture
def mark(small: Small) -> Path:
    """A file in .venv that stays unless .venv is made anew."""
    file = small.root / ".venv" / "mark"
    file.touch()
    return file


def test_first_use_says_what_it_does_and_then_starts(small: Small) -> None:
    status, output = small.first
    assert status == 0
    lines = output.splitlines()
    assert len(lines) == 4
    assert lines[0].startswith(FIRST_USE)
    assert lines[1].startswith("  Python packages into .venv ... done in")
    assert lines[2].startswith("  GraphiQL's files by npm ... done in")
    assert lines[3] == f"launched {small.root / '.venv'} {Path.cwd()} ['--books', '5', 'a b']"


def test_a_second_start_does_nothing_more(small: Small) -> None:
    status, output = small.start("--compare", "a b")
    assert status == 0
    assert output == f"launched {small.root / '.venv'} {Path.cwd()} ['--compare', 'a b']\n"
    assert small.npm_calls.read_text() == ""


def test_it_starts_from_any_folder_and_through_links(small: Small, tmp_path: Path) -> None:
    (tmp_path / "launcher").mkdir()  # not ours, though it is in the current folder
    (tmp_path / "first link").symlink_to(small.root / "start_servers.sh")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "second").symlink_to("../first link")
    for script in ("first link", "folder/second"):
        output = subprocess.check_output(
            [f"./{script}"], cwd=tmp_path, env=small.environment, text=True
        )
        assert output == f"launched {small.root / '.venv'} {tmp_path} []\n"


def test_changed_requirements_are_installed(small: Small, mark: Path) -> None:
    small.require("# another\n")
    status, output = small.start()
    assert status == 0
    assert CHANGED in output
    assert mark.exists()
    assert CHANGED not in small.start()[1]


def test_pips_words_are_shown_when_it_fails(small: Small, mark: Path) -> None:
    small.require("./there-is-none.whl\n")
    for _ in range(2):
        status, output = small.start()
        assert status == 1
        assert "Setting up failed: pip could not install requirements.txt (status 1)" in output
        assert "there-is-none.whl" in output
        assert not small.is_launched(output)
    small.require(NO_PACKAGES)
    status, output = small.start()
    assert status == 0
    assert output.startswith("The last set-up failed: trying again.")
    assert mark.exists()  # pip itself leaves nothing half done


def test_an_environment_that_was_only_begun_is_made_anew(small: Small, mark: Path) -> None:
    (small.root / ".venv" / "packages.stamp").write_text(INCOMPLETE)
    status, output = small.start()
    assert status == 0
    assert "The last set-up did not end" in output
    assert not mark.exists()


def test_an_environment_without_its_python_is_made_anew(small: Small, mark: Path) -> None:
    (small.root / ".venv" / "bin" / "python").unlink()
    status, output = small.start()
    assert status == 0
    assert small.is_launched(output)
    assert not mark.exists()


def test_a_checkout_that_was_moved_is_set_up_again(small: Small) -> None:
    old, new = small.root, small.root.with_name("moved")
    try:
        small.root = old.rename(new)
        status, output = small.start()
        assert status == 0
        assert small.is_launched(output)
        assert CHANGED in output
    finally:
        small.root = new.rename(old)


def begin_and_hold(small: Small, tmp_path: Path) -> tuple[subprocess.Popen[str], int]:
    """Begin a set-up whose pip waits until the descriptor that is returned is closed."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    small.require(f"-r {pipe}\n")
    process = small.begin()
    writers: list[int] = []

    def pip_reads() -> bool:
        try:
            writers.append(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
        except OSError:  # nobody reads yet
            return False
        return True

    wait_until(pip_reads, "pip reads its requirements")
    return process, writers[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_set_up_is_repaired(small: Small, tmp_path: Path, number: int) -> None:
    process, pip = begin_and_hold(small, tmp_path)
    process.send_signal(number)
    status, output = end_of(process)
    assert status == 130
    assert "Interrupted; the next start sets up anew." in output
    os.close(pip)
    small.require(NO_PACKAGES)
    status, output = small.start()
    assert status == 0
    assert "The last set-up did not end" in output
    assert small.is_launched(output)


def test_a_start_waits_for_the_pip_of_a_set_up_that_was_killed(
    small: Small, tmp_path: Path
) -> None:
    first, pip = begin_and_hold(small, tmp_path)
    first.kill()
    first.wait()
    small.require(NO_PACKAGES)
    second = small.begin()
    assert second.stdout
    assert "Another set-up of this checkout is under way" in second.stdout.readline()
    os.close(pip)
    status, output = end_of(second)
    assert status == 0
    assert "The last set-up did not end" in output
    assert small.is_launched(output)


def test_a_failing_npm_is_a_warning_and_not_repeated(small: Small) -> None:
    small.npm_fails.touch()
    (small.root / ".venv" / "graphiql.stamp").unlink()
    status, output = small.start()
    assert status == 0
    assert "Warning: npm ci failed (status 9)" in output
    assert "no network" in output
    assert small.is_launched(output)
    assert "npm" not in small.start()[1]
    assert len(small.npm_calls.read_text().splitlines()) == 1


def test_npm_runs_again_when_its_files_change_or_are_gone(small: Small) -> None:
    shutil.rmtree(small.root / "graphql_api" / "graphiql" / "node_modules")
    assert "GraphiQL's files by npm ... done" in small.start()[1]
    (small.root / "graphql_api" / "graphiql" / "package.json").write_text('{"version": "2"}')
    assert "GraphiQL's files by npm ... done" in small.start()[1]
    assert "npm" not in small.start()[1]


def test_without_npm_it_starts_and_npm_runs_once_it_is_there(small: Small) -> None:
    npm = (small.tools / "npm").rename(small.tools / "away")
    (small.root / ".venv" / "graphiql.stamp").unlink()
    status, output = small.start()
    assert status == 0
    assert "npm is not here" in output
    assert small.is_launched(output)
    assert "npm" not in small.start()[1]
    npm.rename(small.tools / "npm")
    assert "GraphiQL's files by npm ... done" in small.start()[1]
