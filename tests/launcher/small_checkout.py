"""A small checkout, to see what the start scripts do before anything is installed.

It has no packages to install, so that no network is needed; a script stands in for npm.
"""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from tests.waiting import LIMIT_S

ROOT = Path(__file__).parents[2]
NO_PACKAGES = "# nothing\n"
SHOW = "import os, sys\nprint('launched', sys.prefix, os.getcwd(), sys.argv[1:])\n"
NPM = """#!/bin/sh
echo npm "$@" >> "{calls}"
if [ -e "{fails}" ]; then echo "no network"; exit 9; fi
mkdir -p node_modules
"""


class Small:
    """A checkout with the real scripts, and a launcher that only says that it was reached."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "a checkout's folder"
        self.tools = folder / "tools"
        self.first = (-1, "not started yet")
        self.npm_calls, self.npm_fails = folder / "npm calls", folder / "npm fails"
        shutil.copytree(ROOT / "launcher", self.root / "launcher")
        (self.root / "launcher" / "__main__.py").write_text(SHOW)
        for name in ("start_servers.sh", "run_tests.sh"):
            shutil.copy(ROOT / name, self.root)
        (self.root / "pyproject.toml").write_text("[project]\n")
        (self.root / "graphql_api" / "graphiql").mkdir(parents=True)
        self.tools.mkdir()
        for tool in ("bash", "dirname", "mkdir", "readlink"):
            (self.tools / tool).symlink_to(shutil.which(tool) or "")
        self.restore()

    def restore(self) -> None:
        """Make the machine whole again; what is set up in the checkout stays."""
        self.require(NO_PACKAGES)
        (self.root / ".venv" / "graphiql.stamp").unlink(missing_ok=True)
        self.npm_fails.unlink(missing_ok=True)
        self.npm_calls.write_text("")
        npm = self.tools / "npm"
        npm.write_text(NPM.format(calls=self.npm_calls, fails=self.npm_fails))
        npm.chmod(0o755)

    def require(self, requirements: str) -> None:
        (self.root / "requirements.txt").write_text(requirements)

    @property
    def environment(self) -> dict[str, str]:
        # With no packages the project is not installed either, so its place is told.
        return {
            "PATH": str(self.tools),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(self.root),
        }

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        command = [str(self.root / "start_servers.sh"), *arguments]
        return subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def start(self, *arguments: str) -> tuple[int, str]:
        """The status, and all that it printed."""
        return end_of(self.begin(*arguments))

    def is_launched(self, output: str) -> bool:
        return f"launched {self.root / '.venv'}" in output


def end_of(process: subprocess.Popen[str]) -> tuple[int, str]:
    try:
        output, _ = process.communicate(timeout=LIMIT_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise
    return process.returncode, output
