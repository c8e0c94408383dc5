"""The arms in the machine's own Chromium, through the relay and the edge."""

import json
from contextlib import closing

import pytest

from client_examples import compare_apis
from client_examples.comparison.errors import BrowserFailed, LoadFailed
from client_examples.comparison.measuring import link_probe
from client_examples.comparison.measuring.browser import chromium
from client_examples.comparison.measuring.browser.chromium import playing
from client_examples.comparison.measuring.browser.har import Recording
from client_examples.comparison.measuring.browser.page import Servers, opened
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.relay import Relay
from client_examples.comparison.results.links import Link
from client_examples.comparison.screens import book_detail, order_history
from launcher.edge.nginx import find
from tests.comparison.measuring.test_real_protocols import few
from tests.edge.running import behind_edge

RTT_MS = 60
TLS = ["http1-tls", "http2"]
STEPS = {"rest/parallel": (5, 3), "rest/batched": (2, 2), "graphql/planned": (1, 1)}


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    if missing := chromium.missing():
        pytest.skip(missing)
    with behind_edge(find(), tmp_path_factory.mktemp("edge")) as running:
        yield running


@pytest.fixture(scope="module")
def results(behind, tmp_path_factory):
    """Of a run, as it is written."""
    folder = tmp_path_factory.mktemp("results")
    file = folder / "results.json"
    options = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    options += ["--edge-url", behind.url, "--ca-file", str(behind.authority), "--browser"]
    options += ["--quick", "--samples", "2", "--rtt", str(RTT_MS), "--json", str(file)]
    options += ["--har", str(folder / "loads.har")]
    screens = (few(order_history.screen, *STEPS), few(book_detail.screen, "rest/textbook"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(link_probe, "RTT_SHARE", 1.0)  # what loads are to take at least is here
        assert compare_apis.main(options, screens) == 0
    har = json.loads((folder / "loads.har").read_text())
    return json.loads(file.read_text()) | {"har": har}


@pytest.mark.slow
def test_a_recording_that_has_nothing_is_told(behind, tmp_path, capsys):
    file = tmp_path / "loads.har"
    options = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    options += ["--edge-url", behind.url, "--ca-file", str(behind.authority), "--browser"]
    options += ["--samples", "2", "--rtt", "1", "--har", str(file)]
    screens = (few(book_detail.screen, "rest/textbook"),)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(link_probe, "RTT_SHARE", 1.0)
        assert compare_apis.main(options, screens) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert "The lab has no arms of book-detail" in printed
    assert f"Not written: {file}" in printed
    assert not file.exists()


def loads_of(results, connections):
    """By arm and protocol."""
    (screen,) = results["browser"]["screens"]
    return {
        (arm["name"], one["protocol"]): one
        for arm in screen["arms"]
        for one in arm["loads"]
        if one["connections"] == connections
    }


@pytest.mark.slow
def test_a_load_takes_its_protocols_steps_and_opens_nothing(results):
    warm = loads_of(results, "warm")
    assert set(warm) == {(arm, one) for arm in STEPS for one in TLS}
    for (arm, protocol), one in warm.items():
        steps = STEPS[arm][TLS.index(protocol)]
        least = min(each["elapsed_ns"] for each in one["samples"]) / 1e6
        assert least >= steps * RTT_MS - 2, (arm, protocol)
        assert one["opened"] == 0
    # A step that was one too many would take longer than that, on the slowest machine too.
    quickest = min(each["elapsed_ns"] for each in warm["rest/parallel", "http2"]["samples"])
    assert quickest / 1e6 < 5 * RTT_MS


@pytest.mark.slow
def test_new_connections_take_round_trips_of_their_own(results):
    cold = loads_of(results, "cold")
    assert cold["rest/parallel", "http1-tls"]["opened"] == 6
    assert cold["rest/parallel", "http2"]["opened"] == 1
    for (arm, protocol), one in cold.items():
        steps = STEPS[arm][TLS.index(protocol)] + 2  # TCP and TLS 1.3
        assert one["samples"][0]["elapsed_ns"] / 1e6 >= steps * RTT_MS - 2, (arm, protocol)


@pytest.mark.slow
def test_bytes_are_those_on_the_wire(results):
    warm = loads_of(results, "warm")
    (screen,) = [one for one in results["screens"] if one["name"] == "order-history"]
    bodies = {arm["name"]: arm["counts"]["encoded_body_bytes"] for arm in screen["arms"]}
    for arm in STEPS:
        plain, packed = (warm[arm, one] for one in TLS)
        assert plain["received_bytes"] > packed["received_bytes"] > bodies[arm]
        assert plain["sent_bytes"] > packed["sent_bytes"] > 0  # HPACK


@pytest.mark.slow
def test_the_work_on_the_answers_is_timed_with_a_processor_slowed(results):
    for arm in results["browser"]["screens"][0]["arms"]:
        own, slow = arm["work"]
        assert (own["slowed"], slow["slowed"]) == (1, 4)
        assert 0 < own["draw_ms"] < slow["draw_ms"]
        assert own["decode_ms"] > 0


@pytest.mark.slow
def test_a_page_of_another_origin_sends_preflights_until_they_are_remembered(results):
    arms = {arm["name"]: arm["origins"] for arm in results["browser"]["screens"][0]["arms"]}
    preflights = {name: [one["preflights"] for one in origins] for name, origins in arms.items()}
    # By address: REST has one for each resource.
    assert preflights == {
        "rest/parallel": [0, 21, 0], "rest/batched": [0, 2, 0], "graphql/planned": [0, 1, 0]
    }  # fmt: skip
    for name, origins in arms.items():
        steps = STEPS[name][1]
        assert [one["way"] for one in origins] == ["simple", "preflight", "cached"]
        for one, times in zip(origins, (1, 2, 1), strict=True):
            (sample,) = one["samples"]
            assert sample["elapsed_ns"] / 1e6 >= times * steps * RTT_MS - 2, (name, one["way"])


@pytest.mark.slow
def test_each_arms_load_is_saved(results):
    log = results["har"]["log"]
    names = [f"order-history {arm} {one}" for one in TLS for arm in STEPS]
    assert [page["id"] for page in log["pages"]] == names
    number = {"rest/parallel": 21, "rest/batched": 2, "graphql/planned": 1}
    for name in names:
        _, arm, protocol = name.split()
        entries = [one for one in log["entries"] if one["pageref"] == name]
        assert len(entries) == number[arm]
        said = {"http1-tls": "HTTP/1.1", "http2": "HTTP/2.0"}[protocol]
        assert {one["response"]["httpVersion"] for one in entries} == {said}
        assert all(json.loads(one["response"]["content"]["text"]) for one in entries)


@pytest.mark.slow
def test_screens_that_the_page_has_not_are_named(results):
    assert results["browser"]["left_out"] == ["book-detail"]
    assert results["browser"]["browser"].startswith("chromium ")


@pytest.mark.slow
def test_the_browser_reaches_nothing_else(behind):
    with closing(Relay()) as relay, playing() as playwright:
        own = chromium.chromium(playwright, "http2", behind.url, relay, str(behind.authority))
        with own as browser:
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"{behind.url}/ping")
            for url in (
                "https://example.com/",
                behind.pair.rest_url,
                f"https://127.0.0.1:{behind.port}",
            ):
                asked = f"fetch('{url}', {{mode: 'no-cors'}}).then(() => 'reached', () => 'kept')"
                assert page.evaluate(asked) == "kept", url


@pytest.mark.slow
def test_a_certificate_that_is_not_to_be_trusted_ends_it(behind):
    with closing(Relay()) as relay, playing() as playwright:
        untrusting = chromium.chromium(playwright, "http2", behind.url, relay, None)
        with pytest.raises(BrowserFailed, match="cannot be trusted"), untrusting:
            pass


@pytest.mark.slow
def test_what_ends_a_load_is_told_in_words(behind):
    nobody = "https://127.0.0.1:9/rest"
    with closing(Relay()) as relay, playing() as playwright:
        own = chromium.chromium(playwright, "http2", behind.url, relay, str(behind.authority))
        with own as browser, opened(browser, Servers(behind.url, nobody, behind.url)) as page:
            with pytest.raises(
                LoadFailed, match="the browser says: The REST server at https://127"
            ):
                page.load("order-history", "rest/fields")
            browser.close()
            for what in (
                lambda: page.connect(1),
                lambda: page.load("order-history", "graphql/planned"),
            ):
                with pytest.raises(
                    LoadFailed, match="the browser says: it has ended, or was closed"
                ):
                    what()


@pytest.mark.slow
def test_headers_go_to_the_api_that_they_are_for(behind):
    credentials = Credentials(rest={"X-Of-Ours": "1"}, graphql={"X-Of-Theirs": "2"})
    servers = Servers(behind.url, f"{behind.url}/rest", behind.url, credentials)
    recording = Recording()
    with closing(Relay()) as relay, playing() as playwright:
        own = chromium.chromium(playwright, "http2", behind.url, relay, str(behind.authority))
        with own as browser:
            for arm in ("rest/fields", "graphql/planned"):
                recording.add(browser, servers, relay, Link(0), ("order-history", arm, "http2"))
    sent = [
        {header["name"].lower(): header["value"] for header in one["request"]["headers"]}
        for one in recording.document["log"]["entries"]
    ]
    found = [(one.get("x-of-ours"), one.get("x-of-theirs")) for one in sent]
    assert found == [("1", None), (None, "2")]
