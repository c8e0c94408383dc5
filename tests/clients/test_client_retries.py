"""What is retried, how often, and how long it may take; counted by a real server."""

import socket
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
import requests

from client_examples.clients.api_errors import ProblemError, Unreachable
from client_examples.clients.http_client import HttpClient
from client_examples.clients.retries import NO_RETRY, RETRY, JitteredRetry
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient
from tests.clients.scripted_server import Says, ScriptedServer

BUSY = Says(503, {"status": 503, "code": "UNAVAILABLE", "detail": "busy"})
BOOK = Says(200, {"id": 1})
DATA = Says(200, {"data": {"book": {"id": 1}, "deleteBook": 1}})
MUTATION = "mutation { deleteBook(id: 1) }"

REPEATABLE = {
    "GET": lambda url: RestClient(url).books.get(1),
    "PUT": lambda url: RestClient(url).put("/books/1", {"title": "New"}),
    "DELETE": lambda url: RestClient(url).books.delete(1),
    "query": lambda url: GraphqlClient(url).query("{ book(id: 1) { id } }"),
}
ONCE_ONLY = {
    "POST": lambda url: RestClient(url).post("/books", {"title": "New"}),
    "PATCH": lambda url: RestClient(url).books.update(1, {"title": "New"}),
    "mutation": lambda url: GraphqlClient(url).mutate(MUTATION),
}


@pytest.fixture
def waits(monkeypatch):
    """How long the client waits before each retry; the test itself does not."""
    seconds: list[float] = []
    monkeypatch.setattr("urllib3.util.retry.time.sleep", seconds.append)
    return seconds


def works(name):
    return DATA if name == "query" else BOOK


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize("name", REPEATABLE)
def test_what_may_be_repeated_is_retried_until_it_works(name, status, waits):
    with ScriptedServer(Says(status), Says(status), works(name)) as server:
        REPEATABLE[name](server.url)
    assert server.attempts == 3


@pytest.mark.parametrize("name", REPEATABLE)
def test_a_broken_connection_is_retried(name, waits):
    with ScriptedServer(None, None, works(name)) as server:
        REPEATABLE[name](server.url)
    assert server.attempts == 3


def test_a_truncated_body_is_retried(waits):
    with ScriptedServer(Says(200, {"id": 1}, cut=3), BOOK) as server:
        assert RestClient(server.url).books.get(1) == {"id": 1}
    assert server.attempts == 2


@pytest.mark.parametrize("fault", [BUSY, None], ids=["503", "broken"])
@pytest.mark.parametrize("name", ONCE_ONLY)
def test_what_may_not_be_repeated_is_sent_once(name, fault, waits):
    with ScriptedServer(fault) as server, pytest.raises((ProblemError, Unreachable)):
        ONCE_ONLY[name](server.url)
    assert server.attempts == 1
    assert waits == []


@pytest.mark.parametrize("name", ONCE_ONLY)
def test_what_may_not_be_repeated_ignores_retry_after(name, waits):
    fault = Says(503, {"code": "UNAVAILABLE"}, {"Retry-After": "1"})
    with ScriptedServer(fault) as server, pytest.raises(ProblemError):
        ONCE_ONLY[name](server.url)
    assert server.attempts == 1


PLACE = {
    "REST": (
        lambda url, **key: RestClient(url).orders.place(1, [{"book_id": 7, "quantity": 2}], **key),
        Says(201, {"id": 1}),
        lambda received: received.headers["Idempotency-Key"],
    ),
    "GraphQL": (
        lambda url, **key: GraphqlClient(url).orders.place(
            1, [{"bookId": 7, "quantity": 2}], **key
        ),
        Says(200, {"data": {"placeOrder": {"id": 1}}}),
        lambda received: received.json["variables"]["idempotencyKey"],
    ),
}


@pytest.mark.parametrize(("place", "placed", "key_of"), PLACE.values(), ids=PLACE)
def test_an_order_is_placed_again_by_the_same_key_and_the_next_by_another(
    place, placed, key_of, waits
):
    with ScriptedServer(None, BUSY, placed) as server:
        assert place(server.url) == {"id": 1}
        assert place(server.url) == {"id": 1}
    first, second, third, other = map(key_of, server.received)
    assert first == second == third != other
    assert UUID(first).version == UUID(other).version == 4
    assert len({one.body for one in server.received[:3]}) == 1


@pytest.mark.parametrize(("place", "placed", "key_of"), PLACE.values(), ids=PLACE)
def test_a_caller_may_place_an_order_by_a_key_of_its_own(place, placed, key_of, waits):
    with ScriptedServer(placed) as server:
        place(server.url, idempotency_key="cart-17")
    assert [key_of(one) for one in server.received] == ["cart-17"]


def test_a_document_that_holds_a_mutation_is_no_query():
    hidden = "# comment {\nquery A { book(id: 1) { id } } mutation B { deleteBook(id: 1) }"
    client = GraphqlClient("http://127.0.0.1:9")
    for document in (MUTATION, hidden):
        with pytest.raises(ValueError, match="mutate"):
            client.query(document)


def test_the_word_mutation_in_a_string_or_field_is_harmless():
    document = '{ searchBooks(query: "a } mutation {") { title mutation } } # mutation'
    with ScriptedServer(DATA) as server:
        GraphqlClient(server.url).query(document)
    assert server.attempts == 1


def test_retries_end_and_the_last_answer_is_the_error(waits):
    with ScriptedServer(BUSY) as server, pytest.raises(ProblemError) as failed:
        RestClient(server.url).books.get(1)
    assert server.attempts == 4
    assert (failed.value.status, failed.value.code) == (503, "UNAVAILABLE")


def test_waits_double_at_most_and_are_random(waits):
    runs = []
    for _ in range(20):
        with ScriptedServer(BUSY) as server, pytest.raises(ProblemError):
            RestClient(server.url).books.get(1)
        runs.append(tuple(waits))
        waits.clear()
    assert all(
        0 <= wait <= limit for run in runs for wait, limit in zip(run, (0.2, 0.4, 0.8), strict=True)
    )
    assert len(set(runs)) == len(runs)
    assert max(run[2] for run in runs) > 0.4


def test_retry_after_is_honoured_up_to_a_bound(waits):
    script = [Says(503, None, {"Retry-After": text}) for text in ("2", "3600")]
    with ScriptedServer(*script, BOOK) as server:
        RestClient(server.url).books.get(1)
    assert waits == [2, 5]


def test_too_many_requests_is_retried_only_when_the_server_says_when(waits):
    with ScriptedServer(Says(429, None, {"Retry-After": "1"}), BOOK) as server:
        RestClient(server.url).books.get(1)
    assert waits == [1]
    with ScriptedServer(Says(429)) as server, pytest.raises(ProblemError):
        RestClient(server.url).books.get(1)
    assert server.attempts == 1


def test_a_retry_after_that_is_none_falls_back_to_the_backoff(waits):
    with ScriptedServer(Says(503, None, {"Retry-After": "soon"}), BOOK) as server:
        RestClient(server.url).books.get(1)
    assert len(waits) == 1
    assert waits[0] <= 0.2


def test_other_failures_are_not_retried(waits):
    with ScriptedServer(Says(500)) as server, pytest.raises(ProblemError):
        RestClient(server.url).books.get(1)
    assert server.attempts == 1


def test_a_client_without_retries_sends_once(waits):
    with ScriptedServer(BUSY) as server, pytest.raises(ProblemError):
        RestClient(server.url, retry=NO_RETRY).books.get(1)
    assert server.attempts == 1


def test_nothing_listening_is_named_with_its_reason(waits):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(Unreachable) as failed:
        RestClient(url).books.get(1)
    assert failed.value.reason == "Connection refused"
    assert len(waits) == 3


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "it ended the connection without an answer"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", "its answer ended before it was whole"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", "what it sends is not HTTP"),
    ],
)
def test_an_answer_that_breaks_off_is_told_in_words(sent, reason):
    def answer():
        with listener.accept()[0] as connection:
            connection.recv(65_536)
            connection.sendall(sent)

    with socket.create_server(("127.0.0.1", 0)) as listener, ThreadPoolExecutor(1) as pool:
        pool.submit(answer)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unreachable) as failed:
            RestClient(url, retry=NO_RETRY).books.get(1)
    assert failed.value.reason == reason


def test_an_answer_that_never_comes_is_given_up():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        client = RestClient(url, timeout=(1, 0.05), retry=NO_RETRY)
        with pytest.raises(Unreachable, match="took too long"):
            client.books.get(1)


def test_every_request_has_both_time_limits():
    seen = []

    class Watched(requests.Session):
        def request(self, *arguments, **options):
            seen.append(options["timeout"])
            return super().request(*arguments, **options)

    with ScriptedServer(BOOK) as server:
        RestClient(server.url, session=Watched()).books.get(1)
    assert len(seen) == 1
    assert all(0 < limit < 60 for limit in seen[0])


def test_each_attempt_goes_through_the_session_that_was_passed_in(waits):
    sent = []
    session = requests.Session()
    session.hooks["response"].append(lambda response, **_: sent.append(response.status_code))
    with ScriptedServer(BUSY, BOOK) as server:
        RestClient(server.url, session=session).books.get(1)
    assert sent == [503, 200]


def test_a_policy_can_be_passed_in(waits):
    policy = JitteredRetry(total=1, status_forcelist=(500,), allowed_methods=None)
    with ScriptedServer(Says(500), BOOK) as server:
        assert HttpClient(server.url, retry=policy).exchange("GET", "/", repeatable=True).ok
    assert RETRY.total == 3
