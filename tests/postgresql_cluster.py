"""A throw-away PostgreSQL cluster from the machine's own binaries, on the loopback address.

initdb refuses to run as root, so root hands it to the system's `postgres` (or `nobody`).
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launcher.ports import free_port

# Where Debian, Homebrew and the others put the programs that are not on the PATH.
_PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/pgsql-*/bin")


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
            "-c fsync=off -c max_connections=50"
        )
        log = str(self._folder / "log")
        self._run("pg_ctl", "-o", options, "-l", log, "-w", "-t", "60", "start")

    def stop(self) -> None:
        """Stop it; connections that are open end at once."""
        self._run("pg_ctl", "-m", "immediate", "-w", "-t", "60", "stop")

    def new_database(self, name: str) -> str:
        """An empty database; the address to open it by."""
        import psycopg

        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[call-overload]
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
    """The folder of initdb and pg_ctl, or None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found and shutil.which("pg_ctl"):
        return Path(found).parent
    for place in _PLACES:
        for folder in sorted(Path("/").glob(place.lstrip("/")), reverse=True):
            if (folder / "initdb").exists():
                return folder
    return None


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A cluster of its own in a temporary folder, stopped and removed at the end."""
    where = programs()
    assert where is not None, "ask programs() first"
    folder = Path(tempfile.mkdtemp(prefix="bookstore-postgresql-"))
    user = None
    if os.getuid() == 0:
        known = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in known else "nobody"
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
