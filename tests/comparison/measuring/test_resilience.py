"""Loads at a steady pace while exchanges fail or the server is down, by policy."""

from functools import partial
from math import inf
from types import SimpleNamespace

import pytest

from client_examples.clients.circuit_breaker import Breaker
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.measuring.resilience import outage
from client_examples.comparison.measuring.resilience.outage import (
    POLICIES,
    Situation,
    chosen,
    measure,
    planned,
)
from tests.comparison.counting_server import CountingServer, answer

LOADS = 30
ALL_FAIL = Situation("all fail", LOADS, share=1, trouble_s=0, ends_s=inf)
NONE_FAILS = Situation("none fails", LOADS, share=0, trouble_s=0, ends_s=inf)
NONE, RETRIES, BREAKER, BOTH = (policy.name for policy in POLICIES)

screen = Screen("one", "")


@screen.rest("once")
def once(api):
    return api.get("/")


@pytest.fixture
def server():
    with CountingServer(lambda request: answer(b"1")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(outage, "PACE_S", 0.002)
    monkeypatch.setattr("client_examples.clients.retries.random.uniform", lambda low, high: 0.0)


@pytest.fixture
def restless(monkeypatch):
    """A breaker that never tries the server again, so that what it sends can be counted."""
    monkeypatch.setattr(outage, "Breaker", partial(Breaker, rest_s=inf))


def measured(loader, monkeypatch, *situations):
    monkeypatch.setattr(outage, "SITUATIONS", situations)
    found = {}
    arms = chosen([screen], lambda _screen, _arm: (1, 1))
    measure(loader, arms, 1, lambda _screen, _arm, one: found.update({one.policy: one}))
    return found


def test_where_nothing_fails_every_policy_sends_each_load_once(rest_loader, monkeypatch):
    found = measured(rest_loader, monkeypatch, NONE_FAILS)
    assert list(found) == [NONE, RETRIES, BREAKER, BOTH]
    for one in found.values():
        assert (one.loads, one.loaded, one.exchanges) == (LOADS, LOADS, LOADS)
        assert (one.in_vain, one.refused, one.recovery_s) == (0, 0, None)
        assert one.pace_s == 0.002
        assert 0 < one.longest_s <= one.seconds


@pytest.mark.usefixtures("restless")
def test_a_breaker_keeps_exchanges_from_a_server_that_cannot_answer(rest_loader, monkeypatch):
    found = measured(rest_loader, monkeypatch, ALL_FAIL)
    assert {one.loaded for one in found.values()} == {0}
    assert found[NONE].in_vain == LOADS
    assert found[RETRIES].in_vain == 4 * LOADS
    for policy in (BREAKER, BOTH):
        assert 5 <= found[policy].in_vain < LOADS  # a few may be under way when it opens
        assert found[policy].refused > 0
    assert found[BREAKER].in_vain + found[BREAKER].refused == LOADS
    assert all(one.in_vain == one.exchanges for one in found.values())


def test_every_policy_sees_a_server_return(rest_loader, monkeypatch):
    monkeypatch.setattr(outage, "Breaker", partial(Breaker, rest_s=0.01))
    short = Situation("down", LOADS, share=1, trouble_s=0, ends_s=0.03)
    monkeypatch.setattr(outage, "PACE_S", 0.01)
    found = measured(rest_loader, monkeypatch, short)
    assert len(found) == len(POLICIES)
    for one in found.values():
        assert one.loaded > 0
        assert one.recovery_s > 0


def test_exchanges_fail_at_their_share_while_there_is_trouble(monkeypatch):
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(outage, "perf_counter", lambda: clock.now)
    half = Situation("half", 1, share=0.5, trouble_s=1, ends_s=11).fails(0.0, "seed")
    down = Situation("down", 1, share=1, trouble_s=1, ends_s=11).fails(0.0, "seed")
    for now, shares in ((0.9, (0, 0)), (1.0, (0.5, 1)), (10.9, (0.5, 1)), (11.0, (0, 0))):
        clock.now = now
        found = tuple(sum(fails() for _ in range(1000)) / 1000 for fails in (half, down))
        assert found == pytest.approx(shares, abs=0.06)


def test_an_arm_of_each_api_is_tried_which_takes_least():
    first, second = Screen("prepared", ""), Screen("plain", "")
    first.prepare(lambda api: None)
    for one in (first, second):
        for name in ("many", "costly", "few"):
            one.rest(name)(once)
            one.graphql(name)(once)
    taken = {"many": (9, 1), "costly": (1, 5), "few": (1, 4)}
    arms = chosen([first, second], lambda _, arm: taken[arm.name.partition("/")[2]])
    assert [(one.name, arm.name) for one, arm in arms] == [
        ("plain", "rest/few"),
        ("plain", "graphql/few"),
    ]
    assert planned([first, second]) == 2 * 4 * sum(one.loads for one in outage.SITUATIONS)
    assert chosen([first], lambda _screen, _arm: (1, 1)) == []
    assert planned([first]) == 0


def test_all_planned_loads_are_told(rest_loader, monkeypatch):
    monkeypatch.setattr(outage, "SITUATIONS", (ALL_FAIL, NONE_FAILS))
    told = []
    arms = chosen([screen], lambda _screen, _arm: (1, 1))
    measure(rest_loader, arms, 1, lambda *_: None, lambda: told.append(1))
    assert len(told) == planned([screen]) == 2 * 4 * LOADS


def test_a_server_that_truly_goes_away_ends_it(server, rest_loader, monkeypatch):
    server.dies_after(11)
    monkeypatch.setattr(outage, "SITUATIONS", (NONE_FAILS,))
    found = []
    with pytest.raises(ServerUnreachable):
        measure(
            rest_loader,
            chosen([screen], lambda _screen, _arm: (1, 1)),
            1,
            lambda _screen, _arm, one: found.append(one),
        )
    assert len(found) == 4  # what was measured until then
    assert all(one.loads < LOADS for one in found)


@pytest.mark.slow
def test_ten_seconds_without_a_server(server, monkeypatch):
    """As it is measured for the report: the real pace, waits and times."""
    monkeypatch.undo()
    loader = Loader(server.url, None)
    found = measured(loader, monkeypatch, outage.SITUATIONS[1])
    loader.close()
    assert found[BREAKER].in_vain < found[NONE].in_vain < found[RETRIES].in_vain
    assert found[BOTH].in_vain < found[NONE].in_vain
    assert found[NONE].loaded < found[RETRIES].loaded < found[NONE].loads
    assert all(one.recovery_s is not None for one in found.values())
