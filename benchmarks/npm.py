"""Packages of a folder that has a package-lock.json, by npm."""

import fcntl
import hashlib
import subprocess
from pathlib import Path

COMMAND = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
INSTALL_LIMIT_S = 300.0


def install(folder: Path) -> None:
    """Bring node_modules to what package-lock.json asks for, if it is not there already.

    Processes that want it at once wait for the first.

    Raises:
        RuntimeError: npm could not; with what it said.
    """
    with (folder / "package-lock.json").open("rb") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)  # until it is closed
        _install(folder, hashlib.sha256(lock_file.read()).hexdigest())


def _install(folder: Path, lock: str) -> None:
    stamp = folder / "node_modules" / "installed.stamp"
    if stamp.exists() and stamp.read_text() == lock:
        return
    done = subprocess.run(  # noqa: S603 - our own words
        [*COMMAND],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_LIMIT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"npm ci failed in {folder}:\n{done.stderr or done.stdout}")
    stamp.write_text(lock)
