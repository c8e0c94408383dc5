"""The command as a program of its own, against the project's own two servers."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from client_examples.comparison.screens import SCREENS
from tests.waiting import LIMIT_S, wait_until

PROGRAM = Path(__file__).parents[3] / "client_examples" / "compare_apis.py"
# As a terminal leaves it: what runs in the background may have been told to ignore it.
HEEDING = (
    "import runpy, signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler);"
    "sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
)


@pytest.fixture
def begin(writing_pair, tmp_path):
    """Start a comparison that writes results.json."""
    started = []

    def begin(*arguments):
        urls = ["--rest-url", writing_pair.rest.base_url]
        urls += ["--graphql-url", writing_pair.graphql.base_url]
        command = [sys.executable, "-c", HEEDING, str(PROGRAM), *urls, *arguments]
        process = subprocess.Popen(
            [*command, "--json", str(tmp_path / "results.json")],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def newest(url, name):
    return requests.get(f"{url}/{name}?sort=-id&limit=1", timeout=LIMIT_S).json()[0]


def wait_for_timed_loads(url, process):
    """Wait until each of the six arms that place orders was timed, of which 36 loads are not.

    An order is gone before the next one comes, and its id is never used again: seen now and then.
    """
    before = newest(url, "orders")["id"]

    def order():
        assert process.poll() is None, process.communicate()
        found = newest(url, "orders")["id"]
        return found if found > before else None

    first = wait_until(order, "an order is placed")
    wait_until(lambda: (order() or 0) > first + 80, "some more are")


@pytest.mark.slow
def test_all_screens_are_compared_quickly(begin, tmp_path):
    process = begin("--quick", "--html", "page.html", "--markdown", "report.md", "--csv", "all.csv")
    out, err = process.communicate(timeout=5 * LIMIT_S)
    assert (process.returncode, err) == (0, "")
    document = json.loads((tmp_path / "results.json").read_text())
    assert document["complete"]
    assert [screen["name"] for screen in document["screens"]] == [one.name for one in SCREENS]
    assert all(name in out for name in (screen.name for screen in SCREENS))
    assert (tmp_path / "page.html").stat().st_size < 2_000_000
    assert all((tmp_path / file).stat().st_size for file in ("report.md", "all.csv"))


@pytest.mark.slow
def test_an_interrupted_run_saves_what_it_has_and_takes_back_what_it_made(
    begin, writing_pair, tmp_path
):
    url = writing_pair.rest.base_url
    before = [newest(url, name) for name in ("authors", "books", "customers", "orders")]
    process = begin("--screen", "place-order", "--samples", "100000", "--rtt", "0")
    wait_for_timed_loads(url, process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5 * LIMIT_S)
    assert (process.returncode, err) == (130, "")
    document = json.loads((tmp_path / "results.json").read_text())
    assert document["complete"] is False
    assert all(arm["samples"] for arm in document["screens"][0]["arms"])
    assert "place-order" in out
    assert [newest(url, name) for name in ("authors", "books", "customers", "orders")] == before


@pytest.mark.slow
def test_a_server_that_is_killed_in_mid_run_is_3_and_nothing_measured_is_lost(begin, tmp_path):
    from launcher.processes import ServerPair

    with ServerPair(environment={"BOOKSTORE_BOOKS": "100"}) as pair:
        urls = ["--rest-url", pair.rest_url, "--graphql-url", pair.graphql_url]
        process = begin(*urls, "--screen", "place-order", "--samples", "100000", "--rtt", "0")
        wait_for_timed_loads(pair.rest_url, process)
        pair.graphql.kill()
        _, err = process.communicate(timeout=5 * LIMIT_S)
    assert process.returncode == 3
    assert "does not answer" in err
    assert "Traceback" not in err
    document = json.loads((tmp_path / "results.json").read_text())
    assert document["complete"] is False
    assert all(arm["samples"] for arm in document["screens"][0]["arms"])
