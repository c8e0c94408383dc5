"""Connections with a cache: what a 304 takes on the wire, and what the client sees of it."""

import gzip

import pytest

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.caching_loader import CachingLoader
from client_examples.comparison.network.caching import CachingConnections
from client_examples.comparison.network.connections import open_session
from client_examples.comparison.network.wire import on_the_wire, wire_of
from tests.comparison.counting_server import Answer, CountingServer, answer, chunked

JSON = b'{"title":"' + b"x" * 3000 + b'"}'
TAG = b'ETag: "1"'
COLD_TIMING = b'Server-Timing: total;dur=9, db;dur=5;desc="4 statements"'
WARM_TIMING = b'Server-Timing: total;dur=1, db;dur=0.5;desc="1 statement"'
HEADERS = (TAG, b"Cache-Control: no-cache", b"Date: Fri, 01 May 2020 00:00:00 GMT", COLD_TIMING)
KEPT = b"\r\n".join([b"HTTP/1.1 304 Not Modified", TAG, b"Cache-Control: no-cache", b""])
ANSWERS = {
    "/plain": answer(JSON, *HEADERS),
    "/gzip": answer(gzip.compress(JSON), *HEADERS, b"Content-Encoding: gzip"),
    "/chunked": chunked(JSON[:10], JSON[10:], headers=HEADERS),
    "/quiet": answer(JSON, *HEADERS),
}


def respond(request: bytes) -> Answer:
    path = request.split(b" ")[1].decode()
    if b'If-None-Match: "1"' not in request:
        return ANSWERS[path]
    return Answer(KEPT + (b"\r\n" if path == "/quiet" else WARM_TIMING + b"\r\n\r\n"))


@pytest.fixture
def server():
    with CountingServer(respond) as running:
        yield running


def truly(seen):
    return seen.received_head, seen.received_body, seen.sent_head, seen.sent_body


def counted(response):
    wire = wire_of(response)
    return wire.sent_head, wire.sent_body, wire.received_head, wire.received_body


@pytest.mark.parametrize("path", ANSWERS)
def test_what_counts_is_the_304_and_what_is_seen_is_the_answer(server, path):
    with open_session(server.url, kind=CachingConnections) as session:
        for status in (200, 304, 304):
            response = session.get(server.url + path)
            assert (response.status_code, response.content) == (200, JSON)
            assert on_the_wire(response).status == status
            assert counted(response) == truly(server.seen[-1])
    assert [seen.sent_body > 0 for seen in server.seen] == [True, False, False]


def test_what_was_forgotten_is_asked_for_anew_over_the_same_connection(server):
    with open_session(server.url, kind=CachingConnections) as session:
        session.get(server.url + "/plain")
        session.get_adapter(server.url).forget()
        assert on_the_wire(session.get(server.url + "/plain")).status == 200
    assert len({seen.connection for seen in server.seen}) == 1


def test_what_the_server_says_of_its_work_is_that_of_the_304(server):
    screen = Screen("kept", "")

    @screen.rest("etag", caches=True)
    def etag(api):
        return api.get("/plain")["title"]

    loader = CachingLoader(server.url, None)
    (arm,) = screen.caching
    first, second = (loader.load(screen, arm) for _ in range(2))
    loader.close()
    assert first.view == second.view
    (cold,), (warm,) = first.exchanges, second.exchanges
    assert (cold.status, cold.statements, cold.db_ms, cold.server_ms) == (200, 4, 5.0, 9.0)
    assert (warm.status, warm.statements, warm.db_ms, warm.server_ms) == (304, 1, 0.5, 1.0)
    assert (cold.body_bytes, warm.body_bytes, warm.encoded_body_bytes) == (len(JSON), 0, 0)


def test_what_it_does_not_say_is_not_taken_from_what_was_kept(server):
    screen = Screen("kept", "")
    screen.rest("etag", caches=True)(lambda api: api.get("/quiet")["title"])
    loader = CachingLoader(server.url, None)
    _, warm = (loader.load(screen, screen.caching[0]) for _ in range(2))
    loader.close()
    (one,) = warm.exchanges
    assert (one.status, one.statements, one.db_ms, one.server_timing_bytes) == (304, None, None, 0)
