"""Locust itself, in processes of its own, against servers of which it is known what they can."""

import json
import os
import ssl
import subprocess
import sys
from contextlib import ExitStack, contextmanager

import pytest
import trustme

from client_examples import compare_apis
from client_examples.comparison.measuring.load_test.locust_process import LOCUSTFILE
from client_examples.comparison.results.document import from_json
from client_examples.comparison.results.load_test import LoadStep
from client_examples.foreign_example.servers import KEY, serving
from launcher.ports import free_port
from tests.comparison.network.paced_server import OTHER, VIEW, PacedServer
from tests.waiting import LIMIT_S, wait_until

READY = 2 + 20  # requests before the first arrival: the views, and loads one after the other
SCREENS = """
from client_examples.comparison.arms.screen import Screen

page = Screen("page", "one answer")


@page.rest("one")
def one(api):
    return api.get("/one")
"""


@contextmanager
def locust(*options, server, folder, **environment):
    """Locust with the screen of one request; leaves it running."""
    screens, log = folder / "own.py", folder / f"log-{len(list(folder.iterdir()))}"
    screens.write_text(SCREENS)
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--screens", str(screens)]
    command += ["--screen", "page", "--rest-url", server.url, "--only-summary", *options]
    with log.open("wb") as file:
        process = subprocess.Popen(
            command, stdout=file, stderr=file, env={**os.environ, **environment}
        )
    process.log = log
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def steps(tmp_path):
    """Run Locust to its end; what it has written: the steps, and all else."""

    def run(server, *options, status=0, **environment):
        results = tmp_path / "results"
        results.unlink(missing_ok=True)
        more = ("--headless", "-u", "50", "-r", "50", "--results", str(results))
        with locust(*more, *options, server=server, folder=tmp_path, **environment) as process:
            ended = process.wait(LIMIT_S)
        assert ended == status, process.log.read_text()
        text = results.read_text() if results.exists() else ""
        lines = [json.loads(line) for line in text.splitlines()]
        found = [LoadStep(**line["step"]) for line in lines if "step" in line]
        log = {"log": process.log.read_text()}
        return found, {name: value for line in lines for name, value in line.items()} | log

    return run


@pytest.mark.slow
def test_the_rate_found_is_the_servers_capacity(steps):
    search = ("--find-rate", "--rate", "75", "--step-seconds", "1.5", "--below-ms", "250")

    def is_found():
        with PacedServer(service_s=1 / 100) as server:
            found, last = steps(server, *search)
        assert last["is_over"]
        kept = max((step.rate for step in found if step.is_kept), default=0)
        # Waiting is counted: it ends where the queue grows. Who asked again only when he had his
        # answer would see 50 users wait a quarter of a second, whatever the rate.
        assert kept <= 125
        assert min(step.rate for step in found if not step.is_kept) <= 140
        return kept >= 70  # a busy machine may hold up some attempts

    wait_until(is_found, "a rate near the capacity is kept", 6 * LIMIT_S)


@pytest.mark.slow
def test_a_server_that_stalls_is_slow_for_all_who_come_meanwhile(steps):
    with PacedServer(stall=(READY + 100, 0.4)) as server:
        (step,), _ = steps(server, "-u", "2", "--rate", "300", "--step-seconds", "1")
    assert (step.arrivals, step.failed) == (300, 0)
    # Two answers were late at most, one to each user; more than a hundred arrivals waited.
    assert not step.is_kept
    assert step.p99_ms > 250


def failing(number):
    """Every fifth answer is an error, or another view."""
    if number <= READY or number % 5:
        return 200, VIEW
    return (500, b"{}") if number % 10 else (200, OTHER)


def test_errors_and_other_views_are_failures_and_never_fast(steps):
    with PacedServer(answer=failing) as server:
        (step,), last = steps(server, "--rate", "300", "--step-seconds", "1", status=1)
    assert step.failed == 60
    assert (step.is_kept, step.p99_ms) == (False, None)
    assert 'the view is another at $.title: "Another view" instead of "A view"' in last["log"]
    assert "HTTP_500" in last["log"]
    assert step.failure in last["log"]


@pytest.mark.slow
def test_users_who_load_one_view_after_the_other_fail_with_its_answers(tmp_path):
    with PacedServer(answer=lambda n: (500 if n > 12 else 200, VIEW)) as server:
        closed = ("--headless", "-u", "5", "-r", "5", "--pause", "0.01")
        with locust(*closed, server=server, folder=tmp_path, LOAD_ARM="rest/one") as process:
            wait_until(lambda: server.served > 60, "loads")
            process.terminate()
            assert process.wait(LIMIT_S) == 1, process.log.read_text()
    lines = process.log.read_text().splitlines()
    views = next(line.split() for line in lines if line.startswith("VIEW"))
    assert views[1:3] == ["page,", "rest/one"]
    loads, failures = int(views[3]), int(views[4].partition("(")[0])
    assert 0 < failures < loads <= failures + 12


@pytest.mark.slow
def test_a_master_has_its_workers_share_the_rate(tmp_path):
    results, port = tmp_path / "results", str(free_port())
    with PacedServer() as server, ExitStack() as running:
        common = {"server": server, "folder": tmp_path}
        rate = ("--rate", "300", "--step-seconds", "1", "--results", str(results))
        master = running.enter_context(
            locust("--headless", "--master", "--master-bind-port", port, "--expect-workers", "2",
                   "-u", "20", "-r", "20", *rate, **common)
        )  # fmt: skip
        workers = [
            running.enter_context(locust("--worker", "--master-port", port, *rate, **common))
            for _ in range(2)
        ]
        assert master.wait(LIMIT_S) == 0, master.log.read_text()
        assert [worker.wait(LIMIT_S) for worker in workers] == [0, 0]
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    (step,) = [LoadStep(**line["step"]) for line in lines if "step" in line]
    assert lines[0]["processes"] == 2
    assert (step.arrivals, step.planned, step.failed) == (300, 300, 0)
    assert server.served == 2 * READY + 300


@pytest.mark.slow
def test_what_cannot_be_loaded_ends_at_once(steps):
    with PacedServer(answer=lambda n: (404, b"{}")) as server:
        found, last = steps(server, "--rate", "100", status=1)
    assert (found, list(last)) == ([], ["log"])
    assert "page, rest/one: HTTP_404" in last["log"]


SIDE_BY_SIDE = """
from client_examples.comparison.arms.screen import Screen

page = Screen("albums", "an artist's albums")


@page.rest("parallel")
def parallel(api):
    artist = api.get("/v1/artists/7")
    paths = [f"/v1/albums/{number}" for number in artist["albumIds"]]
    return [album["title"] for album in api.get_all(paths)]
"""


@pytest.mark.slow
def test_screens_are_loaded_over_https_with_their_headers(tmp_path):
    authority, tls = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    trusted, file, screens = (tmp_path / name for name in ("ca.pem", "results.json", "albums.py"))
    trusted.write_bytes(authority.cert_pem.bytes())
    screens.write_text(SIDE_BY_SIDE)
    with serving(tls=tls) as (rest_url, graphql_url):
        status = compare_apis.main([
            "--rest-url", rest_url, "--graphql-url", graphql_url, "--ca-file", str(trusted),
            "--screens", str(screens), "--header", f"X-Api-Key: {KEY}", "--json", str(file),
            "--quick", "--samples", "1", "--load", "--load-most-seconds", "0.1",
        ])  # fmt: skip
    assert status == 0
    assert KEY not in file.read_text()
    (screen,) = from_json(file.read_text()).load
    (arm,) = screen.arms
    (step,) = arm.steps
    assert (screen.name, arm.name, arm.limit) == ("albums", "rest/parallel", "time")
    assert (step.failed, step.failure) == (0, None)
