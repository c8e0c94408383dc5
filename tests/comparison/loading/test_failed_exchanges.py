"""What failures cost: the chance by hand, and loads while exchanges are made to fail."""

import pytest

from client_examples.comparison.analysis.failure_chance import failure_chance
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import ServerUnreachable
from client_examples.comparison.measuring.resilience import random_failures
from client_examples.comparison.measuring.resilience.random_failures import measure
from client_examples.comparison.results.counts import Exchange
from tests.comparison.counting_server import CountingServer, answer

screen = Screen("three", "")


@screen.rest("sequence")
def sequence(api):
    return [api.get("/") for _ in range(3)]


@screen.rest("write")
def write(api):
    return api.post("/", {})


def exchange(repeatable):
    values = dict.fromkeys(Exchange.__annotations__, 0)
    return Exchange(**{**values, "repeatable": repeatable})


def test_a_screen_loads_if_all_its_exchanges_succeed():
    # two that are tried 1 + 3 times, one that is not tried again
    chance = failure_chance([exchange(True), exchange(True), exchange(False)], 0.1)
    assert chance.rate == 0.1
    assert chance.loads == pytest.approx(0.9**3)
    assert chance.loads_with_retries == pytest.approx((1 - 0.1**4) ** 2 * 0.9)


@pytest.fixture
def server():
    with CountingServer(lambda request: answer(b"1")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr(random_failures, "LOADS", 20)
    monkeypatch.setattr("client_examples.clients.retries.random.uniform", lambda low, high: 0.0)


def measured(loader, rate, found=None):
    found = {} if found is None else found

    def record(_, arm, one):
        found[arm.name, one.policy] = one

    measure(loader, [screen], rate, 1, record, lambda work, screens: work(*screens))
    return {key: (one.loads, one.loaded, one.exchanges) for key, one in found.items()}


def test_where_nothing_fails_all_loads_succeed(rest_loader):
    found = measured(rest_loader, 0.0)
    assert set(found) == {
        (arm, policy)
        for arm in ("rest/sequence", "rest/write")
        for policy in ("no retries", "retries")
    }
    assert {found["rest/sequence", policy] for policy in random_failures.POLICIES} == {(20, 20, 60)}


def test_where_everything_fails_no_load_succeeds_and_retries_end(server, rest_loader):
    found = measured(rest_loader, 1.0)
    assert found["rest/sequence", "no retries"] == (20, 0, 20)
    assert found["rest/sequence", "retries"] == (20, 0, 80)
    assert found["rest/write", "retries"] == (20, 0, 20)  # a write is sent once
    assert server.seen == []


def test_retries_save_loads(rest_loader):
    found = measured(rest_loader, 0.2)
    assert found["rest/sequence", "no retries"][1] < 18  # 0.8^3 of 20 is 10
    assert found["rest/sequence", "retries"][1] == 20
    assert found["rest/sequence", "retries"][2] > 60
    assert found == measured(rest_loader, 0.2)  # by the seed


def test_a_server_that_truly_goes_away_ends_it(server, rest_loader):
    server.dies_after(11)
    found = {}
    with pytest.raises(ServerUnreachable):
        measured(rest_loader, 0.0, found)
    (result,) = found.values()  # what was measured until then, and nothing after it
    assert result.policy == "no retries"
    assert result.loads == result.loaded == 3
