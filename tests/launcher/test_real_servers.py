"""The launcher with the project's own two servers."""

import json
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from launcher.options import parse
from launcher.ports import free_ports
from launcher.processes import ServerPair
from shared.config import CHECKOUT, Settings
from shared.storage.ram_folder import folder_for
from tests.launcher.launched import Launched, started_by
from tests.waiting import LIMIT_S, is_running, wait_until

ROOT = Path(__file__).parents[2]
LAUNCHER = [sys.executable, "-m", "launcher"]
READY = "Ctrl-C stops both"


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=LIMIT_S) as answer:
        return json.load(answer)


def post(url: str, body: object) -> Any:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
        return json.load(answer)


def ram_folder(ports: list[int]) -> Path:
    return folder_for(CHECKOUT, f"ports-{ports[0]}-{ports[1]}", needed_bytes=0)


@pytest.fixture
def launched(marks: Path) -> Iterator[Launched]:
    launched = Launched(LAUNCHER, ["--books", "300"], marks)
    yield launched
    launched.process.kill()  # the servers follow it
    launched.process.wait()


def test_both_serve_and_ctrl_c_leaves_nothing_behind(launched: Launched) -> None:
    launched.wait_for(READY)
    rest, graphql = (f"http://127.0.0.1:{port}" for port in launched.ports)
    assert get(f"{rest}/health") == get(f"{graphql}/health")  # of one and the same bookstore
    assert get(f"{rest}/books/300")["id"] == 300
    folder, pids = ram_folder(launched.ports), started_by(launched.process.pid)
    assert folder.is_dir()
    assert len(pids) >= 2
    launched.process.send_signal(signal.SIGINT)
    assert launched.status() == 0
    assert launched.errors == ""
    assert not [pid for pid in pids if is_running(pid)]
    assert not folder.exists()


@pytest.mark.slow
def test_nothing_outlives_a_launcher_that_was_killed(launched: Launched) -> None:
    launched.wait_for(READY)
    folder, pids = ram_folder(launched.ports), started_by(launched.process.pid)
    launched.process.kill()
    wait_until(lambda: not [pid for pid in pids if is_running(pid)], "all have ended")
    assert not folder.exists()


@pytest.mark.slow
def test_the_servers_that_died_without_a_chance_leave_the_next_start_fresh_data() -> None:
    ports = free_ports(2)
    author = {"name": "Nobody's", "email": "nobody@example.org"}
    with ServerPair(*ports) as pair:
        there = get(f"{pair.rest_url}/authors?sort=-id&limit=1")[0]["id"]
        assert post(f"{pair.rest_url}/authors", author)["id"] == there + 1
        pair.kill()
    assert ram_folder(ports).exists()
    with ServerPair(*ports) as pair:
        assert get(f"{pair.rest_url}/authors?sort=-id&limit=1")[0]["id"] == there
    assert not ram_folder(ports).exists()


@pytest.mark.slow
def test_two_pairs_keep_apart() -> None:
    author = {"name": "Somebody", "email": "somebody@example.org"}
    with ServerPair() as first, ServerPair() as second:
        made = post(f"{first.rest_url}/authors", author)
        query = {"query": "query ($id: Int!) { author(id: $id) { name } }"}
        query |= {"variables": {"id": made["id"]}}
        found, missed = (post(f"{pair.graphql_url}/graphql", query) for pair in (first, second))
        assert found["data"]["author"] == {"name": "Somebody"}
        assert missed["data"]["author"] is None


@pytest.mark.slow
def test_a_malformed_setting_is_named(marks: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKSTORE_SEED", "x")
    launched = Launched(LAUNCHER, [], marks)
    assert launched.status() == 2
    assert "BOOKSTORE_SEED" in launched.errors
    assert "Traceback" not in launched.errors


def test_the_ports_are_the_servers_own_defaults() -> None:
    options, settings = parse([]), Settings.model_fields
    assert options.rest_port == settings["rest_port"].default
    assert options.graphql_port == settings["graphql_port"].default
