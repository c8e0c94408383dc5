"""`--compare` with the project's own servers and its own comparison."""

import json
from pathlib import Path

import pytest

from tests.launcher.launched import Launched
from tests.launcher.test_real_servers import LAUNCHER
from tests.waiting import LIMIT_S


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


@pytest.mark.slow
def test_a_whole_comparison_prints_fewer_than_120_lines_of_at_most_80_columns(
    marks: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the launcher itself prints among them."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    files = [f"--json={tmp_path / 'results.json'}", "--html", str(tmp_path / "page.html")]
    launched = Launched(LAUNCHER, ["--compare", "--quick", *files], marks)
    assert launched.process.wait(4 * LIMIT_S) == 0, launched.errors
    assert launched.errors == ""
    lines = launched.output.splitlines()
    assert {"Wrote results.json", "Wrote page.html"} <= set(lines)
    assert sum(line.startswith(("rest/", "graphql/")) for line in lines) > 50
    assert len(lines) < 120
    assert max(map(len, lines)) <= 80
