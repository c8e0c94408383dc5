"""The options that tests/conftest.py adds to pytest, with workers and without."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.selection import slow
from tests.waiting import LIMIT_S

ROOT = Path(__file__).parents[2]
WORKERS = ("-p", "xdist", "-n", "2", "--dist", "worksteal")
WITH_AND_WITHOUT = pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "workers"])
SUITE = """
import pytest
def test_quick(): pass
@pytest.mark.slow
def test_slow(): pass
"""
SKIPPED = """
@pytest.mark.skip(reason="no npm here")
def test_skipped(): pass
"""
MANY = """
import pytest
@pytest.mark.parametrize("number", range(40))
def test_passes(number): pass
def test_fails(): assert 1 == 2
"""
ENDLESS = """
import threading
def test_waits(): threading.Event().wait()
def test_passes(): pass
def test_passes_too(): pass
"""
ENDED = """
import os, signal, threading, time
from pathlib import Path
def test_fails(): assert 1 == 2
def test_waits():
    while not Path("told").exists():
        time.sleep(0.01)
    os.kill(os.getppid(), signal.SIGTERM)
    threading.Event().wait()
"""
# In the process that has the workers: it has heard that the test is under way.
HEARD = """
@pytest.hookimpl(trylast=True)
def pytest_runtest_logstart(nodeid):
    if nodeid.endswith("test_waits") and "PYTEST_XDIST_WORKER" not in os.environ:
        open("told", "w").close()
"""
SETTINGS = """
import os
def test_settings():
    assert not [name for name in os.environ if name.startswith("BOOKSTORE_")]
"""


class Suite:
    """A folder of tests with our conftest.py; `run` gives the status and the output."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pytest.ini").write_text("[pytest]\nmarkers = slow: slow\naddopts = -ra\n")
        (folder / "conftest.py").write_text("from tests.conftest import *")

    def run(self, text: str, *options: str) -> tuple[int, str]:
        (self.folder / "test_it.py").write_text(text)
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options]
        # This may be a worker of another run, of which the suite's own is to know nothing. Other
        # people's plugins take a second to import, and have no part in this.
        ours = {name: os.environ[name] for name in os.environ if "XDIST" not in name}
        environment = ours | {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "80",
        }
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=4 * LIMIT_S,
            check=False,
        )
        return done.returncode, done.stdout


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    return Suite(tmp_path)


@pytest.mark.parametrize("options", [(), *slow(("--no-skips",))])
def test_slow_tests_are_left_out_and_are_not_skips(suite: Suite, options: list[str]) -> None:
    status, output = suite.run(SUITE, *options)
    assert status == 0
    assert "1 passed, 1 deselected" in output.splitlines()[-1]


@pytest.mark.parametrize("options", [["--all"], *slow(["--all", "--no-skips"])])
def test_all_runs_the_slow_ones_too(suite: Suite, options: list[str]) -> None:
    status, output = suite.run(SUITE, *options)
    assert status == 0
    assert "2 passed" in output.splitlines()[-1]


def test_slow_tests_that_are_asked_for_by_mark_run(suite: Suite) -> None:
    _, output = suite.run(SUITE, "-m", "slow")
    assert "1 passed, 1 deselected" in output.splitlines()[-1]


def test_skips_are_allowed_and_their_reasons_printed(suite: Suite) -> None:
    status, output = suite.run(SUITE + SKIPPED)
    assert status == 0
    assert "no npm here" in output


@pytest.mark.slow
@WITH_AND_WITHOUT
def test_no_skips_fails_and_names_each_reason(suite: Suite, workers: Sequence[str]) -> None:
    status, output = suite.run(SUITE + SKIPPED, "--no-skips", *workers)
    assert status == 1
    assert "test_it.py::test_skipped: Skipped: no npm here" in output
    assert "1 passed, 1 skipped, 1 deselected" in output.splitlines()[-1]


@pytest.mark.slow
@WITH_AND_WITHOUT
def test_no_skips_sees_a_module_that_skips_itself(suite: Suite, workers: Sequence[str]) -> None:
    (suite.folder / "test_whole.py").write_text(
        "import pytest\npytest.skip('no cluster', allow_module_level=True)"
    )
    status, output = suite.run(SUITE, "--no-skips", *workers)
    assert status == 1
    assert "no cluster" in output.split("--no-skips does not allow")[1]


def test_a_developers_settings_are_not_seen_by_tests(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKSTORE_BOOKS", "5")
    status, _ = suite.run(SETTINGS)
    assert status == 0


def test_workers_tell_how_far_they_are_and_at_once_what_fails(suite: Suite) -> None:
    status, output = suite.run(MANY, *WORKERS)
    assert status == 1
    lines = output.splitlines()
    progress = [line for line in lines if " of 41 tests, " in line]
    assert max(map(len, progress)) <= 80
    told = [line.split()[:5] for line in progress]
    assert len(told) == 19  # each twentieth but the last, which pytest tells
    assert told[0] == ["7%", "3", "of", "41", "tests,"]
    failures = next(number for number, line in enumerate(lines) if "= FAILURES =" in line)
    assert lines.index("FAILED test_it.py::test_fails") < failures


@pytest.mark.slow
def test_a_test_that_waits_for_ever_is_named_and_the_others_run(suite: Suite) -> None:
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    assert ours["faulthandler_timeout"] > 0
    at_timeout = f"faulthandler_exit_on_timeout={ours['faulthandler_exit_on_timeout']}"
    limits = ("-o", "faulthandler_timeout=1", "-o", at_timeout)
    status, output = suite.run(ENDLESS, *WORKERS, *limits)
    assert status == 1
    assert "crashed while running 'test_it.py::test_waits'" in output
    assert "1 failed, 2 passed" in output.splitlines()[-1]


@pytest.mark.slow
def test_tests_that_are_ended_tell_what_failed_and_what_was_under_way(suite: Suite) -> None:
    with (suite.folder / "conftest.py").open("a") as file:
        file.write(f"\nimport os, pytest\n{HEARD}")
    status, output = suite.run(ENDED, "-p", "xdist", "-n", "1")
    assert status == pytest.ExitCode.INTERRUPTED
    assert "FAILED test_it.py::test_fails" in output.splitlines()
    under_way = output.split("under way when the tests were ended")[1]
    assert re.search(r"^ *[0-9.]+ s  test_it.py::test_waits$", under_way, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--all",)])
def test_what_took_longest_is_named_where_it_was_too_long(
    suite: Suite, options: Sequence[str]
) -> None:
    with (suite.folder / "conftest.py").open("a") as file:
        file.write("\nfrom tests import progress\nprogress.LIMIT_S = 0\n")
    status, output = suite.run(SUITE, *WORKERS, *options)
    assert status == 0
    assert ("s  test_it.py::test_quick" in output) == (not options)


@pytest.mark.parametrize("choice", [(), ("test_it.py",)])
def test_there_are_workers_for_all_tests_and_none_for_a_choice(
    suite: Suite, choice: Sequence[str]
) -> None:
    with (suite.folder / "pytest.ini").open("a") as file:
        file.write("testpaths = .\n")
    status, output = suite.run(SUITE, "-p", "xdist", "-n", "auto", *choice)
    assert status == 0
    assert (" workers [1 item]" in output) == (not choice)
