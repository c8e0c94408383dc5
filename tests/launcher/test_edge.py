"""The edge is started, watched over and stopped like the servers. In front of stand-ins."""

import os
import re
import signal
import socket
import ssl
import stat
from pathlib import Path
from urllib.request import urlopen

import pytest

from launcher.options import parse
from launcher.ports import LOOPBACK, free_port, is_listening
from tests.edge.running import WHICH, nginx_of
from tests.launcher.launched import Launch, Launched, started_by
from tests.selection import slow
from tests.waiting import LIMIT_S, is_running, wait_until

READY = "Ctrl-C stops all three."


@pytest.fixture(scope="module", params=WHICH)
def nginx(request: pytest.FixtureRequest) -> str:
    """The machine's nginx, and the wheel's."""
    return str(nginx_of(request.param).program)


@pytest.fixture
def port() -> int:
    """Of the edge."""
    return free_port()


def authority_of(launched: Launched) -> Path:
    found = re.search(r"/\S*/ca\.pem", launched.output)
    assert found, launched.output
    return Path(found[0])


def processes(launched: Launched) -> list[int]:
    """All that the launcher has started: two servers, and the edge with nginx and its worker."""
    return wait_until(
        lambda: found if len(found := started_by(launched.process.pid)) >= 5 else None, "all run"
    )


def assert_nothing_is_left(pids: list[int], authority: Path, port: int) -> None:
    assert not [pid for pid in pids if is_running(pid)]
    assert not authority.parent.exists()
    assert not is_listening(LOOPBACK, port)


def test_it_prints_its_address_and_whom_to_trust(launch: Launch, nginx: str, port: int) -> None:
    launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
    launched.wait_for(READY)
    assert f"https://localhost:{port}/" in launched.output
    authority = authority_of(launched)
    assert stat.S_IMODE(authority.parent.stat().st_mode) == 0o700
    assert not [
        file for file in authority.parent.iterdir() if "ca" in file.name and file != authority
    ]
    tls = ssl.create_default_context(cafile=str(authority))
    for path in ("/rest/health", "/health"):
        with urlopen(f"https://localhost:{port}{path}", timeout=LIMIT_S, context=tls) as answer:
            assert answer.status == 200
    for number in (4, 6):  # what `localhost` may mean
        family = socket.AF_INET if number == 4 else socket.AF_INET6
        with socket.socket(family) as connection:
            connection.settimeout(LIMIT_S)
            connection.connect((LOOPBACK if number == 4 else "::1", port))


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        *slow(signal.SIGTERM, signal.SIGHUP),
    ],
)
def test_a_signal_stops_all_three(launch: Launch, nginx: str, port: int, number: int) -> None:
    launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
    launched.wait_for(READY)
    pids, authority = processes(launched), authority_of(launched)
    launched.process.send_signal(number)
    assert launched.status() == 0
    assert launched.errors == ""
    assert_nothing_is_left(pids, authority, port)


@pytest.mark.slow
def test_nothing_outlives_a_launcher_that_was_killed(launch: Launch, nginx: str, port: int) -> None:
    launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
    launched.wait_for(READY)
    pids, authority = processes(launched), authority_of(launched)
    launched.process.kill()
    wait_until(lambda: not [pid for pid in pids if is_running(pid)], "all have ended")
    wait_until(lambda: not authority.parent.exists(), "the folder is gone")
    assert_nothing_is_left(pids, authority, port)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["program", "nginx"])
def test_an_edge_that_dies_takes_the_servers_with_it(
    launch: Launch, nginx: str, port: int, which: str
) -> None:
    launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
    launched.wait_for(READY)
    pids, authority = processes(launched), authority_of(launched)
    nginx = int((authority.parent / "nginx.pid").read_text())
    (program,) = {pid for pid in pids if nginx in started_by(pid)}
    os.kill({"program": program, "nginx": nginx}[which], signal.SIGKILL)
    assert launched.status() == 128 + signal.SIGKILL
    assert "the edge has ended with status 137; stopping the others" in launched.errors
    assert_nothing_is_left(pids, authority, port)


def test_a_server_that_dies_takes_the_edge_with_it(launch: Launch, nginx: str, port: int) -> None:
    launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
    launched.wait_for(READY)
    pids, authority = processes(launched), authority_of(launched)
    os.kill(launched.pids()[0], signal.SIGKILL)
    assert launched.status() == 128 + signal.SIGKILL
    assert_nothing_is_left(pids, authority, port)


@pytest.mark.parametrize("host", [*slow("127.0.0.1"), "::1"])
def test_a_port_that_is_taken_is_told_in_one_line(launch: Launch, nginx: str, host: str) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    port = free_port()  # on the other address, too: what the system gives may be in use there
    with socket.create_server((host, port), family=family):
        launched = launch("--edge", "--edge-port", str(port), nginx=[nginx])
        assert launched.status() == 2
    (line,) = [line for line in launched.errors.splitlines() if line.startswith("edge: ")]
    assert f"port {port} on {host} is taken" in line
    assert "--edge-port" in line
    assert launched.output == ""


@pytest.mark.parametrize("arguments", [["--edge"], *slow(["--compare", "--edge"])])
def test_without_nginx_one_line_says_so_and_the_rest_runs(
    launch: Launch, arguments: list[str]
) -> None:
    launched = launch(*arguments, nginx=["/nowhere/nginx"])
    if "--compare" in arguments:
        assert launched.status() == 0
    else:
        launched.wait_for("Ctrl-C stops both.")
        launched.process.send_signal(signal.SIGINT)
        assert launched.status() == 0
    assert "there is no edge" in launched.errors
    (line,) = launched.errors.splitlines()
    assert "no nginx 1.18 or newer" in line


@pytest.mark.slow
def test_a_comparison_is_told_of_the_edge_and_reaches_both_servers_by_it(
    launch: Launch, nginx: str, port: int
) -> None:
    launched = launch("--compare", "--edge", "--edge-port", str(port), nginx=[nginx])
    assert launched.status() == 0, launched.errors
    assert f"by https://localhost:{port}\n" in launched.output
    assert not authority_of(launched).parent.exists()
    assert launched.output.startswith("compared with ")  # the launcher's own lines are for visitors
    without = launch("--compare")
    assert without.status() == 0
    assert "https://" not in without.output


@pytest.mark.parametrize(
    ("arguments", "edge", "port"),
    [
        ([], False, None),
        (["--edge"], True, 8443),
        (["--edge-port", "9443"], True, 9443),
        (["--edge", "--no-edge"], False, 8443),
        (["--compare"], True, None),
        (["--compare", "--quick"], True, None),
        (["--compare", "--edge-port=9443"], True, 9443),
        (["--compare", "--no-edge"], False, None),
        (["--edge", "--compare"], True, None),
        (["--shared-cache"], True, 8443),
        (["--shared-cache", "--edge-port", "9443"], True, 9443),
        (["--compare", "--shared-cache"], True, None),
    ],
)
def test_when_there_is_an_edge_and_where(
    arguments: list[str], edge: bool, port: int | None
) -> None:
    options = parse(arguments)
    assert (options.edge, options.edge_port if edge else port) == (edge, port)


@pytest.mark.parametrize("given", [None, "", "30"])
def test_for_how_long_the_shared_cache_keeps(
    monkeypatch: pytest.MonkeyPatch, given: str | None
) -> None:
    monkeypatch.delenv("BOOKSTORE_SHARED_MAX_AGE_S", raising=False)
    if given is not None:
        monkeypatch.setenv("BOOKSTORE_SHARED_MAX_AGE_S", given)
    assert parse(["--edge"]).shared_max_age_s is None
    assert parse(["--edge", "--shared-cache"]).shared_max_age_s == (given or "10")


def test_a_comparison_measures_what_it_is_to_save() -> None:
    for arguments in (["--compare", "--shared-cache"], ["--shared-cache", "--compare"]):
        assert parse(arguments).comparison == ["--shared-cache"]
    assert parse(["--compare", "--quick"]).comparison == ["--quick"]


@pytest.mark.parametrize(
    ("arguments", "seconds", "wrong"),
    [
        (["--shared-cache", "--no-edge"], "30", "leave out --no-edge, or --shared-cache"),
        (["--shared-cache"], "0", "keep nothing with BOOKSTORE_SHARED_MAX_AGE_S=0"),
        (["--no-edge", "--edge-port", "9000"], "30", "with --no-edge, --edge-port has no effect"),
        (["--compare", "--edge-port=9000", "--no-edge"], "30", "--edge-port has no effect"),
    ],
)
def test_what_the_edge_cannot_be_is_a_usage_error(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    seconds: str,
    wrong: str,
) -> None:
    monkeypatch.setenv("BOOKSTORE_SHARED_MAX_AGE_S", seconds)
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert wrong in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", *slow("65536", "x")])
def test_a_port_that_is_none_is_a_usage_error(launch: Launch, port: str) -> None:
    launched = launch("--edge-port", port)
    assert launched.status() == 2
    assert "--edge-port" in launched.errors


def test_a_servers_port_is_refused(launch: Launch) -> None:
    launched = launch("--rest-port", "8123", "--edge", "--edge-port", "8123")
    assert launched.status() == 2
    assert "the edge needs a port of its own, got 8123" in launched.errors
