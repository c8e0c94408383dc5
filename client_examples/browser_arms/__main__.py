"""Write the arms of the lab's screens as modules of JavaScript; `--check` only compares."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from client_examples.browser_arms.modules import COMMAND, modules


def main(arguments: Sequence[str] | None = None) -> int:
    """Write what has changed, or only name it; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if it would")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="where the modules are")
    options = parser.parse_args(arguments)
    made, folder = modules(), options.folder
    there = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.js")}
    changed = [name for name in {**made, **there} if made.get(name) != there.get(name)]
    for name in changed:
        if options.check:
            print(f"{folder / name} is not what `{COMMAND}` makes")
        elif name in made:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(made[name], encoding="utf-8")
        else:
            (folder / name).unlink()
    return 1 if options.check and changed else 0


if __name__ == "__main__":
    sys.exit(main())
