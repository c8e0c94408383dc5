"""Runs the help desk, and compares its screens."""

import json
from pathlib import Path
from textwrap import dedent

import pytest

from client_examples import compare_apis
from tests.comparison.own_apis.help_desk import HelpDesk, help_desk

IMPORTS = "from client_examples.comparison import Get, Screen, SessionApi\n"


@pytest.fixture
def desk():
    with help_desk() as running:
        yield running


@pytest.fixture
def compare(desk: HelpDesk, tmp_path: Path, capsys):
    """Compare screens given as text; status, output, errors and results."""

    def run(text: str, *options: str, graphql: str = "/gateway/graphql"):
        file, results = tmp_path / "my_screens.py", tmp_path / "results.json"
        file.write_text(IMPORTS + dedent(text))
        # As they are pasted: no scheme, a prefix, the endpoint itself.
        urls = ["--rest-url", f"{desk.rest}/api/v2/", "--graphql-url", f"{desk.graphql}{graphql}"]
        status = compare_apis.main(
            [*urls, "--screens", str(file), "--quick", "--samples", "2", "--json", str(results),
             *options]
        )  # fmt: skip
        printed = capsys.readouterr()
        found = json.loads(results.read_text()) if results.exists() else None
        return status, printed.out, printed.err, found

    return run
