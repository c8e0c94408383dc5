"""The start scripts in a checkout in which nothing is installed yet."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.launcher.small_checkout import ROOT, Small


@pytest.fixture
def small(tmp_path: Path) -> Small:
    return Small(tmp_path)


def test_without_a_python_that_is_new_enough_one_line_says_so(small: Small, tmp_path: Path) -> None:
    for name in ("python3", "python3.13"):  # too old, or a shim with nothing behind it
        (tmp_path / name).write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / name).chmod(0o755)
    done = subprocess.run(
        [small.root / "start_servers.sh"],
        env={"PATH": f"{tmp_path}:{small.tools}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("start_servers.sh: Python 3.11 or newer is needed")


def test_help_needs_nothing_installed(small: Small) -> None:
    shutil.copy(ROOT / "launcher" / "__main__.py", small.root / "launcher")
    status, output = small.start("--help")
    assert status == 0
    assert "--graphql-port" in output
    assert not (small.root / ".venv").exists()
