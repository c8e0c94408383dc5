"""`--compare` with the project's own servers and its own comparison."""

import json
from pathlib import Path

import pytest

from tests.launcher.launched import Launched
from tests.launcher.test_real_servers import LAUNCHER


@pytest.mark.slow
def test_one_command_compares_and_says_what_it_wrote_near_the_end(
    marks: Path, tmp_path: Path
) -> None:
    files = [tmp_path / "a b.json", tmp_path / "page.html"]
    options = ["--compare", "--quick", "--books", "300", "--screen", "book-list"]
    launched = Launched(LAUNCHER, [*options, f"--json={files[0]}", "--html", str(files[1])], marks)
    assert launched.status() == 0, launched.errors
    written = [f"Wrote {file}" for file in files]
    lines = launched.output.splitlines()
    at = lines.index(written[0])
    assert lines[at : at + 2] == written
    after = "\n".join(lines[at + 2 :])  # what else it can do, and what the machine left unsettled
    assert after.startswith("--verbose")
    document = json.loads(files[0].read_text())
    assert document["complete"]
    # The edge is there without being asked for: CI has nginx.
    assert document["settings"]["protocols"] == ["http1", "http1-tls", "http2"]
    assert document["left_out"] == []
    held = document["environment"]["affinity"]
    assert held is None or set(held["servers"]).isdisjoint(held["client"])
    assert files[1].read_text().startswith("<!doctype html>")
