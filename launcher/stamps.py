"""What has been set up in this checkout, and whether it still is what the files ask for.

The start scripts ask this at every start, before anything else, under the virtual environment's
own Python; so it imports little and takes some 20 ms.
"""

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

INCOMPLETE = "incomplete"  # begun and not ended: whatever is in .venv cannot be relied on
FAILED = "failed"
INSTALLED = "installed"
NO_NPM = "no-npm"


class Checkout:
    """The folder of the project with its stamps.

    Both stamps lie in .venv, so that removing this one folder has everything set up anew.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.environment = root / ".venv"
        self.python = self.environment / "bin" / "python"
        self.graphiql = root / "graphql_api" / "graphiql"
        self._packages_stamp = self.environment / "packages.stamp"
        self._graphiql_stamp = self.environment / "graphiql.stamp"

    def is_current(self) -> bool:
        """Whether nothing is left to do; to be asked under the virtual environment's Python."""
        # A Python that was replaced by a newer one does not see the packages of the older.
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        seen = (self.environment / "lib" / version / "site-packages").is_dir()
        return seen and self.packages_are_current() and self.graphiql_is_current()

    @property
    def packages_state(self) -> str:
        """INCOMPLETE, FAILED, the fingerprint of what is installed, or nothing."""
        return _read(self._packages_stamp)

    def packages_are_current(self) -> bool:
        """Whether what is installed is what the files ask for now."""
        return self.packages_state == self._packages_fingerprint()

    def record_packages(self, outcome: str) -> None:
        """Write down INCOMPLETE, FAILED or INSTALLED."""
        state = self._packages_fingerprint() if outcome == INSTALLED else outcome
        self._packages_stamp.write_text(state)

    def graphiql_is_current(self) -> bool:
        """Whether GraphiQL's files are there, or there is no point in asking for them again."""
        fingerprint, _, outcome = _read(self._graphiql_stamp).partition(" ")
        if fingerprint != self._graphiql_fingerprint():
            return False
        if outcome == INSTALLED:
            return (self.graphiql / "node_modules").is_dir()
        # A failure is kept, so that a machine without a network does not wait at each start.
        return outcome == FAILED or npm() is None

    def record_graphiql(self, outcome: str) -> None:
        """Write down INSTALLED, FAILED or NO_NPM."""
        self._graphiql_stamp.write_text(f"{self._graphiql_fingerprint()} {outcome}")

    def _packages_fingerprint(self) -> str:
        # The place counts: the project and the scripts are installed by their full path.
        files = (self.root / "requirements.txt", self.root / "pyproject.toml")
        return _fingerprint(files, str(self.root))

    def _graphiql_fingerprint(self) -> str:
        names = ("package.json", "package-lock.json", ".npmrc")
        return _fingerprint([self.graphiql / name for name in names])


def npm() -> str | None:
    """Where npm is, if this machine has it."""
    import shutil  # 8 ms that an ordinary start does not need

    return shutil.which("npm")


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except FileNotFoundError:
        return ""


def _fingerprint(files: Iterable[Path], *more: str) -> str:
    parts = [file.read_bytes() if file.exists() else b"" for file in files]
    parts += [text.encode() for text in more]
    # The lengths keep a line that moves from one file to the next from going unseen.
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).hexdigest()


if __name__ == "__main__":
    sys.exit(0 if Checkout().is_current() else 1)
