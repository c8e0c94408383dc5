"""When the circuit opens, what it refuses, and when it closes; requests are counted by a server."""

import threading
from types import SimpleNamespace

import pytest

from client_examples.clients import circuit_breaker as module
from client_examples.clients.api_errors import CircuitOpen, ProblemError, Unreachable
from client_examples.clients.circuit_breaker import Breaker
from client_examples.clients.retries import NO_RETRY
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient
from tests.clients.scripted_server import Says, ScriptedServer
from tests.waiting import LIMIT_S

URL = "http://127.0.0.1:9"
BUSY = Says(503, {"code": "UNAVAILABLE"})
BOOK = Says(200, {"id": 1})


@pytest.fixture
def clock(monkeypatch):
    """The breaker's clock, which stands still unless a test moves it."""
    standing = SimpleNamespace(now=100.0)
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: standing.now))
    return standing


@pytest.fixture
def waits(monkeypatch):
    """How long the client waits before each retry; the test itself does not."""
    seconds: list[float] = []
    monkeypatch.setattr("client_examples.clients.http_client.time.sleep", seconds.append)
    return seconds


def attempt(breaker, *, fails):
    with breaker.attempt(URL) as one:
        one.has_failed = fails


def opened(**options):
    breaker = Breaker(failures=1, **options)
    attempt(breaker, fails=True)
    return breaker


def asks(client, times=1):
    """What each of so many reads brings: a status, or the error's code."""
    return [said(client) for _ in range(times)]


def said(client):
    try:
        client.books.get(1)
    except ProblemError as error:
        return error.status
    except Unreachable as error:
        return error.code
    return 200


# -- the states --------------------------------------------------------------------------------


def test_failures_in_a_row_open_it():
    breaker = Breaker(failures=3)
    for _ in range(2):
        attempt(breaker, fails=True)
    assert breaker.state == "closed"
    attempt(breaker, fails=True)
    assert breaker.state == "open"


def test_a_success_begins_the_row_anew():
    breaker = Breaker(failures=2)
    for fails in (True, False, True):
        attempt(breaker, fails=fails)
    assert breaker.state == "closed"


def test_what_ends_by_an_error_has_failed():
    breaker = Breaker(failures=1)
    with pytest.raises(ConnectionError), breaker.attempt(URL):
        raise ConnectionError
    assert breaker.state == "open"


def test_an_open_circuit_refuses_at_once_and_says_until_when(clock):
    breaker = opened(rest_s=2.0)
    clock.now += 0.5
    with pytest.raises(CircuitOpen) as refused, breaker.attempt(URL):
        pytest.fail("it was let through")
    assert refused.value.retry_in_s == pytest.approx(1.5)
    assert (refused.value.code, refused.value.url) == ("CIRCUIT_OPEN", URL)
    assert breaker.refused == 1


def test_after_its_rest_one_is_tried_while_others_are_refused(clock):
    breaker = opened(rest_s=2.0)
    clock.now += 2.0
    with breaker.attempt(URL) as trial:
        assert breaker.state == "half-open"
        with pytest.raises(CircuitOpen), breaker.attempt(URL):
            pytest.fail("there were two on trial")
        trial.has_failed = False
    assert breaker.state == "closed"


def test_a_trial_that_fails_opens_it_for_another_rest(clock):
    breaker = opened(rest_s=2.0)
    clock.now += 2.0
    attempt(breaker, fails=True)
    clock.now += 1.9
    with pytest.raises(CircuitOpen):
        attempt(breaker, fails=False)
    clock.now += 0.1
    attempt(breaker, fails=False)
    assert breaker.state == "closed"


def test_an_interrupted_trial_leaves_room_for_another(clock):
    breaker = opened(rest_s=2.0)
    clock.now += 2.0
    with pytest.raises(KeyboardInterrupt), breaker.attempt(URL):
        raise KeyboardInterrupt
    clock.now += 2.0
    attempt(breaker, fails=False)
    assert breaker.state == "closed"


@pytest.mark.parametrize("fails", [True, False])
def test_what_began_before_it_opened_changes_nothing(fails, clock):
    breaker = Breaker(failures=1, rest_s=2.0)
    with breaker.attempt(URL) as late:
        attempt(breaker, fails=True)
        clock.now += 1.5
        late.has_failed = fails
    assert breaker.state == "open"
    clock.now += 0.5  # the rest did not begin anew
    attempt(breaker, fails=False)
    assert breaker.state == "closed"


# -- with the clients --------------------------------------------------------------------------


def test_a_client_has_no_breaker_unless_it_is_given_one(waits):
    with ScriptedServer(BUSY) as server:
        assert asks(RestClient(server.url, retry=NO_RETRY), 20) == [503] * 20
    assert server.attempts == 20


@pytest.mark.parametrize("fault", [Says(502), Says(503), Says(504), None])
def test_an_open_circuit_sends_nothing(fault, clock):
    with ScriptedServer(fault) as server:
        client = RestClient(server.url, retry=NO_RETRY, breaker=Breaker())
        assert asks(client, 8)[5:] == ["CIRCUIT_OPEN"] * 3
    assert server.attempts == 5


@pytest.mark.parametrize("status", [404, 409, 412, 422, 429, 500])
def test_an_answer_that_is_no_outage_is_a_success(status, clock):
    with ScriptedServer(Says(status)) as server:
        client = RestClient(server.url, breaker=Breaker())
        assert asks(client, 20) == [status] * 20
    assert server.attempts == 20


def test_a_server_that_returns_is_seen_after_the_rest(clock):
    with ScriptedServer(*[None] * 5, BOOK) as server:
        client = RestClient(server.url, retry=NO_RETRY, breaker=Breaker(rest_s=2.0))
        asks(client, 5)
        assert said(client) == "CIRCUIT_OPEN"
        clock.now += 2.0
        assert asks(client, 3) == [200] * 3
    assert server.attempts == 8


def test_writes_count_and_are_refused_too(clock):
    with ScriptedServer(BUSY) as server:
        client = GraphqlClient(server.url, breaker=Breaker(failures=2))
        for expected in (ProblemError, ProblemError, CircuitOpen):
            with pytest.raises(expected):
                client.mutate("mutation { deleteBook(id: 1) }")
    assert server.attempts == 2


def test_every_attempt_of_a_call_counts(clock, waits):
    with ScriptedServer(BUSY, BUSY, BUSY, BOOK) as server:
        client = RestClient(server.url, breaker=Breaker(failures=4))
        assert said(client) == 200
    with ScriptedServer(BUSY) as server:
        client = RestClient(server.url, breaker=Breaker(failures=4))
        assert asks(client, 2) == [503, "CIRCUIT_OPEN"]
    assert server.attempts == 4


@pytest.mark.parametrize(("fault", "brought"), [(BUSY, 503), (None, "UNREACHABLE")])
def test_the_attempt_that_opens_it_is_the_last_and_its_outcome_is_told(
    fault, brought, clock, waits
):
    with ScriptedServer(fault) as server:
        client = RestClient(server.url, breaker=Breaker(failures=2))
        assert said(client) == brought
    assert server.attempts == 2
    assert len(waits) == 1  # between the two, and none after the second


def test_a_retry_after_is_honoured_and_does_not_lengthen_the_rest(clock, waits):
    later = Says(503, None, {"Retry-After": "4"})
    with ScriptedServer(later, later, BOOK) as server:
        client = RestClient(server.url, breaker=Breaker(failures=2, rest_s=1.0))
        assert said(client) == 503
        assert waits == [4]
        clock.now += 1.0
        assert said(client) == 200


def test_a_circuit_that_opens_while_a_retry_waits_ends_the_call(clock, monkeypatch):
    breaker = Breaker(failures=2)
    monkeypatch.setattr(
        "client_examples.clients.http_client.time.sleep", lambda _: attempt(breaker, fails=True)
    )
    with ScriptedServer(BUSY) as server:
        assert said(RestClient(server.url, breaker=breaker)) == "CIRCUIT_OPEN"
    assert server.attempts == 1


def test_clients_of_a_server_share_what_they_know(clock):
    breaker = Breaker(failures=1)
    with ScriptedServer(BUSY) as server:
        clients = [RestClient(server.url, retry=NO_RETRY, breaker=breaker) for _ in range(2)]
        assert [said(client) for client in clients] == [503, "CIRCUIT_OPEN"]


def test_requests_side_by_side_do_not_wait_for_each_other():
    together = threading.Barrier(3)

    class Waiting(ScriptedServer):
        def next(self):
            together.wait(LIMIT_S)  # for the others: one at a time would never get past here
            return BOOK

    with Waiting() as server:
        client = RestClient(server.url, breaker=Breaker())
        results: list[object] = []
        threads = [threading.Thread(target=lambda: results.append(said(client))) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [200] * 3
