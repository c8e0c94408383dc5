"""The whole harness over a transport with known delays must find what is known."""

from types import SimpleNamespace

import pytest
import urllib3.util.connection

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring import budget
from client_examples.comparison.measuring.comparison import Comparison
from client_examples.comparison.results.document import Settings
from tests.comparison.network.virtual_transport import (
    MS,
    Clock,
    InTurn,
    VirtualRelay,
    VirtualSocket,
)

DELAYS = {"/part": 2 * MS, "/whole": 9 * MS, "/ping": MS // 2, "/graphql": 7 * MS}
BODIES = {
    "/part": b'{"n":1}',
    "/whole": b'{"n":1}' + b" " * 12_000,
    "/ping": b"{}",
    "/graphql": b'{"data":{"n":1}}',
}
SCREEN = Screen("known", "")


@SCREEN.rest("sequence")
def sequence(api):
    return [api.get("/part")["n"] for _ in range(3)][-1]


@SCREEN.rest("parallel")
def parallel(api):
    for size in (1, 5, 15):
        answers = api.get_all(["/part"] * size)
    return answers[0]["n"]


@SCREEN.rest("whole")
def whole(api):
    return api.get("/whole")["n"]


@SCREEN.graphql("dataloader")
def graphql(api):
    return api.query("{ n }")["n"]


def document(monkeypatch, screen=SCREEN, **changed):
    clock = Clock()
    clock.install(monkeypatch)
    monkeypatch.setattr(budget, "time", SimpleNamespace(monotonic=clock.seconds))

    relay = VirtualRelay()

    def connect(address, *_, **__):
        return VirtualSocket(clock, DELAYS, BODIES, relay if address[0] == "relay" else None)

    monkeypatch.setattr(urllib3.util.connection, "create_connection", connect)
    url = "http://127.0.0.1:1"
    settings = {
        "rest_url": url,
        "graphql_url": url,
        "samples": 6,
        "warm_up": 1,
        "seed": 1,
        "at_once": 6,
        "garbage_collection": "",
        "link_rtts_ms": [20.0, 100.0],
        "link_samples": 2,
        "bandwidth_mbit": None,
        "cold": False,
        "failure_rate": 0.01,
        "resilience": False,
        "self_check": False,
        "quick": False,
        "floor_rest": f"{url}/ping",
        "floor_graphql": None,
        "header_names": [],
    }
    loader = Loader(url, url, relay=relay)
    monkeypatch.setattr(loader, "health", dict)
    loader._threads.close()
    loader._threads = InTurn(clock)
    comparison = Comparison([screen], loader, Settings(**{**settings, **changed}))
    comparison.run()
    loader.close()
    return comparison.document()


@pytest.fixture(scope="module")
def screen():
    with pytest.MonkeyPatch.context() as monkeypatch:
        return document(monkeypatch).screens[0]


def by_name(screen):
    return {arm.name: arm for arm in screen.arms}


def test_counts_are_those_of_the_arms(screen):
    counts = {
        name: (arm.counts.requests, arm.counts.rounds, arm.counts.depth, arm.counts.trips)
        for name, arm in by_name(screen).items()
    }
    assert counts == {
        "rest/sequence": (3, 3, 3, 3),
        "rest/parallel": (21, 5, 3, 5),
        "rest/whole": (1, 1, 1, 1),
        "graphql/dataloader": (1, 1, 1, 1),
    }
    head = len(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n")
    sequence_counts = by_name(screen)["rest/sequence"].counts
    assert sequence_counts.received_head_bytes == 3 * head
    assert sequence_counts.received_body_bytes == 3 * 7
    assert by_name(screen)["rest/whole"].counts.received_body_bytes == 12_007


def test_times_are_the_servers_delays(screen):
    medians = {name: arm.summary.median_ns / MS for name, arm in by_name(screen).items()}
    assert medians == {
        "rest/sequence": 6,
        "rest/parallel": 10,  # five rounds
        "rest/whole": 9,
        "graphql/dataloader": 7,
    }
    exchanges = by_name(screen)["rest/sequence"].exchanges
    assert [(one.start_ns, one.end_ns) for one in exchanges] == [
        (0, 2 * MS),
        (2 * MS, 4 * MS),
        (4 * MS, 6 * MS),
    ]


def test_exchanges_have_the_times_of_the_load_nearest_to_the_median(monkeypatch):
    delays = iter([2, 2, 9, 3, 4])  # counted, warm-up, timed: 4 is the median
    monkeypatch.setitem(DELAYS, "/part", 0)
    screen = Screen("varying", "")

    @screen.rest("varying")
    def varying(api):
        DELAYS["/part"] = next(delays) * MS
        return api.get("/part")["n"]

    found = document(monkeypatch, screen, link_rtts_ms=[], floor_rest=None, samples=3)
    (arm,) = found.screens[0].arms
    assert [sample.elapsed_ns // MS for sample in arm.samples] == [9, 3, 4]
    assert [(one.start_ns, one.end_ns) for one in arm.exchanges] == [(0, 4 * MS)]


def test_the_floors_share_is_its_rounds(screen):
    assert [(floor.name, floor.path) for floor in screen.floors] == [("floor/rest", "/ping")]
    assert screen.floors[0].summary.median_ns == MS / 2
    shares = {name: arm.floor_share for name, arm in by_name(screen).items()}
    assert shares == {
        "rest/sequence": 3 * 0.5 / 6,
        "rest/parallel": 5 * 0.5 / 10,
        "rest/whole": 0.5 / 9,
        "graphql/dataloader": None,
    }


@pytest.mark.parametrize("place", [0, 1])
def test_over_a_link_each_round_takes_a_round_trip_more_as_predicted(screen, place):
    rtt = [20, 100][place]
    for name, trips in [("rest/sequence", 3), ("rest/parallel", 5), ("rest/whole", 1)]:
        arm = by_name(screen)[name]
        link = arm.links[place]
        assert (link.rtt_ms, len(link.samples)) == (rtt, 2)
        assert link.median_ns == arm.summary.median_ns + trips * rtt * MS
        assert link.predicted_ns == link.median_ns
        assert link.relative_error == 0
        assert link.measured_rtt_ms == rtt
        assert arm.predicted_ms[f"{rtt}"] == link.median_ns / MS


def test_the_break_even_is_where_the_lines_cross(screen):
    found = {(pair.left, pair.right): pair for pair in screen.pairs}
    assert len(found) == 6
    # 6 + 3 r = 9 + r
    pair = found["rest/sequence", "rest/whole"]
    assert (pair.ratio, pair.verdict) == (6 / 9, "left")
    even = pair.break_even
    assert (even.kind, even.rtt_ms, even.low_ms, even.high_ms) == ("at", 1.5, 1.5, 1.5)
    assert (even.ahead_below, even.ahead_above) == ("rest/sequence", "rest/whole")
    assert found["rest/whole", "graphql/dataloader"].break_even.kind == "never"


def test_arms_floors_and_links_are_loaded_in_random_rounds(screen):
    names = {"floor/rest", *by_name(screen)}
    for start in range(0, 15, 5):
        assert set(screen.order[start : start + 5]) == names
    assert screen.order != screen.warm_up_order * 3
    assert set(screen.link_orders) == {"20", "100"}
    for order in screen.link_orders.values():
        assert sorted(order) == sorted([*by_name(screen), *by_name(screen)])
    for arm in screen.arms:
        for sample in arm.samples:
            assert screen.order[sample.position] == arm.name
        for link in arm.links:
            order = screen.link_orders[f"{link.rtt_ms:g}"]
            assert {order[sample.position] for sample in link.samples} == {arm.name}


def test_the_bandwidth_is_a_time_for_each_byte(monkeypatch):
    screen = document(monkeypatch, bandwidth_mbit=1.0).screens[0]
    for name in ("rest/sequence", "rest/whole", "graphql/dataloader"):
        arm = by_name(screen)[name]
        transfer = arm.counts.wire_bytes * 8 * 1_000  # ns at 1 Mbit/s
        expected = arm.summary.median_ns + arm.counts.trips * 20 * MS + transfer
        assert arm.links[0].median_ns == pytest.approx(expected, abs=100)
        assert arm.links[0].relative_error == pytest.approx(0, abs=1e-5)


def test_a_budget_ends_whole_rounds_of_loads_and_leaves_time_for_the_links(monkeypatch):
    # a round of all takes 0.5 + 6 + 10 + 9 + 7 = 32.5 ms, and 0.4 s of the links' loads is waiting:
    # 2 loads of 3 + 5 + 1 + 1 trips of 20 ms; the probe before takes 126 ms, 6 constant answers
    # without the link and 6 over it, whose single steps wait for 10 * 2 * 20 ms
    budget_s = 1.05 + 0.126 + 0.4
    found = document(monkeypatch, samples=100, link_rtts_ms=[20.0], budget_s=budget_s)
    screen = found.screens[0]
    # 0.65 s are 20 rounds: 1 of warm-up, and one is begun before they are over
    assert {len(arm.samples) for arm in screen.arms} == {20}
    assert len(screen.order) == 20 * 5
    assert {len(arm.links[0].samples) for arm in screen.arms} == {2}
    assert found.complete
    assert any("timed 20 times, not 100" in doubt.text for doubt in found.doubts)


def test_however_short_the_time_each_arm_is_timed_a_few_times(monkeypatch):
    screen = document(monkeypatch, samples=100, budget_s=0.001).screens[0]
    assert {len(arm.samples) for arm in screen.arms} == {budget.FEWEST}
