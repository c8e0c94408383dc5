"""The two client scripts, run as a user runs them."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.comparison.fake_bookstore import FakeBookstore
from tests.selection import slow
from tests.waiting import LIMIT_S

SCRIPTS = Path(__file__).parents[2] / "client_examples"


def run(script, url, folder):
    command = [sys.executable, str(SCRIPTS / script), "--url", url]
    return subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S
    )


@pytest.mark.parametrize(
    ("script", "requests"),
    [
        # author page 2 + 2 + 1, order history 21 + 21 + 2 + 1, book list 1 + 1
        ("rest_client.py", 52),
        # author page, 4 order histories, 2 book lists
        ("graphql_client.py", 7),
    ],
)
def test_a_script_walks_through_all_problems_from_any_folder(script, requests, tmp_path):
    with FakeBookstore() as server:
        ended = run(script, server.url, tmp_path)
        served = sum(server.requests.values())
    assert (ended.returncode, ended.stderr) == (0, "")
    shown = re.findall(r"^  (?:GET|POST) /\S+  200 .* bytes", ended.stdout, re.MULTILINE)
    assert len(shown) == served == requests
    for heading in ("Multiple requests", "N+1", "Over-fetching"):
        assert f"\n{heading}\n===" in ended.stdout


def test_the_rest_script_shows_what_each_way_takes(tmp_path):
    with FakeBookstore() as server:
        out = run("rest_client.py", server.url, tmp_path).stdout
    assert "= 21 requests in 21 rounds, " in out
    assert "= 21 requests in 5 rounds, " in out
    assert "= 2 requests in 2 rounds, " in out
    assert "40 of 180 values used, over-fetch 78%" in out


def test_the_graphql_script_shows_the_statements_of_both_endpoints(tmp_path):
    with FakeBookstore() as server:
        out = run("graphql_client.py", server.url, tmp_path).stdout
    assert re.search(r"POST /graphql/unbatched  200  .*, 22 statements", out)
    assert re.search(r"POST /graphql/dataloader  200  .*, 4 statements", out)


@pytest.mark.parametrize("script", ["rest_client.py", *slow("graphql_client.py")])
def test_a_server_that_is_away_is_told_with_what_to_do_and_status_3(script, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    ended = run(script, url, tmp_path)
    assert ended.returncode == 3
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"{url} does not answer: Connection refused\n")
    assert ended.stderr.count("\n") == 2
    assert "  next: start both servers with ./start_servers.sh" in ended.stderr


@pytest.mark.parametrize("script", ["rest_client.py", *slow("graphql_client.py")])
def test_a_wrong_address_is_wrong_usage(script, tmp_path):
    assert run(script, "ftp://localhost", tmp_path).returncode == 2
