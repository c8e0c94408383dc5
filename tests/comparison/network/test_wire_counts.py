"""Bytes on the wire: what the client counts is what a server truly received and sent."""

import gzip
import random
import ssl
from contextlib import closing

import pytest
import trustme

from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.loading.loader import Loader
from client_examples.comparison.network.connections import open_session
from client_examples.comparison.network.link import Link
from client_examples.comparison.network.wire import wire_of
from tests.comparison.counting_server import Answer, CountingServer, answer, chunked

JSON = b'{"title":"' + bytes(random.Random(1).choices(b"abcdefgh", k=60_000)) + b'"}'
TIMING = b'Server-Timing: total;dur=1.5, db;dur=0.25;desc="2 statements"'
ANSWERS = {
    "/plain": answer(JSON),
    "/empty": answer(b""),
    "/none": Answer(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "/gzip": answer(gzip.compress(JSON), b"Content-Encoding: gzip", TIMING),
    "/chunked": chunked(JSON[:10], JSON[10:20_016], JSON[20_016:]),
    "/chunked-gzip": chunked(
        gzip.compress(JSON)[:1000],
        gzip.compress(JSON)[1000:],
        headers=(b"Content-Encoding: gzip", b"server-timing: db;dur=1"),
        trailer=b"Checksum: 1234\r\n",
    ),
    "/problem": answer(b'{"status":404}', status=b"404 Not Found"),
    "/continue": Answer(b"HTTP/1.1 100 Continue\r\n\r\n" + answer(b"1").head, [b"1"]),
    "/closing": Answer(answer(JSON, b"Connection: close").head, [JSON], close=True),
}


def respond(request: bytes) -> Answer:
    return ANSWERS[request.split(b" ")[1].partition(b"?")[0].decode()]


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(file)
    return made, str(file)


@pytest.fixture(params=["http", "https"])
def server(request, authority):
    tls = None
    if request.param == "https":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority[0].issue_cert("localhost").configure_cert(tls)
    with CountingServer(respond, tls) as running:
        yield running


@pytest.fixture
def session(server, authority):
    with open_session(server.url, headers={"X-Key": "ä".encode()}, ca_file=authority[1]) as opened:
        yield opened


def counted(response):
    wire = wire_of(response)
    return wire.sent_head, wire.sent_body, wire.received_head, wire.received_body


def truly(seen):
    return seen.received_head, seen.received_body, seen.sent_head, seen.sent_body


@pytest.mark.parametrize("path", ANSWERS)
@pytest.mark.parametrize("body", [None, b"x" * 20_000, "pieces"], ids=["GET", "POST", "in-pieces"])
def test_the_client_counts_what_the_server_received_and_sent(server, session, path, body):
    method = "GET" if body is None else "POST"
    data = iter([b"one", b"", b"four" * 5000]) if body == "pieces" else body
    response = session.request(method, server.url + path, data=data, allow_redirects=False)
    (seen,) = server.seen
    assert counted(response) == truly(seen)
    # 3 CRLF one CRLF, 4e20 CRLF four... CRLF, 0 CRLF CRLF
    assert seen.received_body == {None: 0, "pieces": 8 + 20_008 + 5}.get(body, 20_000)


def test_kept_connections_count_each_exchange_alone(server, session):
    for path in [*ANSWERS, *ANSWERS]:
        response = session.get(server.url + path)
        assert counted(response) == truly(server.seen[-1])
    # "/closing" has closed one, whose place the next exchange takes
    assert len({seen.connection for seen in server.seen}) == 2


def test_only_an_exchange_that_opens_a_connection_says_so(server, session):
    paths = ("/plain", "/closing", "/closing", "/plain", "/plain")
    trips = [wire_of(session.get(server.url + path)).connection_trips for path in paths]
    takes = 2 if server.url.startswith("https") else 1  # TLS 1.3 takes one round trip more
    assert trips == [0, 0, takes, takes, 0]
    assert server.connections == 6 + 2


def test_connections_stay_open_while_other_hosts_are_asked(server, session):
    with CountingServer(respond) as other:
        trips = [
            wire_of(session.get(one.url + "/plain")).connection_trips
            for one in (server, other, server, other, server)
        ]
        assert trips == [0, 1, 0, 0, 0]
        session.get_adapter(server.url).close_all()
        assert wire_of(session.get(other.url + "/plain")).connection_trips == 1
    assert (server.connections, other.connections) == (6, 2)


@pytest.mark.parametrize(("path", "timing"), [("/plain", 0), ("/gzip", len(TIMING) + 2)])
def test_the_instruments_own_bytes_are_known(server, session, path, timing):
    assert wire_of(session.get(server.url + path)).server_timing == timing


def test_an_answer_cut_short_counts_what_came(server, session):
    whole = answer(JSON)
    ANSWERS["/cut"] = Answer(whole.head, [JSON[:30_000]], close=True)
    with session.get(server.url + "/cut", stream=True) as response:
        wire = wire_of(response)
        with pytest.raises(OSError, match="IncompleteRead"):
            _ = response.content
    assert (wire.received_head, wire.received_body) == (len(whole.head), 30_000)


SCREEN = Screen("bytes", "")


@SCREEN.rest("all")
def everything(api):
    for path in ("/plain", "/gzip", "/chunked", "/chunked-gzip"):
        assert api.get(path)["title"]
    api.post("/none", {"a": 1})


def test_a_loads_counts_are_the_sums_and_bodies_are_known_before_and_after(server, authority):
    loader = Loader(server.url, None, ca_file=authority[1])
    load, counts = loader.load_counted(SCREEN, SCREEN.arms[0])
    loader.close()
    assert counts.requests == len(server.seen) == 5
    assert (counts.sent_head_bytes, counts.sent_body_bytes) == (
        sum(seen.received_head for seen in server.seen),
        len('{"a":1}'),
    )
    assert counts.received_head_bytes == sum(seen.sent_head for seen in server.seen)
    assert counts.received_body_bytes == sum(seen.sent_body for seen in server.seen)
    assert counts.wire_bytes == sum(sum(truly(seen)) for seen in server.seen)
    packed = len(gzip.compress(JSON))
    encoded = [exchange.encoded_body_bytes for exchange in load.exchanges]
    assert encoded == [len(JSON), packed, len(JSON), packed, 0]
    assert [one.body_bytes for one in load.exchanges] == [len(JSON)] * 4 + [0]
    assert [one.repeatable for one in load.exchanges] == [True] * 4 + [False]
    assert counts.new_connections == 0


def test_the_relay_counts_what_the_client_does_and_with_tls_more(server, authority, relay):
    with closing(Loader(server.url, None, ca_file=authority[1], relay=relay)) as loader:
        loader.load(SCREEN, SCREEN.arms[0], Link(0))  # sessions' tickets come with a first answer
        relay.reset()
        load = loader.load(SCREEN, SCREEN.arms[0], Link(0))
        passed = relay.counted()
    sent = sum(one.sent_bytes for one in load.exchanges)
    received = sum(one.received_bytes for one in load.exchanges)
    assert received == sum(seen.sent_head + seen.sent_body for seen in server.seen[-5:])
    if server.url.startswith("https"):
        assert sent < passed.up_bytes < sent + 5 * 60
        assert received < passed.down_bytes < received * 1.05
    else:
        assert (passed.up_bytes, passed.down_bytes) == (sent, received)
    assert passed.opened == []
