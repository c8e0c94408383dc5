"""The simulated network really waits: between client and a real server, in real time.

A wait is never shorter than asked for, and a busy machine makes it longer; so a time is held
from below always, and from above by the shortest of several loads.
"""

import ssl

import pytest
import trustme

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.link import Link
from tests.comparison.counting_server import CountingServer, answer

RTT_MS = 40
BODY = b'"' + b"x" * 12_500 + b'"'  # 10 ms at 10 Mbit/s, with its head a little more

screen = Screen("levels", "")


@screen.rest("sequence")
def sequence(api):
    for _ in range(3):
        api.get("/")


@screen.rest("parallel")
def parallel(api):
    api.get_all(["/"] * 15)


@screen.rest("six")
def six(api):
    api.get_all(["/"] * 6)


ARMS = {arm.name.partition("/")[2]: arm for arm in screen.arms}


@pytest.fixture
def server():
    with CountingServer(lambda request: answer(BODY)) as running:
        yield running


def shortest_ms(loader, arm, link, loads=4):
    return min(loader.load(screen, ARMS[arm], link()).elapsed_ns for _ in range(loads)) / 1e6


@pytest.mark.parametrize(("arm", "rounds"), [("sequence", 3), ("parallel", 3), ("six", 1)])
def test_each_round_takes_a_round_trip(rest_loader, arm, rounds):
    took = shortest_ms(rest_loader, arm, lambda: Link(RTT_MS))
    assert rounds * RTT_MS <= took < (rounds + 0.9) * RTT_MS


def test_without_a_link_nothing_waits(rest_loader):
    rest_loader.load(screen, ARMS["six"], Link(RTT_MS))
    assert shortest_ms(rest_loader, "six", lambda: None) < RTT_MS


@pytest.mark.parametrize(("arm", "exchanges"), [("sequence", 3), ("six", 6)])
def test_all_exchanges_share_the_bandwidth(rest_loader, arm, exchanges):
    took = shortest_ms(rest_loader, arm, lambda: Link(0, 10))
    assert exchanges * 10 <= took < exchanges * 10 * 1.6


def test_an_exchange_arrives_after_the_round_trip_and_its_bytes(rest_loader):
    load = rest_loader.load(screen, ARMS["sequence"], Link(RTT_MS, 10))
    assert len(load.exchanges) == 3
    for one in load.exchanges:
        assert (one.end_ns - one.start_ns) / 1e6 >= RTT_MS + 10


@pytest.fixture
def tls_server(tmp_path):
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with CountingServer(lambda request: answer(BODY), context) as running:
        yield running, str(tmp_path / "ca.pem")


@pytest.mark.parametrize(
    ("arm", "new", "trips"), [("sequence", 1, 1 + 3), ("six", 6, 2), ("parallel", 6, 1 + 3)]
)
@pytest.mark.slow
def test_cold_loads_open_their_connections_and_wait_for_them(server, arm, new, trips):
    loader = Loader(server.url, None, cold=True)
    _, counts = loader.load_counted(screen, ARMS[arm])
    assert server.connections == 6 + new  # six were open before the first load
    assert (counts.new_connections, counts.trips) == (new, trips)
    took = shortest_ms(loader, arm, lambda: Link(RTT_MS))
    loader.close()
    assert trips * RTT_MS <= took < (trips + 0.9) * RTT_MS
    assert server.connections == 6 + 5 * new


@pytest.mark.slow
def test_tls_takes_a_round_trip_more(tls_server):
    server, ca_file = tls_server
    loader = Loader(server.url, None, ca_file=ca_file, cold=True)
    _, counts = loader.load_counted(screen, ARMS["sequence"])
    assert (counts.new_connections, counts.trips) == (1, 2 + 3)
    took = shortest_ms(loader, "sequence", lambda: Link(RTT_MS))
    loader.close()
    assert 5 * RTT_MS <= took < 6.5 * RTT_MS
