"""Arms over HTTP/1.1, TLS and HTTP/2: the project's servers by the edge, own APIs by https."""

import json
import shutil
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from copy import copy
from pathlib import Path

import pytest

from client_examples import compare_apis
from client_examples.comparison.screens import book_list, order_history, place_order
from client_examples.foreign_example.servers import KEY, serving
from launcher.edge.certificates import AUTHORITY, make_certificates
from launcher.edge.certificates import SERVER as CERTIFICATE
from launcher.edge.configuration import command
from launcher.edge.nginx import find
from launcher.ports import free_ports, is_listening
from tests.edge.running import behind_edge
from tests.waiting import wait_until

EXAMPLE = Path(__file__).parents[3] / "client_examples" / "foreign_example" / "screens.py"
RTT_MS = 100
ALL = ["http1", "http1-tls", "http2"]
NGINX = """
daemon off; pid nginx.pid; error_log stderr crit;
events {{}}
http {{
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; scgi_temp_path scgi; uwsgi_temp_path uwsgi;
    ssl_certificate {certificate}; ssl_certificate_key {certificate}; ssl_protocols TLSv1.3;
    proxy_http_version 1.1; proxy_set_header Connection "";
    {servers}
}}
"""
SERVER = "server {{ listen 127.0.0.1:{port} ssl{http2}; location / {{ proxy_pass {url}; }} }}"


@pytest.fixture(scope="module")
def behind(tmp_path_factory):
    with behind_edge(find(), tmp_path_factory.mktemp("edge")) as running:
        yield running


@pytest.fixture
def compare(tmp_path, capsys):
    """Run the command; its status, output, errors and document."""

    def run(*arguments, screens=()):
        file = tmp_path / "results.json"
        status = compare_apis.main([*map(str, arguments), "--json", str(file)], screens)
        printed = capsys.readouterr()
        document = json.loads(file.read_text()) if file.exists() else None
        return status, printed.out, printed.err, document

    return run


def over(document, screen, member="counts"):
    """By arm and protocol."""
    (found,) = [one for one in document["screens"] if one["name"] == screen]
    return {
        (arm["name"], one["protocol"]): one[member]
        for arm in found["arms"]
        for one in arm["protocols"]
    }


def few(screen, *names):
    """The screen with only these arms: every step takes its time over the link."""
    found = copy(screen)
    found.arms = [arm for arm in screen.arms if arm.name in names]
    found.caching = []
    return found


@pytest.mark.slow
def test_every_arm_is_loaded_over_each_protocol_and_the_same_link(compare, behind):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    edge = ["--edge-url", behind.url, "--ca-file", behind.authority]
    arms = ["rest/parallel", "rest/fields", "graphql/planned"]
    screens = (few(order_history.screen, *arms), few(place_order.screen, *arms))
    options = ["--quick", "--samples", "2", "--rtt", RTT_MS, "--verbose"]
    status, out, err, document = compare(*urls, *edge, *options, screens=screens)
    assert (status, err) == (0, "")
    assert document["settings"]["protocols"] == ALL
    counts = over(document, "order-history")
    assert list(counts) == [(arm, one) for arm in arms for one in ALL]
    steps = {key: one["steps"] for key, one in counts.items()}
    assert [steps["rest/parallel", one] for one in ALL] == [5, 5, 3]
    assert [steps["graphql/planned", one] for one in ALL] == [1, 1, 1]
    assert [counts["rest/parallel", one]["connections"] for one in ALL] == [6, 6, 1]
    assert [counts["rest/fields", one]["handshake_trips"] for one in ALL] == [1, 2, 2]
    check_bytes(document, counts)
    check_times(document, steps)
    floors = {(one["protocol"], one["name"]) for one in document["screens"][0]["protocol_floors"]}
    assert floors == {(one, f"floor/{api}") for one in ALL for api in ("rest", "graphql")}
    assert "rest/parallel on order-history takes 3 steps instead of 5" in " ".join(out.split())


def check_bytes(document, counts):
    """Without TLS the relay counts what the client's own recorder does; HTTP/2 packs heads."""
    arms = {arm["name"]: arm["counts"] for arm in document["screens"][0]["arms"]}
    for name, own in arms.items():
        plain, tls, http2 = (counts[name, one] for one in ALL)
        # Server-Timing's digits differ from load to load.
        sent = own["sent_head_bytes"] + own["sent_body_bytes"]
        assert plain["sent_bytes"] == sent
        assert abs(plain["received_bytes"] + sent - own["wire_bytes"]) <= 6 * own["requests"]
        assert plain["sent_bytes"] < tls["sent_bytes"]
        assert http2["sent_bytes"] < tls["sent_bytes"]


def check_times(document, steps):
    """No load over the link is shorter than its steps, of which HTTP/2 takes fewer."""
    least = {
        key: min(one["elapsed_ns"] for one in link["samples"]) / 1e6
        for key, (link,) in over(document, "order-history", "links").items()
    }
    assert all(time >= steps[key] * RTT_MS for key, time in least.items())
    assert least["rest/parallel", "http2"] < least["rest/parallel", "http1-tls"]


@pytest.mark.slow
def test_new_connections_are_counted_with_their_handshakes(compare, behind):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    edge = ["--edge-url", behind.url, "--ca-file", behind.authority]
    screens = (few(order_history.screen, "rest/parallel", "graphql/planned"),)
    options = ["--cold", "--quick", "--samples", "1", "--rtt", "10", "--verbose"]
    status, out, err, document = compare(*urls, *edge, *options, screens=screens)
    assert (status, err) == (0, "")
    trips = {key: one["trips"] for key, one in over(document, "order-history").items()}
    assert [trips["graphql/planned", one] for one in ALL] == [1 + 1, 1 + 2, 1 + 2]
    assert trips["rest/parallel", "http2"] == 3 + 2
    full, resumed = document["handshakes"]
    assert [one["is_resumed"] for one in (full, resumed)] == [False, True]
    assert [one["trips"] for one in (full, resumed)] == [2, 2]
    assert resumed["received_bytes"] < full["received_bytes"] / 2
    assert "with a resumed session 2 round trips" in " ".join(out.split())


@contextmanager
def own_apis_by_https(*, http2=True):
    """The foreign example behind an nginx of its own: addresses by https, and the authority."""
    nginx = find()
    directive = nginx.version >= (1, 25, 1)
    with ExitStack() as closing:
        urls = closing.enter_context(serving())
        folder = Path(tempfile.mkdtemp(prefix="own-apis-"))
        closing.callback(shutil.rmtree, folder)
        make_certificates(folder, ["localhost"])
        ports = free_ports(2)
        servers = [
            SERVER.format(port=port, url=url, http2=" http2" if http2 and not directive else "")
            for port, url in zip(ports, urls, strict=True)
        ]
        servers += ["http2 on;"] if http2 and directive else []
        text = NGINX.format(servers="\n".join(servers), certificate=CERTIFICATE)
        (folder / "nginx.conf").write_text(text)
        process = subprocess.Popen(command(nginx, folder), stdin=subprocess.DEVNULL)
        closing.callback(process.wait)
        closing.callback(process.terminate)
        wait_until(lambda: all(is_listening("127.0.0.1", port) for port in ports), "nginx listens")
        yield [f"https://localhost:{port}" for port in ports], folder / AUTHORITY


def own_options(urls, authority):
    own = ["--screens", EXAMPLE, "--header", f"X-Api-Key: {KEY}", "--ca-file", authority]
    return ["--rest-url", urls[0], "--graphql-url", urls[1], *own, "--quick", "--samples", "2"]


def test_own_apis_that_offer_http2_are_loaded_over_it_at_their_own_addresses(compare):
    with own_apis_by_https() as (urls, authority):
        status, _, err, document = compare(*own_options(urls, authority), "--rtt", "5")
    assert (status, err) == (0, "")
    assert document["left_out"] == []
    counts = over(document, "artist-page")
    steps = {key: one["steps"] for key, one in counts.items()}
    assert steps == {
        ("rest/textbook", "http1-tls"): 9,
        ("rest/textbook", "http2"): 9,
        ("rest/parallel", "http1-tls"): 1 + 2,
        ("rest/parallel", "http2"): 2,
        ("graphql/one-query", "http1-tls"): 1,
        ("graphql/one-query", "http2"): 1,
    }
    assert {
        exchange["protocol"]
        for arm in document["screens"][0]["arms"]
        for exchange in arm["exchanges"]
    } == {"http1-tls"}


@pytest.mark.slow
def test_own_apis_that_do_not_offer_it_are_compared_without_it_and_one_line_says_so(compare):
    with own_apis_by_https(http2=False) as (urls, authority):
        status, out, err, document = compare(*own_options(urls, authority), "--rtt", "0")
    assert (status, err) == (0, "")
    (left,) = document["left_out"]
    assert left["protocol"] == "http2"
    said = f"HTTP/2 was left out: {urls[0].removeprefix('https://')} does not offer"
    assert said in " ".join(out.split())
    assert all(arm["protocols"] == [] for arm in document["screens"][0]["arms"])


def check_not_spoken(compared, url):
    """Refused as wrong usage, before anything is loaded."""
    status, _, err, document = compared
    assert (status, document) == (2, None)
    first, *cure = err.splitlines()
    where = url.removeprefix("https://")
    assert first == (
        f"compare_apis: argument --protocol: http2 cannot be had: {where} does not offer HTTP/2: "
        "by ALPN it offers http/1.1 alone"
    )
    assert cure == ["  next: leave out --protocol http2, or name a server that speaks it"]


def test_own_apis_that_do_not_offer_what_is_asked_for_by_name_are_2(compare):
    with own_apis_by_https(http2=False) as (urls, authority):
        options = own_options(urls, authority)
        check_not_spoken(compare(*options, "--protocol", "http2"), urls[0])
        status, _, err, document = compare(*options, "--protocol", "http1-tls", "--rtt", "0")
    assert (status, err, document["left_out"]) == (0, "", [])


@pytest.mark.slow
def test_a_proxy_that_does_not_offer_what_is_asked_for_by_name_is_2(compare, behind):
    plain = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    with own_apis_by_https(http2=False) as (urls, authority):
        edge = ["--edge-url", urls[0], "--ca-file", authority, "--quick"]
        check_not_spoken(compare(*plain, *edge, "--protocol", "http1-tls", "http2"), urls[0])


@pytest.mark.slow
def test_without_a_proxy_one_line_says_what_is_missing(compare, behind):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    status, out, err, document = compare(
        *urls, "--quick", "--samples", "2", "--rtt", "0", screens=(order_history.screen,)
    )
    assert (status, err) == (0, "")
    assert document["settings"]["protocols"] == ["http1"]
    assert "For HTTP/2 and TLS name a proxy by --edge-url." in " ".join(out.split())


@pytest.mark.slow
def test_a_proxy_that_is_not_there_is_3(compare, behind):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    status, _, err, _ = compare(*urls, "--edge-url", "https://localhost:1", screens=())
    assert status == 3
    assert "https://localhost:1/rest does not answer" in err
    assert "  next: check the address, and that the proxy runs (./start_servers.sh --edge" in err


@pytest.mark.slow
@pytest.mark.parametrize("rtt", ["0", "20"])
def test_a_proxys_address_that_goes_too_far_is_told_of(compare, behind, rtt):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    edge = ["--edge-url", f"{behind.url}/rest", "--ca-file", behind.authority, "--quick"]
    status, _, err, _ = compare(*urls, *edge, "--rtt", rtt, screens=(book_list.screen,))
    assert status == 1
    assert f"  next: check --edge-url: REST must be at {behind.url}/rest/rest, GraphQL at" in err


@pytest.mark.slow
@pytest.mark.parametrize("protocol", ["http1-tls", "http2"])
def test_a_proxy_whose_certificate_is_not_trusted_is_told_how_to_be(compare, behind, protocol):
    urls = ["--rest-url", behind.pair.rest_url, "--graphql-url", behind.pair.graphql_url]
    status, _, err, _ = compare(
        *urls, "--edge-url", behind.url, "--protocol", protocol, screens=(book_list.screen,)
    )
    assert status == 3
    assert "  next: name the file of the authority that signed its certificate by --ca-file" in err
