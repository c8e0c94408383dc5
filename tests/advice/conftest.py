"""What the tests of the advice share: a recording in, the advice as its JSON document out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from client_examples.advise import main
from tests.advice.har import Recording


class Advised:
    """The advice on a recording, as `--json` has it."""

    def __init__(self, status: int, document: dict[str, Any], errors: str) -> None:
        self.status = status
        self.document = document
        self.errors = errors

    @property
    def views(self) -> list[dict[str, Any]]:
        return self.document["views"]

    def way(self, name: str, view: int = 0) -> dict[str, Any]:
        return next(one for one in self.views[view]["ways"] if one["name"] == name)

    def requests_and_steps(self, name: str, view: int = 0) -> tuple[int, int]:
        way = self.way(name, view)
        return way["requests"], way["steps"]

    @property
    def findings(self) -> list[dict[str, Any]]:
        """Of all views, and of the whole recording."""
        return [one for view in self.views for one in view["findings"]] + self.document["findings"]

    @property
    def kinds(self) -> set[str]:
        return {one["kind"] for one in self.findings}

    def finding(self, kind: str) -> dict[str, Any]:
        (found,) = [one for one in self.findings if one["kind"] == kind]
        return found


Advise = Callable[..., Advised]


@pytest.fixture
def advise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Advise:
    """Run advise.py over a recording, or over files, with more options."""

    def run(recording: Recording | Path | list[Path], *options: str) -> Advised:
        files = recording if isinstance(recording, list) else [recording]
        paths = [
            one.write(tmp_path / "made.har") if isinstance(one, Recording) else one for one in files
        ]
        out = tmp_path / "advice.json"
        out.unlink(missing_ok=True)
        status = main([*map(str, paths), "--json", str(out), *options])
        document = json.loads(out.read_text()) if out.exists() else {}
        return Advised(status, document, capsys.readouterr().err)

    return run
