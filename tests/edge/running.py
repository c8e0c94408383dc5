"""nginx as the edge runs it: over the project's own servers, or over what a test puts behind it."""

import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from launcher.edge.certificates import AUTHORITY, make_certificates
from launcher.edge.configuration import Place, command, render, write
from launcher.edge.nginx import Nginx, look_at, own_nginx, wheel_nginx
from launcher.ports import LOOPBACK, free_port, is_listening
from launcher.processes import ServerPair
from shared.config import Settings
from tests.waiting import LIMIT_S, wait_until

# Both are configured alike: that of the wheel, which is always there, stands for the other.
WHICH = (pytest.param("machine", marks=pytest.mark.slow), "wheel")
NAMES = ("localhost", LOOPBACK, "::1")


def nginx_of(which: str) -> Nginx:
    """The machine's nginx, or the wheel's."""
    program = own_nginx() if which == "machine" else wheel_nginx()
    found = look_at(program) if program else None
    if found is None:
        pytest.skip(f"this machine has no nginx of its {'own' if which == 'machine' else 'wheel'}")
    return found


def client(url: str, authority: Path, *, http2: bool = True) -> httpx.Client:
    """A client that trusts the authority, and no other."""
    return httpx.Client(
        base_url=url,
        http1=not http2,
        http2=http2,
        verify=ssl.create_default_context(cafile=str(authority)),
        timeout=LIMIT_S,
    )


@dataclass
class Behind:
    """Both servers behind an edge, with clients for either protocol."""

    pair: ServerPair
    log: Path
    closing: ExitStack = field(default_factory=ExitStack)

    @property
    def url(self) -> str:
        assert self.pair.edge
        return self.pair.edge.url

    @property
    def authority(self) -> Path:
        assert self.pair.edge
        return self.pair.edge.authority

    def __post_init__(self) -> None:
        self.http2 = self.closing.enter_context(client(self.url, self.authority))
        self.http1 = self.closing.enter_context(client(self.url, self.authority, http2=False))
        self.direct = self.closing.enter_context(httpx.Client(timeout=LIMIT_S))

    @property
    def tls(self) -> ssl.SSLContext:
        """Trusts the edge's authority."""
        return ssl.create_default_context(cafile=str(self.authority))

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def behind_edge(
    nginx: Nginx, folder: Path, *, shared_cache: bool = False, **settings: str
) -> Iterator[Behind]:
    """Both servers with an edge in front; settings by their names without the prefix."""
    environment = {f"BOOKSTORE_{name.upper()}": value for name, value in settings.items()}
    log = folder / "servers.log"
    with ServerPair(
        environment=environment, log=log, nginx=nginx, shared_cache=shared_cache
    ) as pair:
        behind = Behind(pair, log)
        with behind.closing:
            yield behind


@dataclass
class Alone:
    """nginx over whatever stands behind it."""

    port: int
    folder: Path
    process: "subprocess.Popen[bytes]"

    def client(self, *, http2: bool = True) -> httpx.Client:
        return client(f"https://localhost:{self.port}", self.folder / AUTHORITY, http2=http2)


@contextmanager
def nginx_alone(nginx: Nginx, settings: Settings, **more: Any) -> Iterator[Alone]:
    """nginx as it is configured for these settings; `more` as for `render`."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="bookstore-edge-test-"))
    with ExitStack() as closing:
        closing.callback(shutil.rmtree, folder)
        make_certificates(folder, NAMES)
        write(folder, render(nginx, settings, Place(LOOPBACK, (LOOPBACK,), port), 256, **more))
        process = subprocess.Popen(command(nginx, folder), stdin=subprocess.DEVNULL)
        closing.callback(process.wait)
        closing.callback(process.terminate)
        wait_until(lambda: is_listening(LOOPBACK, port), "nginx listens")
        yield Alone(port, folder, process)
