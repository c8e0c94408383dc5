"""The environment a comparison ran in: machine, packages, revision."""

import os
import platform
import shutil
import subprocess
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGES = (
    "requests",
    "urllib3",
    "cachecontrol",
    "httpcore",
    "h2",
    "websockets",
    "locust",
    "numpy",
    "rich",
    "altair",
    "vl-convert-python",
    "jinja2",
)
_OF_SERVERS = (
    "flask",
    "strawberry-graphql",
    "graphql-core",
    "fastapi",
    "uvicorn",
    "sqlalchemy",
)


def environment(
    server_processors: list[int] | None = None, *, with_servers: bool = True
) -> dict[str, Any]:
    """Machine, Python, packages (as installed beside the client), revision and load.

    Args:
        server_processors: those that the servers are held on; by them and by what this process is
            held on, `affinity` tells those of either side. None where the servers are not held.
        with_servers: whether the packages of the bookstore's servers are told as well.
    """
    return {
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "processor": _processor(),
        "processors": os.cpu_count(),
        "affinity": affinity(server_processors),
        "load_average": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
        "packages": _packages((*_PACKAGES, *_OF_SERVERS) if with_servers else _PACKAGES),
        "revision": _revision(),
    }


def affinity(servers: list[int] | None) -> dict[str, list[int]] | None:
    """The processors that servers, client and simulated network are held on; None where not held.

    Args:
        servers: theirs, None where nobody told.
    """
    if servers is None or not hasattr(os, "sched_getaffinity"):
        return None
    client = sorted(os.sched_getaffinity(0))
    return {"servers": servers, "client": client, "network": sorted({*servers, *client})}


def _processor() -> str | None:
    """The processor's model as Linux names it, else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, None) or platform.processor() or None


def _packages(names: Iterable[str]) -> dict[str, str]:
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _revision() -> str | None:
    """The commit that is checked out, with `+` if files differ from it; None outside of Git."""
    git = shutil.which("git")
    if git is None:
        return None
    folder = str(Path(__file__).resolve().parent)
    command = [git, "-C", folder, "describe", "--always", "--dirty=+", "--abbrev=12"]
    try:
        told = subprocess.run(  # noqa: S603 - fixed words and this file's own folder
            command, capture_output=True, text=True, check=True, timeout=5
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return told.stdout.strip()
