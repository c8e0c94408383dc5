"""The peers on Node, and how what they need is installed."""

import hashlib
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
COMMAND = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
INSTALL_LIMIT_S = 300.0


def install() -> None:
    """Bring node_modules to what package-lock.json asks for, if it is not there already.

    Raises:
        RuntimeError: npm could not; with what it said.
    """
    lock = hashlib.sha256((FOLDER / "package-lock.json").read_bytes()).hexdigest()
    stamp = FOLDER / "node_modules" / "installed.stamp"
    if stamp.exists() and stamp.read_text() == lock:
        return
    done = subprocess.run(  # noqa: S603 - our own words
        [*COMMAND],
        cwd=FOLDER,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=INSTALL_LIMIT_S,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"npm ci failed in {FOLDER}:\n{done.stderr or done.stdout}")
    stamp.write_text(lock)
