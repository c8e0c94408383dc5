"""Puts what was measured into docs/size.md, between its marks, and draws docs/size.svg.

    python -m benchmarks.size.render [--check]

The same results give the same text; `--check` changes nothing, and has the status 1 if anything
would change.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from benchmarks.size.chart import size_picture
from benchmarks.size.page import size_block

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path("docs/results/size.json")
PAGE = Path("docs/size.md")
PICTURE = Path("docs/size.svg")
_BLOCK = re.compile(r"<!-- size -->\n.*?<!-- /size -->", re.DOTALL)


def main(arguments: Sequence[str] | None = None, root: Path = ROOT) -> int:
    """Write what has changed, or only say so; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size.render", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    changed = {file: text for file, text in made(root).items() if _text(root / file) != text}
    for file, text in changed.items():
        print(f"{file} {'does not show what was measured' if check else 'written'}")
        if not check:
            (root / file).write_text(text, encoding="utf-8")
    return 1 if check and changed else 0


def made(root: Path) -> dict[Path, str]:
    """The page and the picture, as they should be.

    Raises:
        ValueError: the page lacks its marks.
    """
    measured = orjson.loads((root / RESULTS).read_bytes())
    block = f"<!-- size -->\n\n{size_block(measured, PICTURE.name)}\n\n<!-- /size -->"
    page, number = _BLOCK.subn(lambda _: block, (root / PAGE).read_text(encoding="utf-8"))
    if number != 1:
        raise ValueError(f"{PAGE} must have one <!-- size --> ... <!-- /size -->, has {number}")
    return {PAGE: page, PICTURE: size_picture(measured)}


def _text(file: Path) -> str | None:
    return file.read_text(encoding="utf-8") if file.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
