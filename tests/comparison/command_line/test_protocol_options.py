"""Which protocols are measured: by the addresses, and by --protocol and --edge-url."""

import re
from pathlib import Path

import pytest

from client_examples.comparison.command_line.cures import other_cure
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.measuring.browser import chromium
from tests.comparison.command_line.test_command_line import options_of, refused

EXAMPLE = Path(__file__).parents[3] / "client_examples" / "foreign_example" / "screens.py"
EDGE = ("--edge-url", "https://localhost:8443")
ENCRYPTED = ("--rest-url", "https://a.example", "--graphql-url", "https://b.example")
HALF = ("--rest-url", "https://a.example")


@pytest.mark.parametrize(
    ("arguments", "protocols"),
    [
        ([], ["http1"]),
        (EDGE, ["http1", "http1-tls", "http2"]),
        ([*EDGE, "--quick"], ["http1", "http1-tls", "http2"]),
        ([*EDGE, "--protocol", "http1"], ["http1"]),
        ([*EDGE, "--protocol", "http2"], ["http1", "http2"]),
        ([*EDGE, "--protocol", "http2", "http1-tls"], ["http1", "http1-tls", "http2"]),
        (ENCRYPTED, ["http1-tls", "http2"]),
        ([*ENCRYPTED, "--protocol", "http1-tls"], ["http1-tls"]),
        ([*ENCRYPTED, *EDGE], ["http1-tls", "http2"]),
        (HALF, ["http1"]),
        ([*HALF, *EDGE], ["http1", "http1-tls", "http2"]),
    ],
)
def test_what_is_measured_follows_from_who_speaks_what(arguments, protocols):
    assert options_of(*arguments).settings.protocols == protocols


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--protocol", "http2"], "http2 needs TLS.*--edge-url and --ca-file"),
        ([*HALF, "--protocol", "http1-tls"], "http1-tls needs TLS"),
        ([*ENCRYPTED, "--protocol", "http1"], "http1 is without TLS, and https://a.example"),
        (["--edge-url", "http://localhost:8443"], "must be an address like https://"),
        (["--edge-url", "ftp://localhost"], "is no address like"),
        (["--protocol", "http3"], "invalid choice: 'http3'"),
    ],
)
def test_what_cannot_be_had_is_refused(capsys, arguments, said):
    assert re.search(said, refused(capsys, *arguments))


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """One that has Chromium, until its program is removed."""
    program = tmp_path / "chromium"
    program.write_text("")
    program.chmod(0o755)
    monkeypatch.setattr(chromium, "PROGRAMS", (str(program),))
    return program


def test_those_with_servers_of_their_own_are_not_sent_to_the_bookstores_proxy(capsys):
    err = refused(capsys, "--screens", str(EXAMPLE), "--protocol", "http2")
    assert "http://127.0.0.1:8000 and http://127.0.0.1:8001 are without; name addresses" in err
    assert "start_servers" not in err
    options = options_of("--screens", str(EXAMPLE), *EDGE)
    told = other_cure(ServerUnreachable(EDGE[1], "Connection refused"), options)
    assert told == "check the address, and that the proxy runs"


def test_a_browser_is_loaded_less_often_when_there_is_little_time(machine):
    assert options_of("--edge-url", EDGE[1]).settings.browser is None
    whole = options_of(*EDGE, "--browser").settings.browser
    quick = options_of(*EDGE, "--browser", "--quick").settings.browser
    assert whole.samples > quick.samples >= 1
    assert whole.cold_samples > quick.cold_samples >= 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--browser: needs the page of --edge-url"),
        ([*EDGE, "--protocol", "http1"], "--browser: browsers are measured over TLS"),
        ([*EDGE, "--screens", str(EXAMPLE)], "--browser: the page has the bookstore's screens"),
        (["--screens", str(EXAMPLE)], "--browser: the page has the bookstore's screens"),
    ],
)
def test_what_no_browser_can_load_is_refused(capsys, machine, arguments, said):
    assert said in refused(capsys, *arguments, "--browser")


def test_what_a_browser_needs_is_said_in_a_line(capsys, monkeypatch, machine):
    machine.unlink()
    assert "neither Chromium nor Chrome is on" in refused(capsys, *EDGE, "--browser")
    monkeypatch.setattr(chromium.importlib.util, "find_spec", lambda name: None)
    assert "pip install -e '.[browser]'" in refused(capsys, *EDGE, "--browser")


def test_loads_are_saved_only_from_a_browser(capsys, machine, tmp_path):
    file = str(tmp_path / "loads.har")
    assert options_of(*EDGE, "--browser", "--har", file).har == Path(file)
    assert "without --browser, --har has no effect" in refused(capsys, *EDGE, "--har", file)
