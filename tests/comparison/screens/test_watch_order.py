"""Watching an order: what each arm asks and counts, and that a lost connection loses nothing."""

import ssl

import pytest
import trustme

from client_examples.clients.api_errors import ProblemError, Unreachable
from client_examples.comparison.arms.live import api as apis
from client_examples.comparison.arms.live.screen import CHANGES, STATUSES
from client_examples.comparison.measuring.live_updates.watcher import Watcher
from client_examples.comparison.network.access.credentials import Credentials
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.screens import watch_order
from tests.comparison.fake_orders import FakeOrders
from tests.waiting import LIMIT_S, wait_until

ARMS = {arm.name: arm for arm in watch_order.screen.arms}
KINDS = {
    "rest/long-poll": "poll",
    "rest/sse": "sse",
    "graphql/subscription": "ws",
    "graphql/sse": "graphql-sse",
}


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    monkeypatch.setattr(watch_order, "INTERVAL_S", 0.005)


def watcher_of(server, name, order, **options):
    watcher = Watcher(ARMS[name], order, Servers(server.url, server.url, **options))
    watcher.start()
    return watcher


def watched(server, name, **options):
    """A watcher that has seen an order go its way, each change made when the one before is seen."""
    order = server.place()
    watcher = watcher_of(server, name, order, **options)
    for number, status in enumerate(CHANGES):
        wait_until(lambda seen=number: len(watcher.view) >= seen, f"{number} changes are seen")
        if name in KINDS:
            server.wait_for_streams(1)
        server.change(order, status)
    watcher.join(LIMIT_S)
    assert not watcher.is_alive()
    watcher.api.close()
    assert watcher.error is None
    return watcher


@pytest.mark.parametrize(
    ("name", "requests"),
    [
        ("rest/long-poll", 4),  # the first answers at once: that the order is pending
        ("rest/sse", 1),
        ("graphql/subscription", 1),
        ("graphql/sse", 1),
    ],
)
def test_each_change_is_seen_once_with_as_few_requests_as_there_are(name, requests):
    with FakeOrders() as server:
        watcher = watched(server, name)
        assert watcher.view == list(CHANGES)
        assert watcher.api.network.taken().requests == len(server.requests) == requests


def test_a_poll_asks_until_it_sees_the_last_status():
    with FakeOrders() as server:
        order = server.place()
        going = iter([None, "paid", None, None, "shipped", "delivered"])
        server.on_poll = lambda order: (status := next(going)) and server.change(order, status)
        watcher = watcher_of(server, "rest/short-poll", order)
        watcher.join(LIMIT_S)
        assert watcher.view == list(CHANGES)
        assert watcher.api.network.taken().requests == len(server.requests) == 6


def test_a_poll_that_finds_two_changes_tells_both():
    with FakeOrders() as server:
        order = server.place()
        for status in CHANGES:
            server.change(order, status)
        watcher = watcher_of(server, "rest/short-poll", order)
        watcher.join(LIMIT_S)
        assert [status for status, _ in watcher.seen] == list(STATUSES)
        assert watcher.api.network.taken().requests == 1


def test_a_poll_after_a_late_answer_comes_an_interval_later_at_the_earliest(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr(apis.time, "monotonic", lambda: clock[0])
    api = apis.RestWatch(Servers("http://127.0.0.1:1", None))
    begun = []

    def pause(seconds):
        clock[0] += seconds

    monkeypatch.setattr(api.network, "pause", pause)
    for _, takes in zip(api.every(0.5), [0.1, 0.4, 1.7, 0.1, 0.0], strict=False):
        begun.append(clock[0])
        clock[0] += takes
    assert begun == pytest.approx([0, 0.5, 1.0, 2.7, 3.2])


@pytest.mark.parametrize("name", ["rest/short-poll", *KINDS])
def test_every_byte_of_both_directions_is_counted(name):
    with FakeOrders() as server:
        watcher = watched(server, name)
        taken = watcher.api.network.taken()
        # what is there may not have been counted yet on the other side
        expected = (taken.received_bytes, taken.sent_bytes)
        wait_until(lambda: (server.sent, server.received) == expected, "both sides count the same")
        assert taken.wire_bytes == taken.sent_bytes + taken.received_bytes
        of_timing = len("Server-Timing: total;dur=1.5\r\n") * taken.requests
        assert taken.server_timing_bytes == (of_timing if "poll" in name else 0)


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.mark.parametrize("name", ["rest/short-poll", *KINDS])
def test_over_tls_the_bytes_inside_of_it_are_counted(name, authority, tmp_path):
    trusted = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with FakeOrders(tls) as server:
        watcher = watched(server, name, ca_file=str(trusted))
        assert watcher.view == list(CHANGES)
        taken = watcher.api.network.taken()
        expected = (taken.received_bytes, taken.sent_bytes)
        wait_until(lambda: (server.sent, server.received) == expected, "both sides count the same")


@pytest.mark.parametrize("name", ["rest/sse", "graphql/subscription", "graphql/sse"])
def test_a_certificate_that_is_not_trusted_is_not_tried_again(name, authority):
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with FakeOrders(tls) as server:
        watcher = watcher_of(server, name, 1)
        watcher.join(LIMIT_S)
        assert isinstance(watcher.error, Unreachable)
        assert "certificate" in str(watcher.error)


@pytest.mark.parametrize("name", ["rest/short-poll", *KINDS])
def test_every_request_has_the_users_headers(name):
    with FakeOrders() as server:
        watched(server, name, credentials=Credentials({"X-Key": "secret"}, {"X-Key": "secret"}))
        assert [headers.get("X-Key") for headers in server.headers] == ["secret"] * len(
            server.headers
        )


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("status", STATUSES[:-1])
def test_what_happens_around_a_lost_connection_is_neither_missed_nor_seen_twice(name, status):
    with FakeOrders(**{KINDS[name]: status}) as server:
        watcher = watched(server, name)
        assert not server.cuts, "it was lost"
        assert watcher.view == list(CHANGES)
        assert (
            watcher.api.network.taken().requests
            == len(server.requests)
            == {"rest/long-poll": 5}.get(name, 2)
        )


@pytest.mark.parametrize("name", KINDS)
def test_changes_made_while_nothing_is_connected_are_seen(name):
    with FakeOrders(**{KINDS[name]: "pending"}) as server:
        order = server.place()
        server.change(order, "paid")
        server.change(order, "shipped")
        watcher = watcher_of(server, name, order)
        wait_until(lambda: len(watcher.view) == 2, "both are seen")
        server.change(order, "delivered")
        watcher.join(LIMIT_S)
        assert (watcher.view, watcher.error) == (list(CHANGES), None)


@pytest.mark.parametrize("name", ["rest/sse", "graphql/subscription", "graphql/sse"])
def test_a_connection_lost_after_the_last_status_is_not_opened_again(name):
    with FakeOrders(**{KINDS[name]: "delivered"}) as server:
        watcher = watched(server, name)
        assert watcher.view == list(CHANGES)
        assert watcher.api.network.taken().requests == 1


def test_a_stream_goes_on_after_the_last_event_that_was_seen():
    with FakeOrders(sse="paid") as server:
        watched(server, "rest/sse")
        first, second = server.headers
        assert "Last-Event-ID" not in first
        assert second["Last-Event-ID"] == "2"  # pending is 1, paid is 2
        assert first["Accept"] == second["Accept"] == "text/event-stream"


@pytest.mark.parametrize("name", KINDS)
def test_a_server_that_refuses_a_stream_ends_the_watching_with_its_reason(name):
    with FakeOrders() as server:
        server.refuses = {KINDS[name]: 404}
        watcher = watcher_of(server, name, server.place())
        watcher.join(LIMIT_S)
        assert isinstance(watcher.error, ProblemError)
        assert watcher.error.status == 404


@pytest.mark.parametrize("name", ["rest/short-poll", *KINDS])
def test_a_watcher_that_is_hung_up_ends_at_once_whatever_it_waits_for(name):
    with FakeOrders() as server:
        watcher = watcher_of(server, name, server.place())
        if name in KINDS:
            server.wait_for_streams(1)
        assert watcher.api.network.ready.wait(LIMIT_S)
        watcher.api.network.hang_up()
        watcher.join(LIMIT_S)
        assert not watcher.is_alive()
        assert watcher.error is None
        watcher.api.close()


def test_a_stream_that_cannot_be_had_is_tried_for_until_the_line_is_hung_up():
    with FakeOrders() as server:
        url = server.url
    for name in ("rest/sse", "graphql/subscription", "graphql/sse"):
        watcher = Watcher(ARMS[name], 1, Servers(url, url))
        watcher.start()
        wait_until(lambda line=watcher.api.network: line.attempts > 1, "it tries again")
        assert watcher.api.network.trouble == "Connection refused"
        watcher.api.network.hang_up()
        watcher.join(LIMIT_S)
        assert not watcher.is_alive()
        assert watcher.error is None


def test_the_arms_name_their_interval():
    polling = ARMS["rest/short-poll"]
    assert polling.description == f"Ask for the status every {polling.asks_every_s * 1000:.0f} ms"
