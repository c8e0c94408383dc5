"""Loads over the relay's link really take its time: between client and a real server.

A wait is never shorter than asked for, and a busy machine makes it longer; so a time is held
from below always, and from above by one of as many loads as it takes.
"""

import ssl

import pytest
import trustme

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.link import Link
from tests.comparison.counting_server import CountingServer, answer
from tests.waiting import wait_until

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


def check_ms(loader, arm, link, at_least, below):
    """Load until a load takes less than so long; how many it took."""
    loads = 0

    def is_in_time():
        nonlocal loads
        loads += 1
        took = loader.load(screen, ARMS[arm], link).elapsed_ns / 1e6
        assert took >= at_least
        return took < below

    wait_until(is_in_time, f"a load that takes less than {below:g} ms")
    return loads


@pytest.mark.parametrize(("arm", "rounds"), [("sequence", 3), ("parallel", 3), ("six", 1)])
def test_each_round_takes_a_round_trip(rest_loader, arm, rounds):
    check_ms(rest_loader, arm, Link(RTT_MS), rounds * RTT_MS, (rounds + 0.9) * RTT_MS)


def test_without_a_link_nothing_waits(rest_loader):
    rest_loader.load(screen, ARMS["six"], Link(RTT_MS))
    check_ms(rest_loader, "six", None, 0, RTT_MS)


@pytest.mark.parametrize(("arm", "exchanges"), [("sequence", 3), ("six", 6)])
def test_all_exchanges_share_the_bandwidth(rest_loader, arm, exchanges):
    check_ms(rest_loader, arm, Link(0, 10, 10), exchanges * 10, exchanges * 10 * 1.6)


def test_an_exchange_arrives_after_the_round_trip_and_its_bytes(rest_loader):
    load = rest_loader.load(screen, ARMS["sequence"], Link(RTT_MS, 10, 10))
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
def test_cold_loads_open_their_connections_and_wait_for_them(server, relay, arm, new, trips):
    loader = Loader(server.url, None, cold=True, relay=relay)
    _, counts = loader.load_counted(screen, ARMS[arm])
    opened = 6 + 6  # before the first load, without the relay and by it
    assert server.connections == opened + new
    assert (counts.new_connections, counts.trips) == (new, trips)
    loads = check_ms(loader, arm, Link(RTT_MS), trips * RTT_MS, (trips + 0.9) * RTT_MS)
    loader.close()
    assert server.connections == opened + (1 + loads) * new


@pytest.mark.slow
def test_tls_takes_a_round_trip_more(tls_server, relay):
    server, ca_file = tls_server
    loader = Loader(server.url, None, ca_file=ca_file, cold=True, relay=relay)
    _, counts = loader.load_counted(screen, ARMS["sequence"])
    assert (counts.new_connections, counts.trips) == (1, 2 + 3)
    check_ms(loader, "sequence", Link(RTT_MS), 5 * RTT_MS, 6.5 * RTT_MS)
    loader.close()
