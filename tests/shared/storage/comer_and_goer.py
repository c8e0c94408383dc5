"""Comes into and goes out of one folder in RAM many times: `comer_and_goer.py FOLDER TIMES`.

Each time it checks what must hold while it is in: whoever was alone made the data, nobody
clears it away meanwhile, and all who are in see the same.
"""

import os
import sys
from pathlib import Path

from shared.storage.ram_folder import RamFolder


def main(path: Path, times: int) -> None:
    data = path / "data"
    for turn in range(times):

        def prepare(alone: bool, turn: int = turn) -> None:
            if alone:
                assert not data.exists(), "left over from those before"
                data.write_text(f"made by {os.getpid()} in turn {turn}")
            assert data.exists(), "not alone, but nobody has made the data"

        folder = RamFolder(path, prepare)
        first = data.read_text()
        assert first.startswith("made by")
        os.sched_yield()
        assert data.read_text() == first, "made anew while it was in use"
        folder.close()
        assert not folder._users, "the lock was kept"


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
