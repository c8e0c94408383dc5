"""Puts what was measured into the documents, so that each of their numbers is one of a file's.

    python -m benchmarks.documents [--check]

Writes the blocks between `<!-- NAME -->` and `<!-- /NAME -->`: comparison, findings and speed in
README.md, rates in docs/speed.md, load and memory in docs/load.md, size in docs/size.md, fairness
in docs/fairness.md; and draws
docs/comparison.svg and docs/size.svg. The same files of results give the same text; `--check`
changes nothing, and has the status 1 if anything would change. A file of results that is not there
leaves its blocks as they are.
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.fairness.page import fairness_block
from benchmarks.memory.page import memory_block
from benchmarks.size.chart import size_picture
from benchmarks.size.page import size_block
from benchmarks.speed.page import rates_block, speed_block
from client_examples.comparison.report.charts.svg import picture
from client_examples.comparison.report.readme import comparison_block, findings_block, load_block
from client_examples.comparison.results.document import Document, from_json

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path("docs/results/comparison.json")
SPEED = Path("docs/results/speed.json")
SPEED_PAGE = Path("docs/speed.md")
LOAD = Path("docs/results/load.json")
MEMORY = Path("docs/results/memory.json")
SIZE = Path("docs/results/size.json")
FAIRNESS = Path("docs/results/fairness.json")
FAIRNESS_PAGE = Path("docs/fairness.md")
LOAD_PAGE = Path("docs/load.md")
SIZE_PAGE = Path("docs/size.md")
SIZE_PICTURE = Path("docs/size.svg")
README = Path("README.md")
PICTURE = Path("docs/comparison.svg")
PICTURED = "order-history"


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
    return 1 if check and changed else 0


def made(root: Path) -> dict[Path, str]:
    """The files that show results, as they should be.

    Raises:
        ValueError: a document lacks a block, or names a screen that the results do not have.
    """
    readme, files = (root / README).read_text(encoding="utf-8"), {}
    if (root / RESULTS).is_file():
        document = from_json((root / RESULTS).read_text(encoding="utf-8"))
        readme = _with_comparison(readme, document)
        files[PICTURE] = picture(_screen(document, PICTURED))
    if (root / SPEED).is_file():
        speed: dict[str, Any] = json.loads((root / SPEED).read_text(encoding="utf-8"))
        readme = _replaced(readme, "speed", lambda _: speed_block(speed))
        page = (root / SPEED_PAGE).read_text(encoding="utf-8")
        files[SPEED_PAGE] = _replaced(page, "rates", lambda _: rates_block(speed), SPEED_PAGE)
    pages = {**_load_page(root), **_size_page(root), **_fairness_page(root)}
    return {README: readme, **files, **pages}


def _load_page(root: Path) -> dict[Path, str]:
    """docs/load.md; nothing where there is none."""
    page = _text(root / LOAD_PAGE)
    if page is None:
        return {}
    load, memory = _text(root / LOAD), _text(root / MEMORY)
    if load is not None:
        page = _replaced(page, "load", lambda _: load_block(from_json(load)), LOAD_PAGE)
    if memory is not None:
        page = _replaced(page, "memory", lambda _: memory_block(json.loads(memory)), LOAD_PAGE)
    return {LOAD_PAGE: page}


def _size_page(root: Path) -> dict[Path, str]:
    """docs/size.md with its picture; nothing where there is no page, or nothing was measured."""
    page, found = _text(root / SIZE_PAGE), _text(root / SIZE)
    if page is None or found is None:
        return {}
    measured = json.loads(found)
    block = size_block(measured, SIZE_PICTURE.name)
    page = _replaced(page, "size", lambda _: block, SIZE_PAGE)
    return {SIZE_PAGE: page, SIZE_PICTURE: size_picture(measured)}


def _fairness_page(root: Path) -> dict[Path, str]:
    """docs/fairness.md; nothing where there is no page, or nothing was measured."""
    page, found = _text(root / FAIRNESS_PAGE), _text(root / FAIRNESS)
    if page is None or found is None:
        return {}
    block = fairness_block(json.loads(found))
    return {FAIRNESS_PAGE: _replaced(page, "fairness", lambda _: block, FAIRNESS_PAGE)}


def _with_comparison(readme: str, document: Document) -> str:
    def one_screen(name: str) -> str:
        return comparison_block(_screen(document, name), PICTURE if name == PICTURED else None)

    readme = _replaced(readme, "comparison", one_screen)
    return _replaced(readme, "findings", lambda _: findings_block(document))


def _screen(document: Document, name: str) -> Any:
    for screen in document.screens:
        if screen.name == name:
            return screen
    raise ValueError(f"{RESULTS} has no screen {name!r}")


def _replaced(page: str, block: str, make: Callable[[str], str], file: Path = README) -> str:
    """The text with its blocks made anew; `make` gets what the opening mark says after a colon."""
    pattern = rf"<!-- {block}(?:: ([\w-]+))? -->\n.*?<!-- /{block} -->"

    def replace(found: re.Match[str]) -> str:
        opening = found[0].partition("\n")[0]
        return f"{opening}\n\n{make(found[1] or '')}\n\n<!-- /{block} -->"

    text, number = re.subn(pattern, replace, page, flags=re.DOTALL)
    if number == 0:
        raise ValueError(f"{file} has no <!-- {block} --> ... <!-- /{block} -->")
    return text


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
