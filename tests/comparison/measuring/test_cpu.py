"""What a screen costs: by servers that work for a known time, and by the project's own."""

import json
import subprocess
import sys
import textwrap

import pytest

from client_examples import compare_apis
from client_examples.comparison import Screen
from client_examples.comparison.command_line.options import parse
from client_examples.comparison.measuring.cpu.client_side import client_side
from client_examples.comparison.measuring.cpu.run import arm_result
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.results.cpu import CpuTurn
from client_examples.comparison.results.document import from_json
from client_examples.comparison.screens import (
    ALL_SCREENS,
    order_history,
    place_order,
)
from launcher.ports import LOOPBACK, free_port, is_listening
from tests.comparison.counting_server import CountingServer, answer
from tests.waiting import wait_until

LIGHT_MS, HEAVY_MS = 4, 12
SERVER = textwrap.dedent("""
    import sys, time
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            ends = time.thread_time() + float(self.path.strip("/")) / 1000
            while time.thread_time() < ends:
                pass
            self.send_response(200)
            self.send_header("Content-Length", "14")
            self.end_headers()
            self.wfile.write(b'{"title":"On"}')

        def log_message(self, *_):
            pass

    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
""")
SCREENS = f"""
from client_examples.comparison.arms.screen import Screen

page = Screen("page", "one answer")


@page.rest("heavy")
def heavy(api):
    return api.get("/{HEAVY_MS}")


@page.rest("light")
def light(api):
    return api.get("/{LIGHT_MS}")
"""


@pytest.fixture
def working():
    """A server that works as long as its path says; its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)])
    try:
        wait_until(lambda: is_listening(LOOPBACK, port), "it listens")
        yield f"http://{LOOPBACK}:{port}"
    finally:
        process.kill()
        process.wait()


def urls_of(pair):
    return ["--rest-url", pair.rest.base_url, "--graphql-url", pair.graphql.base_url]


@pytest.mark.slow
def test_the_cost_is_what_the_server_has_worked(working, tmp_path):
    file, results = tmp_path / "own.py", tmp_path / "results.json"
    file.write_text(SCREENS)
    urls = ["--rest-url", working, "--graphql-url", working]
    given = ["--screens", str(file), *urls, "--quick", "--cpu", "--rtt", "0"]
    assert compare_apis.main([*given, "--json", str(results)]) == 0
    (screen,) = from_json(results.read_text()).cpu.screens
    heavy, light = screen.arms
    assert screen.slowest == "rest/heavy"
    assert screen.rate == screen.kept_rate / 2 < 1000 / HEAVY_MS
    for arm, ms in ((heavy, HEAVY_MS), (light, LIGHT_MS)):
        assert len(arm.turns) == 3
        assert not any(turn.failed for turn in arm.turns)
        # Beside its work, a request takes this server a millisecond or two.
        assert ms <= arm.low_ms <= arm.cpu_ms <= arm.high_ms < ms + 5
        assert arm.memory > 1_000_000
        assert 0 < arm.decode_ms < 1
    loads = [turn.loads for arm in screen.arms for turn in arm.turns]
    assert max(loads) == min(loads)  # one rate for all


@pytest.mark.slow
def test_the_bookstores_servers_are_measured(screens_pair, tmp_path, capsys):
    results = tmp_path / "results.json"
    urls = [
        "--rest-url",
        screens_pair.rest.base_url,
        "--graphql-url",
        screens_pair.graphql.base_url,
    ]
    given = ["--screen", "place-order", "--quick", "--cpu", "--rtt", "0", "--verbose"]
    assert compare_apis.main([*urls, *given, "--json", str(results)]) == 0
    (screen,) = from_json(results.read_text()).cpu.screens
    assert [arm.name for arm in screen.arms] == [arm.name for arm in place_order.screen.arms]
    for arm in screen.arms:
        assert arm.cpu_ms > 0
        assert arm.decode_ms is None  # it writes
    printed = capsys.readouterr().out
    assert "What a screen costs the servers" in printed
    assert "half of what its slowest arm keeps up with" in " ".join(printed.split())


def test_servers_that_cannot_be_seen_are_one_line_and_the_rest_runs(
    screens_pair, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(
        "client_examples.comparison.network.server_processes._addresses_here", lambda _: set()
    )
    results = tmp_path / "results.json"
    urls = urls_of(screens_pair)
    given = ["--screen", "book-detail", "--samples", "2", "--rtt", "0", "--cpu", "--json"]
    assert compare_apis.main([*urls, *given, str(results)]) == 0
    document = json.loads(results.read_text())
    assert document["cpu"]["screens"] == []
    unseen = document["cpu"]["unseen"]
    assert unseen in {f"the server at {url} is not on this machine" for url in urls[1::2]}
    assert f"Not measured: {unseen}." in " ".join(capsys.readouterr().out.split())


def turn(cpu_ms, loads, seconds=2.0, user_ms=8.0, system_ms=2.0):
    return CpuTurn(seconds, loads, 0, cpu_ms, user_ms, system_ms, 1_000, 0.1)


def test_what_the_server_takes_at_rest_is_taken_away():
    turns = [turn(120.0, 100), turn(140.0, 100), turn(130.0, 100)]
    found = arm_result(order_history.screen.arms[0], turns, 10.0, None, 1)
    assert found.samples_ms == [1.0, 1.2, 1.1]
    assert found.cpu_ms == 1.1
    assert found.low_ms == 1.0
    assert found.high_ms == 1.2
    assert found.system_share == pytest.approx(0.2)
    assert (found.memory, found.decode_ms) == (1_000, None)


def test_an_arm_without_turns_costs_what_nobody_knows():
    found = arm_result(order_history.screen.arms[0], [], 10.0, None, 1)
    assert (found.cpu_ms, found.low_ms, found.system_share, found.memory) == (None,) * 4


def test_the_clients_side_asks_the_server_once():
    screen = Screen("kept", "")

    @screen.rest("all")
    def everything(api):
        for language in ("en", "de"):
            api.get("/things", headers={"Accept-Language": language})
        return api.delete("/things/1")

    bodies = {b"en": b'{"of": 1}', b"de": b'{"of": 2}'}

    def respond(request):
        language = next((one for one in bodies if b"Accept-Language: " + one in request), None)
        return answer(bodies.get(language, b""))

    with CountingServer(respond) as server:
        found = client_side(screen, screen.arms[0], Servers(server.url, None))
    assert [seen.request.split()[0] for seen in server.seen] == [b"GET", b"GET", b"DELETE"]
    assert found.decode_ms > 0


def test_the_clients_side_reaches_other_servers_as_the_arm_does(monkeypatch):
    screen = Screen("kept", "")
    screen.rest("far")(lambda api: [api.get(path) for path in ("/near", far, far)])
    far = "http://far.example/far"
    decoded = []
    name = "client_examples.comparison.measuring.cpu.client_side._is_json"
    monkeypatch.setattr(name, lambda body: decoded.append(body) or True)
    for unset in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(unset, raising=False)
    with CountingServer(lambda _: answer(b'{"of": 1}')) as server:
        monkeypatch.setenv("http_proxy", server.url)  # not for this machine's loopback
        client_side(screen, screen.arms[0], Servers(server.url, None))
    assert [seen.request.split()[1] for seen in server.seen] == [b"/near", far.encode()]
    assert decoded == [b'{"of": 1}'] * 3  # those of one load


def test_what_the_client_does_grows_with_what_it_gets(screens_pair):
    servers = Servers(screens_pair.rest.base_url, screens_pair.graphql.base_url)
    textbook, fields = (
        client_side(order_history.screen, arm, servers)
        for arm in order_history.screen.arms
        if arm.name in ("rest/textbook", "rest/fields")
    )
    assert 0 < fields.decode_ms < textbook.decode_ms  # 21 answers with all fields, and one
    assert 0 < fields.build_ms < textbook.build_ms
    assert client_side(place_order.screen, place_order.screen.arms[0], servers) is None


def test_it_is_only_measured_when_it_is_asked_for():
    assert parse("", [], ALL_SCREENS).settings.cpu is None
    asked = parse("", ["--cpu"], ALL_SCREENS)
    assert (asked.settings.cpu.turns, asked.settings.cpu.turn_s) == (6, 2.0)
    assert [screen.name for screen in asked.loaded] == ["order-history", "book-list", "book-detail"]
    assert parse("", ["--cpu", "--quick"], ALL_SCREENS).settings.cpu.turns == 3
