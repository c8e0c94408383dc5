"""The start scripts in a checkout in which nothing is installed yet."""

import errno
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from launcher import set_up
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


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_checkout_that_cannot_be_written_to_is_said_to_need_somebody_who_may(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    folder = ROOT / ".venv"

    def fails(*_: object) -> None:
        raise OSError(number, os.strerror(number), str(folder))

    monkeypatch.setattr(set_up, "set_up", fails)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    assert set_up.main([]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"Setting up failed: {folder}: {os.strerror(number)}; a user who may")
    assert f"write to {ROOT}" in line
