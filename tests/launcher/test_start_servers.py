"""The launcher as a user meets it: signals, servers that fail, the comparison. With stand-ins."""

import os
import signal
import socket
from pathlib import Path

import pytest

from launcher.supervisor import still_starting
from tests.launcher.launched import Launch, Launched
from tests.selection import slow
from tests.waiting import is_running, wait_until

READY = "Ctrl-C stops both"


def assert_all_gone(pids: list[int]) -> None:
    assert pids
    assert not [pid for pid in pids if is_running(pid)]


def test_prints_the_urls_once_both_are_healthy(launch: Launch, tmp_path: Path) -> None:
    healthy = tmp_path / "healthy"
    launched = launch(graphql=["--healthy-when", str(healthy)])
    wait_until(lambda: len(launched.pids()) == 2, "both servers start")
    assert launched.output == ""
    healthy.touch()
    launched.wait_for(READY)
    rest, graphql = (f"http://127.0.0.1:{port}" for port in launched.ports)
    for url in (f"{rest}/\n", f"{rest}/docs", f"{graphql}/graphql"):
        assert url in launched.output
    assert launched.output.split()[:2] == ["Lab", f"{graphql}/lab"]


@pytest.mark.parametrize(
    "number",
    [
        signal.SIGTERM,
        *slow(signal.SIGINT, signal.SIGHUP),
    ],
)
def test_a_signal_stops_both_in_good_order(launch: Launch, number: int) -> None:
    launched = launch()
    launched.wait_for(READY)
    pids = launched.pids()
    launched.process.send_signal(number)
    assert launched.status() == 0
    assert launched.errors == ""
    assert launched.pids() == []
    assert_all_gone(pids)


def test_a_background_job_under_nohup_ignores_sighup_alone(launch: Launch) -> None:
    launched = launch("--compare", "--wait", by_nohup=True)
    launched.wait_for("compared with")
    launched.process.send_signal(signal.SIGHUP)
    launched.process.send_signal(signal.SIGINT)
    assert launched.status() == 128 + signal.SIGINT


def test_the_terminals_ctrl_c_reaches_the_launcher_alone(launch: Launch) -> None:
    launched = launch(rest=["--stubborn"])
    launched.wait_for(READY)
    groups = {os.getpgid(pid) for pid in [launched.process.pid, *launched.pids()]}
    assert len(groups) == 3


def test_a_signal_while_they_start_stops_both(launch: Launch, tmp_path: Path) -> None:
    launched = launch(rest=["--healthy-when", str(tmp_path / "never")])
    wait_until(lambda: len(launched.pids()) == 2, "both servers start")
    pids = launched.pids()
    launched.process.send_signal(signal.SIGINT)
    assert launched.status() == 0
    assert_all_gone(pids)


@pytest.mark.parametrize("by_nohup", [False, *slow(True)])
def test_a_second_ctrl_c_does_not_wait_for_a_server_that_hangs(
    launch: Launch, by_nohup: bool
) -> None:
    launched = launch(rest=["--stubborn"], by_nohup=by_nohup)
    launched.wait_for(READY)
    pids = launched.pids()
    launched.process.send_signal(signal.SIGINT)
    wait_until(
        lambda: len(launched.pids()) == 1, "one server stops"
    )  # the other one has been asked, and stopped
    launched.process.send_signal(signal.SIGINT)
    assert launched.status() == 130
    assert_all_gone(pids)


def test_a_server_that_dies_takes_the_other_one_with_it(launch: Launch) -> None:
    launched = launch()
    launched.wait_for(READY)
    pids = launched.pids()
    os.kill(pids[0], signal.SIGKILL)
    assert launched.status() == 128 + signal.SIGKILL
    assert "server has ended with status 137" in launched.errors
    assert_all_gone(pids)


def test_a_server_that_ends_without_being_asked_is_a_failure(launch: Launch) -> None:
    launched = launch()
    launched.wait_for(READY)
    pids = launched.pids()
    os.kill(pids[0], signal.SIGTERM)
    assert launched.status() == 1
    assert_all_gone(pids)


def test_a_server_that_fails_to_start_gives_its_status_and_its_line(launch: Launch) -> None:
    launched = launch(graphql=["--fail-with", "7"])
    assert launched.status() == 7
    assert "stand-in: told to fail\n" in launched.errors
    assert "the GraphQL server has ended with status 7" in launched.errors
    assert launched.pids() == []


def test_a_port_that_is_taken_is_told_by_the_server(launch: Launch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        launched = launch("--rest-port", str(port))
        assert launched.status() == 2
    assert f"port {port} is taken" in launched.errors
    assert launched.output == ""


@pytest.mark.parametrize(
    "port",
    ["0", *slow("65536", "x", "-1", "8000.0")],
)
def test_a_port_that_is_none_is_a_usage_error(launch: Launch, port: str) -> None:
    launched = launch("--rest-port", port)
    assert launched.status() == 2
    assert "--rest-port" in launched.errors


def test_one_port_for_both_is_refused(launch: Launch) -> None:
    launched = launch("--rest-port", "8123", "--graphql-port", "8123")
    assert launched.status() == 2
    assert "the two servers need two ports, got 8123 for both" in launched.errors


def test_nothing_outlives_a_launcher_that_was_killed(launch: Launch) -> None:
    launched = launch()
    launched.wait_for(READY)
    pids = launched.pids()
    launched.process.kill()
    wait_until(lambda: not [pid for pid in pids if is_running(pid)], "all have ended")
    assert launched.pids() == []


def test_what_a_server_has_started_is_stopped_with_it(launch: Launch) -> None:
    launched = launch(rest=["--worker"])
    launched.wait_for(READY)
    pids = launched.pids()
    assert len(pids) == 3
    launched.process.send_signal(signal.SIGINT)
    # Its worker does not stop by itself: a second Ctrl-C does not wait for it.
    wait_until(lambda: len(launched.pids()) == 1, "one server stops")
    launched.process.send_signal(signal.SIGINT)
    launched.status()
    assert_all_gone(pids)


def finished_comparison(launch: Launch, *arguments: str) -> Launched:
    launched = launch("--compare", *arguments)
    launched.status()
    assert launched.pids() == []
    return launched


@pytest.mark.parametrize("status", [*slow(0), 4])
def test_the_comparisons_status_is_passed_on(launch: Launch, status: int) -> None:
    launched = finished_comparison(launch, "--end-with", str(status))
    assert launched.status() == status


def test_the_comparison_gets_what_follows(launch: Launch) -> None:
    launched = finished_comparison(launch, "--screen", "a b", "--quick")
    assert launched.output.startswith("compared with ['--screen', 'a b', '--quick']\n")


def test_the_servers_options_may_follow_compare(launch: Launch) -> None:
    launched = finished_comparison(launch, "--quick", "--books", "2000", "--rest-port=20111")
    assert launched.output.startswith("compared with ['--quick']\n")


def test_a_slow_start_names_the_books_only_where_they_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("BOOKSTORE_BOOKS", raising=False)
    assert still_starting(None) == still_starting(1_000) == "still starting"
    many = "still starting; to make 1,000,000 books may take minutes"
    assert still_starting(1_000_000) == many
    monkeypatch.setenv("BOOKSTORE_BOOKS", "1000000")
    assert still_starting(None) == many
    assert still_starting(2_000) == "still starting"  # the option counts
    monkeypatch.setenv("BOOKSTORE_BOOKS", "many")
    assert still_starting(None) == "still starting"


def test_a_comparison_writes_its_results_to_a_folder(launch: Launch, tmp_path: Path) -> None:
    launched = finished_comparison(launch)
    assert launched.output.startswith("compared with []\n")  # the program itself says what it wrote
    assert sorted(file.name for file in (tmp_path / "results").iterdir()) == [
        "comparison.html",
        "comparison.json",
    ]


@pytest.mark.parametrize("equals", [True, False])
def test_results_go_where_the_user_says(launch: Launch, tmp_path: Path, equals: bool) -> None:
    named = tmp_path / "a b.json"
    option = [f"--json={named}"] if equals else ["--json", str(named)]
    finished_comparison(launch, *option)
    page = tmp_path / "results" / "comparison.html"
    assert named.exists()
    assert page.exists()
    assert not page.with_suffix(".json").exists()


def test_no_folder_is_made_where_all_results_go_elsewhere(launch: Launch, tmp_path: Path) -> None:
    named = (f"--{name}={tmp_path / f'own.{name}'}" for name in ("json", "html"))
    finished_comparison(launch, *named)
    assert (tmp_path / "own.json").exists()
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize("option", ["--list", "--from"])
def test_what_measures_nothing_writes_no_results_unasked(
    launch: Launch, tmp_path: Path, option: str
) -> None:
    launched = finished_comparison(launch, option)
    assert launched.output == f"compared with ['{option}']\n"
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    ("asked", "said"),
    [("--help", "--end-with"), ("--list", "compared with"), ("--from=a.json", "compared with")],
)
def test_what_measures_nothing_needs_no_servers(launch: Launch, asked: str, said: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:  # a server would end here at once
        port = other.getsockname()[1]
        launched = finished_comparison(launch, asked, "--rest-port", str(port))
    assert launched.status() == 0
    assert said in launched.output


def test_an_interrupted_comparison_is_told_once_and_may_save(launch: Launch) -> None:
    launched = launch("--compare", "--wait")
    launched.wait_for("compared with")
    pids = launched.pids()
    os.killpg(launched.process.pid, signal.SIGINT)  # as a terminal does
    assert launched.status() == 130
    assert "interrupted 1 time(s), saved" in launched.output
    assert_all_gone(pids)


def test_a_server_that_dies_under_a_comparison_is_a_failure(launch: Launch) -> None:
    launched = launch("--compare", "--wait")
    launched.wait_for("compared with")
    pids = launched.pids()
    os.kill(pids[0], signal.SIGKILL)
    assert launched.status() == 3
    assert "lost a server" in launched.output
    assert "server has ended with status 137" in launched.errors
    assert_all_gone(pids)
