"""The two commands of the README in a checkout that has just been made."""

import shutil
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.launcher.launched import Launched
from tests.waiting import LIMIT_S

ROOT = Path(__file__).parents[2]
SET_UP_LIMIT_S = 600.0
NOT_CLONED = (".git", ".venv", "node_modules", "__pycache__", ".*_cache", "*.egg-info", "build")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fresh") / "a path with spaces"
    return Path(shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*NOT_CLONED)))


def errors_while_it_serves(checkout: Path, marks: Path) -> str:
    """Start, ask both servers, interrupt; what was printed on stderr meanwhile."""
    launched = Launched([str(checkout / "start_servers.sh")], [], marks)
    try:
        launched.wait_for("Ctrl-C stops both", SET_UP_LIMIT_S)
        for port, path in zip(launched.ports, ("/docs", "/health"), strict=True):
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}{path}", timeout=LIMIT_S
            ) as answer:
                assert answer.status == 200
        launched.process.send_signal(signal.SIGINT)
        assert launched.status() == 0
    finally:
        launched.process.terminate()
        launched.process.wait()
    return launched.errors


@pytest.mark.slow
def test_the_first_start_sets_up_and_the_next_has_nothing_to_say(
    checkout: Path, marks: Path
) -> None:
    first = errors_while_it_serves(checkout, marks)
    assert "Setting up on first use" in first
    assert "Python packages into .venv ... done" in first
    assert errors_while_it_serves(checkout, marks) == ""


@pytest.mark.slow
def test_the_tests_start_there(checkout: Path, tmp_path: Path) -> None:
    command = [checkout / "run_tests.sh", "--collect-only", "-q", "tests/launcher"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "test_the_tests_start_there" not in done.stdout  # slow, and not asked for
    assert "test_the_ports_are_the_servers_own_defaults" in done.stdout
