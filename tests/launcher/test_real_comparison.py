"""`--compare` with the project's own servers and its own comparison."""

import json
from pathlib import Path

from tests.launcher.launched import Launched
from tests.launcher.test_real_servers import LAUNCHER


def test_one_command_compares_and_ends_with_the_paths(marks: Path, tmp_path: Path) -> None:
    files = [tmp_path / "a b.json", tmp_path / "page.html"]
    options = ["--compare", "--quick", "--books", "300", "--screen", "book-list"]
    launched = Launched(LAUNCHER, [*options, f"--json={files[0]}", "--html", str(files[1])], marks)
    assert launched.status() == 0, launched.errors
    # What to run again where something is unsettled may follow, which depends on the machine.
    lines = launched.output.partition("Not settled")[0].rstrip().splitlines()
    assert lines[-2:] == [str(file) for file in files]
    assert json.loads(files[0].read_text())["complete"]
    assert files[1].read_text().startswith("<!doctype html>")
