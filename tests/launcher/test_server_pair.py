"""`ServerPair`, as tests and benchmarks use it. With stand-ins for the servers."""

import json
import signal
import socket
import sys
from pathlib import Path

import pytest

from launcher.ports import base_url, free_port, free_ports
from launcher.processes import NotHealthy, ServerEnded, ServerPair
from launcher.server import shell_status
from tests.waiting import is_running, wait_until

SHOW_SETTINGS = """
import json, os, sys
settings = {name: value for name, value in os.environ.items() if name.startswith("BOOKSTORE_")}
sys.stdout.write(json.dumps(settings) + "\\n")
"""


def test_both_run_inside_and_neither_after(stand_in: list[str], marks: Path) -> None:
    with ServerPair(programs=(stand_in, stand_in)) as pair:
        pids = pair.pids
        assert all(is_running(pid) for pid in pids)
        assert pair.rest_url != pair.graphql_url
        pair.wait_until_healthy()
    assert not any(is_running(pid) for pid in pids)
    assert not list(marks.iterdir())
    pair.stop()  # once more does no harm


def test_an_error_inside_stops_both(stand_in: list[str]) -> None:
    pair = ServerPair(programs=(stand_in, stand_in))
    with pytest.raises(ZeroDivisionError), pair:
        raise ZeroDivisionError
    assert not any(is_running(pid) for pid in pair.pids)


def test_one_that_does_not_start_stops_the_other(stand_in: list[str]) -> None:
    pair = ServerPair(programs=([*stand_in, "--fail-with", "5"], stand_in))
    with pytest.raises(ServerEnded, match="REST server has ended with status 5") as raised, pair:
        pass
    assert raised.value.status == 5
    assert not any(is_running(pid) for pid in pair.pids)


def test_waiting_has_a_limit(stand_in: list[str], tmp_path: Path) -> None:
    unhealthy = [*stand_in, "--healthy-when", str(tmp_path / "never")]
    pair = ServerPair(programs=(stand_in, unhealthy))
    try:
        pair.start()
        with pytest.raises(NotHealthy, match=r"no answer of GraphQL within 0\.5 s"):
            pair.wait_until_healthy(limit_s=0.5)
    finally:
        pair.stop()


@pytest.mark.slow
def test_one_that_does_not_stop_is_killed_with_all_that_it_started(
    stand_in: list[str], marks: Path
) -> None:
    with ServerPair(programs=([*stand_in, "--stubborn", "--worker"], stand_in)) as pair:
        pids = [int(mark.name) for mark in marks.iterdir()]
        assert len(pids) == 3
        pair.stop(limit_s=0.2)
        wait_until(lambda: not any(is_running(pid) for pid in pids), "all have ended")
    assert pair.rest.process.returncode == -signal.SIGKILL
    assert pair.graphql.process.returncode == 0


def test_who_answers_on_a_port_that_was_taken_is_not_ours(
    stand_in: list[str], tmp_path: Path
) -> None:
    port = free_port()
    begin = tmp_path / "begin"
    late = [*stand_in, "--begin-when", str(begin)]
    with ServerPair(graphql_port=port, programs=(stand_in, stand_in)) as other:
        ours = ServerPair(graphql_port=port, programs=(stand_in, late))
        try:
            ours.start()
            wait_until(ours.rest.is_healthy, "our REST server answers")
            assert other.graphql.is_healthy()
            assert not ours.graphql.is_healthy()
            begin.touch()
            with pytest.raises(ServerEnded, match="GraphQL server has ended with status 2"):
                ours.wait_until_healthy()
        finally:
            ours.stop()


def test_a_server_can_be_killed_and_started_again(stand_in: list[str]) -> None:
    with ServerPair(programs=(stand_in, stand_in)) as pair:
        first = pair.rest.process.pid
        pair.rest.kill()
        with pytest.raises(ServerEnded, match="REST server has ended with status 137"):
            pair.check()
        pair.rest.start()
        pair.wait_until_healthy()
        assert pair.rest.process.pid != first


def settings_of(pair: ServerPair, log: Path) -> dict[str, str]:
    pair.start()
    for server in pair.servers:
        server.process.wait()
    first, second = log.read_text().splitlines()
    assert first == second
    found: dict[str, str] = json.loads(first)
    return found


def show_settings(log: Path, environment: dict[str, str]) -> ServerPair:
    program = [sys.executable, "-c", SHOW_SETTINGS]
    return ServerPair(20_111, 20_112, environment=environment, log=log, programs=(program, program))


def test_both_know_both_ports_and_share_an_instance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKSTORE_BOOKS", "66")
    monkeypatch.setenv("BOOKSTORE_SEED", "5")
    log = tmp_path / "log"
    assert settings_of(show_settings(log, {"BOOKSTORE_BOOKS": "77"}), log) == {
        "BOOKSTORE_BOOKS": "77",
        "BOOKSTORE_HOST": "127.0.0.1",
        "BOOKSTORE_INSTANCE": "ports-20111-20112",
        "BOOKSTORE_REST_PORT": "20111",
        "BOOKSTORE_GRAPHQL_PORT": "20112",
        "BOOKSTORE_SEED": "5",
    }


def test_an_instance_and_a_host_that_are_given_stay(tmp_path: Path) -> None:
    log = tmp_path / "log"
    pair = show_settings(log, {"BOOKSTORE_INSTANCE": "mine", "BOOKSTORE_HOST": "0.0.0.0"})
    found = settings_of(pair, log)
    assert (found["BOOKSTORE_INSTANCE"], found["BOOKSTORE_HOST"]) == ("mine", "0.0.0.0")
    assert pair.rest_url == "http://127.0.0.1:20111"


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(20)
    assert len(set(ports)) == 20
    for port in ports:
        socket.create_server(("127.0.0.1", port)).close()


def test_a_port_in_use_is_not_free(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        used = other.getsockname()[1]
        free = free_port()
        monkeypatch.setattr("random.SystemRandom.sample", lambda *_: [used, free])
        assert free_port() == free


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:80"),
        ("localhost", "http://localhost:80"),
        ("::1", "http://[::1]:80"),
        ("::", "http://[::1]:80"),
    ],
)
def test_an_address_becomes_a_url_that_can_be_opened(host: str, url: str) -> None:
    assert base_url(host, 80) == url


def test_a_shell_counts_signals_from_128() -> None:
    assert shell_status(-signal.SIGKILL) == 137
    assert shell_status(3) == 3
