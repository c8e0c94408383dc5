"""A link is found out by real exchanges before anything is timed; one that lies is refused.

A busy machine may make a true link look like a lie, which is then probed again; never the reverse.
"""

from contextlib import closing, suppress
from dataclasses import replace
from functools import partial

import pytest

from client_examples import compare_apis
from client_examples.comparison.errors import LinkFailed
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring import link_probe
from client_examples.comparison.measuring.link_probe import probe, step_ns
from client_examples.comparison.measuring.links import Links
from client_examples.comparison.network.link import PROFILES, Link
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.screens import book_list
from tests.comparison.counting_server import CountingServer, answer
from tests.comparison.fake_bookstore import FakeBookstore
from tests.waiting import wait_until


class LyingRelay(Relay):
    """Is another link than it is told to be."""

    lie = staticmethod(lambda link: link)

    def set(self, link):
        super().set(link and self.lie(link))


@pytest.fixture(scope="module")
def lying_relay():
    with closing(LyingRelay()) as relay:
        yield relay


@pytest.fixture
def server():
    with CountingServer(lambda request: answer(b"{}")) as running:
        yield running


@pytest.fixture
def probing(server):
    """Probe a link of a relay by constant answers."""
    with closing(Loaders(server.url)) as loaders:
        yield loaders.probe


class Loaders:
    def __init__(self, url):
        self._url = url
        self._by_relay = {}

    def ask(self, relay):
        if relay not in self._by_relay:
            self._by_relay[relay] = Loader(self._url, None, relay=relay)
        loader = self._by_relay[relay]
        return loader, partial(loader.load_floor, "floor/rest", f"{self._url}/ping", times=1)

    def probe(self, relay, link):
        loader, ask = self.ask(relay)
        return probe(loader, "http1", link, ask)

    def close(self):
        for loader in self._by_relay.values():
            loader.close()


@pytest.mark.parametrize("link", [Link(0), Link(20), PROFILES["cable"], Link(5, 40, 20)], ids=str)
def test_a_true_link_is_found_to_be_what_was_asked_for(relay, probing, link):
    def found():
        with suppress(LinkFailed):
            return probing(relay, link)

    proved = wait_until(found, "it is proved")
    assert proved.link == link
    assert abs(proved.rtt_ms - link.rtt_ms) <= max(1, 0.03 * link.rtt_ms)
    for got, asked in ((proved.down_mbit, link.down_mbit), (proved.up_mbit, link.up_mbit)):
        assert (got is None) == (asked is None)
        assert asked is None or abs(got / asked - 1) <= 0.05


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        pytest.param(
            lambda link: replace(link, rtt_ms=35.0),
            r"asked 20 ms.*, got [34]\d",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda link: replace(link, rtt_ms=8.0),
            r"asked 20 ms.*, got (\d|1\d)[ .]",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda link: replace(link, down_mbit=4.0),
            r"asked .* 8/4 Mbit/s .* got .*, [34][^/]*/",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            lambda link: replace(link, up_mbit=8.0),
            r"asked .* 8/4 Mbit/s .* got .*/[78]",
            marks=pytest.mark.slow,
        ),
        (lambda link: replace(link, up_mbit=3.7), r"asked .* 8/4 Mbit/s .* got .*/3"),
    ],
    ids=["late", "early", "slow-down", "fast-up", "slow-up"],
)
def test_a_link_that_lies_is_refused_with_asked_and_got(
    lying_relay, probing, monkeypatch, lie, told
):
    monkeypatch.setattr(link_probe, "TRIES", 2)
    monkeypatch.setattr(lying_relay, "lie", lie)
    with pytest.raises(LinkFailed, match=told):
        probing(lying_relay, Link(20, 8, 4))


def test_it_is_probed_again(lying_relay, probing, monkeypatch):
    lies = iter([35.0] * 18 + [20.0] * 200)  # all exchanges of the first try
    monkeypatch.setattr(lying_relay, "lie", lambda link: replace(link, rtt_ms=next(lies)))

    def found():
        with suppress(LinkFailed):
            return probing(lying_relay, Link(20))

    assert wait_until(found, "it is proved").rtt_ms < 21


@pytest.mark.parametrize("up_mbit", [None, 0.4])
def test_a_steps_time_is_the_links_without_its_bytes(relay, server, up_mbit):
    with closing(Loaders(server.url)) as loaders:
        loader, ask = loaders.ask(relay)
        link = Link(30, up_mbit, up_mbit)  # 150 bytes take 3 ms at 0.4 Mbit/s
        step = partial(step_ns, loader, link, ask)
        wait_until(lambda: 29.5 < step() / 1e6 < 33, "a step of 30 ms")


def run_over_cable():
    """The status of a run over that link."""
    with FakeBookstore() as server:
        urls = ["--rest-url", server.url, "--graphql-url", server.url]
        run = [*urls, "--samples", "3", "--network", "cable"]
        return compare_apis.main(run, [book_list.screen])


def test_a_run_over_a_link_that_is_refused_ends_with_status_1_and_a_line(monkeypatch, capsys):
    def refuse(*_):
        raise LinkFailed("the link is another")

    monkeypatch.setattr(Links, "probe", refuse)
    assert run_over_cable() == 1
    out, err = capsys.readouterr()
    assert err == "compare_apis: the link is another\n"
    assert "ms" not in out  # nothing was timed


@pytest.mark.slow
def test_so_does_one_over_a_link_that_lies(monkeypatch, capsys):
    monkeypatch.setattr(compare_apis, "Relay", LyingRelay)
    monkeypatch.setattr(LyingRelay, "lie", lambda self, link: replace(link, rtt_ms=45.0))
    status = run_over_cable()
    out, err = capsys.readouterr()
    assert status == 1
    assert err.startswith(
        "compare_apis: the simulated link cable is not what was asked for: asked 28 ms, 5/1 Mbit/s "
        "down/up, got 4"
    )
    assert err.count("\n") == 1
    assert "ms" not in out  # nothing was timed
