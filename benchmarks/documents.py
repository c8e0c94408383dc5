"""Puts what was measured into the documents, so that each of their numbers is one of a file's.

    python -m benchmarks.documents [--check]

Writes the blocks between `<!-- NAME -->` and `<!-- /NAME -->` of README.md and docs/, draws the
pictures, and makes docs/report.html and its screenshot, docs/report.png (which needs Chromium). The
same files of results give the same text. `--check` changes nothing, and has the status 1 if a
document does not show what was measured. A file of results that is not there leaves its blocks as
they are.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.claims.catalogue import COMPARISON, COMPARISONS, MEASURED, page_parts
from benchmarks.claims.results import from_json as claims_from_json
from benchmarks.fairness.page import fairness_block
from benchmarks.memory.page import memory_block
from benchmarks.published import publish, unpublished
from benchmarks.size.chart import size_picture
from benchmarks.size.page import size_block
from benchmarks.speed.page import rates_block, speed_block
from client_examples.comparison.report.charts.svg import matrix_picture, picture
from client_examples.comparison.report.readme import (
    answer_block,
    comparison_block,
    findings_block,
    load_block,
    terminal_block,
    ways_block,
)
from client_examples.comparison.results.document import Document, ScreenResult, from_json

ROOT = Path(__file__).resolve().parents[1]
DOCS = Path("docs")
FOLDER = DOCS / "results"
RESULTS = FOLDER / COMPARISON
SPEED = FOLDER / "speed.json"
LOAD = FOLDER / "load.json"
MEMORY = FOLDER / "memory.json"
SIZE = FOLDER / "size.json"
FAIRNESS = FOLDER / "fairness.json"
CLAIMS = FOLDER / MEASURED
CLAIMS_FILES = (*(FOLDER / name for name in COMPARISONS), CLAIMS)
README = Path("README.md")
FINDINGS_PAGE = DOCS / "findings.md"
SPEED_PAGE = DOCS / "speed.md"
LOAD_PAGE = DOCS / "load.md"
SIZE_PAGE = DOCS / "size.md"
FAIRNESS_PAGE = DOCS / "fairness.md"
CLAIMS_PAGE = DOCS / "claims.md"
ANSWER_PICTURE = DOCS / "answer.svg"
PICTURE = DOCS / "comparison.svg"
SIZE_PICTURE = DOCS / "size.svg"
PICTURED = "order-history"


class Block(NamedTuple):
    """A block of a page: made of a file of results, and of what its mark says after a colon."""

    page: Path
    name: str
    results: Path
    make: Callable[[Any, str], str]


class Drawing(NamedTuple):
    """A picture: made of a file of results."""

    file: Path
    results: Path
    make: Callable[[Any], str]


def _answer(document: Document, _: str) -> str:
    return answer_block(document, ANSWER_PICTURE.as_posix())


def _comparison(document: Document, name: str) -> str:
    shown = PICTURE.name if name == PICTURED else None
    return comparison_block(_screen(document, name), shown)


BLOCKS = (
    Block(README, "answer", RESULTS, _answer),
    Block(README, "terminal", RESULTS, terminal_block),
    Block(FINDINGS_PAGE, "comparison", RESULTS, _comparison),
    Block(FINDINGS_PAGE, "findings", RESULTS, lambda document, _: findings_block(document)),
    Block(FINDINGS_PAGE, "ways", RESULTS, lambda document, _: ways_block(document)),
    Block(SPEED_PAGE, "speed", SPEED, lambda speed, _: speed_block(speed)),
    Block(SPEED_PAGE, "rates", SPEED, lambda speed, _: rates_block(speed)),
    Block(LOAD_PAGE, "load", LOAD, lambda document, _: load_block(document)),
    Block(LOAD_PAGE, "memory", MEMORY, lambda memory, _: memory_block(memory)),
    Block(SIZE_PAGE, "size", SIZE, lambda size, _: size_block(size, SIZE_PICTURE.name)),
    Block(FAIRNESS_PAGE, "fairness", FAIRNESS, lambda fairness, _: fairness_block(fairness)),
)
DRAWINGS = (
    Drawing(ANSWER_PICTURE, RESULTS, matrix_picture),
    Drawing(PICTURE, RESULTS, lambda document: picture(_screen(document, PICTURED))),
    Drawing(SIZE_PICTURE, SIZE, size_picture),
)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write what has changed, or only say so; the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    changed = {file: text for file, text in made(root).items() if _text(root / file) != text}
    for file, text in changed.items():
        print(f"{file} {'does not show what was measured' if check else 'written'}")
        if not check:
            (root / file).parent.mkdir(exist_ok=True)
            (root / file).write_text(text, encoding="utf-8")
    if not (root / RESULTS).is_file():
        stale = []
    else:
        stale = unpublished(root / RESULTS) if check else publish(root / RESULTS)
    for line in stale:
        print(line)
    return 1 if stale or (check and changed) else 0


def made(root: Path) -> dict[Path, str]:
    """The pages and pictures that show results, as they should be.

    Raises:
        ValueError: a page lacks a block, or names a screen that the results do not have.
    """
    named = {one.results for one in BLOCKS} | set(CLAIMS_FILES)
    found = {results: _read(root, results) for results in named}
    files: dict[Path, str] = {}
    for block in BLOCKS:
        page = files.get(block.page) or _text(root / block.page)
        if page is not None and found[block.results] is not None:
            make = partial(block.make, found[block.results])
            files[block.page] = _replaced(block.page, page, block.name, make)
    claims = _text(root / CLAIMS_PAGE)
    if claims is not None:
        for name, text in page_parts({file.name: found[file] for file in CLAIMS_FILES}).items():
            claims = _replaced(CLAIMS_PAGE, claims, name, partial(_same, text))
        files[CLAIMS_PAGE] = claims
    for drawing in DRAWINGS:
        if found[drawing.results] is not None:
            files[drawing.file] = drawing.make(found[drawing.results])
    return files


def _read(root: Path, results: Path) -> Any:
    """What a file of results holds, None where it is not there."""
    text = _text(root / results)
    if text is None:
        return None
    if results == CLAIMS:
        return claims_from_json(text)
    return from_json(text) if results in (*CLAIMS_FILES, LOAD) else json.loads(text)


def _screen(document: Document, name: str) -> ScreenResult:
    for screen in document.screens:
        if screen.name == name:
            return screen
    raise ValueError(f"{RESULTS} has no screen {name!r}")


def _replaced(file: Path, page: str, name: str, make: Callable[[str], str]) -> str:
    """The text with the blocks of this name made anew, each of what its mark says."""
    pattern = rf"<!-- {name}(?:: ([\w-]+))? -->\n.*?<!-- /{name} -->"

    def replace(old: re.Match[str]) -> str:
        opening = old[0].partition("\n")[0]
        return f"{opening}\n\n{make(old[1] or '')}\n\n<!-- /{name} -->"

    text, number = re.subn(pattern, replace, page, flags=re.DOTALL)
    if number == 0:
        raise ValueError(f"{file} has no <!-- {name} --> ... <!-- /{name} -->")
    return text


def _same(text: str, _: str) -> str:
    return text


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
