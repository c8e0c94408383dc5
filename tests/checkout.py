"""The checkout's own files."""

import os
from pathlib import Path

_NOT_OURS = ("node_modules", "build")


def own_files(folder: Path, suffix: str) -> list[Path]:
    """Those below the folder that end so, in order, without what is installed or built there."""
    found = []
    for place, folders, names in os.walk(folder):
        # Not entered at all: there are 30,000 files in them.
        folders[:] = [one for one in folders if not one.startswith(".") and one not in _NOT_OURS]
        found += [Path(place) / name for name in names if name.endswith(suffix)]
    return sorted(found)
