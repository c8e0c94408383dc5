"""HTTP/2 beneath the clients: one connection, as many exchanges at once as are asked for."""

import gzip
import json
import signal
import threading
import time
from functools import partial
from http.server import BaseHTTPRequestHandler

import pytest
import trustme

from client_examples.clients.api_errors import ProblemError, Unreachable
from client_examples.clients.http_client import HttpClient
from client_examples.clients.retries import NO_RETRY
from client_examples.comparison.arms.screen import Screen
from client_examples.comparison.errors import LoadFailed, ServerUnreachable
from client_examples.comparison.loading.http2_loader import Http2Loader
from client_examples.comparison.network.connections import open_session
from client_examples.comparison.network.http2.connections import Http2Connections
from client_examples.comparison.network.http2.event_loop import EventLoop
from client_examples.comparison.network.wire import wire_of
from tests.comparison.network.http2_server import Answer, Http2Server
from tests.comparison.network.loopback_server import Handling, LoopbackServer
from tests.waiting import wait_until

MANY = 20  # at once, more than HTTP/1.1's six
PACKED = gzip.compress(b'"' + b"z" * 5000 + b'"')
LARGE = "x" * 200_000  # more than a stream's window of 65,535 bytes


def respond(asked):
    path = asked.path.partition("?")[0]
    if path == "/together":
        return Answer(b"1", after_s=0.2)
    if path == "/never":
        return Answer(b"1", after_s=60)
    if path == "/dripping":
        return Answer(b"1" * 1000, drip_s=0.02)
    if path == "/gzip":
        return Answer(PACKED, [("content-encoding", "gzip"), ("server-timing", "db;dur=2")])
    if path == "/cookie":
        return Answer(b"1", [("set-cookie", "session=yes; Path=/")])
    if path == "/wrong":
        problem = b'{"status":422,"code":"VALIDATION","detail":"too short"}'
        return Answer(problem, [("content-type", "application/problem+json")], 422)
    return Answer(json.dumps({"size": len(asked.body), **asked.headers}).encode())


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = trustme.CA()
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    made.cert_pem.write_to_path(file)
    return made, str(file)


@pytest.fixture
def server(authority):
    with Http2Server(authority[0], respond) as running:
        yield running


@pytest.fixture
def loop():
    made = EventLoop()
    yield made
    made.close()


@pytest.fixture
def client(server, authority, loop):
    kind = partial(Http2Connections, loop=loop)
    headers = {"X-Key": "ä".encode()}
    session = open_session(server.url, headers=headers, ca_file=authority[1], kind=kind)
    made = HttpClient(server.url, session=session, retry=NO_RETRY)
    server.asked.clear()  # what opened the connection
    yield made
    made.close()


def get(client, path="/"):
    return client.exchange("GET", path, repeatable=True)


def side_by_side(loop, client, path, number=MANY):
    return loop.run([partial(get, client, f"{path}?{n}") for n in range(number)])


def test_all_of_a_level_are_under_way_at_once_on_one_connection(server, client, loop):
    answers = side_by_side(loop, client, "/together")
    assert server.most == MANY
    assert {asked.connection for asked in server.asked} == {0}
    assert [one.request.path_url for one in answers] == [f"/together?{n}" for n in range(MANY)]


def test_no_more_are_under_way_than_the_server_allows(authority, loop):
    with Http2Server(authority[0], respond, most_allowed=3) as server:
        kind = partial(Http2Connections, loop=loop)
        client = HttpClient(
            server.url, session=open_session(server.url, ca_file=authority[1], kind=kind)
        )
        side_by_side(loop, client, "/together", 7)
        client.close()
    assert server.most == 3


def test_an_answer_is_what_it_is_over_http1(server, client):
    packed = get(client, "/gzip")
    assert packed.json() == "z" * 5000
    assert packed.headers["Server-Timing"] == "db;dur=2"
    assert (packed.status_code, packed.raw.version) == (200, 20)
    wire = wire_of(packed)
    assert (wire.protocol, wire.connection_trips, wire.received_body) == ("http2", 0, len(PACKED))


def test_headers_and_bodies_of_any_size_arrive(server, client):
    answer = client.exchange("POST", "/echo", body=LARGE, repeatable=False).json()
    assert answer["size"] == len(LARGE) + 2
    assert (answer[":method"], answer["content-type"]) == ("POST", "application/json")
    assert server.asked[0].headers["x-key"] == "\u00e4"
    assert "connection" not in server.asked[0].headers


def test_cookies_are_sent_back(server, client):
    get(client, "/cookie")
    get(client)
    assert server.asked[-1].headers["cookie"] == "session=yes"


@pytest.mark.parametrize("how", ["hangs up", "says so first"])
def test_a_connection_that_the_server_has_ended_is_opened_before_the_next_load(
    server, client, loop, how
):
    connections = client.session.get_adapter(server.url)
    get(client)
    if how == "hangs up":
        server.each(lambda one: one.transport.abort())
    else:
        server.each(lambda one: one.go_away())
    time.sleep(0.05)  # for it to be seen; nothing tells when
    connections.open_again()
    before = len(server.asked)
    assert wire_of(get(client)).connection_trips == 0
    assert [one.connection for one in server.asked[before:]] == [1]


def test_a_connection_that_is_whole_is_kept(server, client):
    connections = client.session.get_adapter(server.url)
    for _ in range(3):
        get(client)
        connections.open_again()
    assert len(server.connections) == 1
    assert len(server.asked) == 3


def test_a_new_connection_takes_two_round_trips_which_one_exchange_has(server, client, loop):
    client.session.get_adapter(server.url).close_all()
    answers = side_by_side(loop, client, "/together", 3)
    assert sorted(wire_of(one).connection_trips for one in answers) == [0, 0, 2]
    assert len(server.connections) == 2


def test_a_server_that_does_not_offer_http2_is_told_so(authority, loop):
    kind = partial(Http2Connections, loop=loop)
    with (
        Http2Server(authority[0], respond, alpn=["http/1.1"]) as server,
        pytest.raises(ServerUnreachable, match="does not offer HTTP/2"),
    ):
        open_session(server.url, ca_file=authority[1], kind=kind)


def test_a_certificate_that_is_not_trusted_is_refused(server, loop):
    kind = partial(Http2Connections, loop=loop)
    with pytest.raises(ServerUnreachable, match="certificate"):
        open_session(server.url, kind=kind)


@pytest.mark.parametrize("path", ["/never", "/dripping"])
def test_a_call_ends_in_time(server, authority, loop, path):
    kind = partial(Http2Connections, loop=loop)
    session = open_session(server.url, ca_file=authority[1], kind=kind)
    client = HttpClient(server.url, session=session, retry=NO_RETRY, time_limit_s=0.2)
    with pytest.raises(Unreachable, match="took too long"):
        get(client, path)
    client.close()


def test_a_connection_that_ends_within_an_exchange_is_an_error(server, client, loop):
    def hang_up():
        wait_until(lambda: server.under_way, "the server is asked")
        server.each(lambda one: one.transport.abort())

    ending = threading.Thread(target=hang_up)
    ending.start()
    with pytest.raises(Unreachable):
        side_by_side(loop, client, "/never", 2)
    ending.join()
    assert get(client).status_code == 200  # over a new one


def test_an_interrupt_ends_what_is_under_way(server, client, loop, interruptible):
    def interrupt():
        wait_until(lambda: server.under_way, "the server is asked")
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    interrupting = threading.Thread(target=interrupt)
    interrupting.start()
    with pytest.raises(KeyboardInterrupt):
        side_by_side(loop, client, "/never", 2)
    interrupting.join()


def test_a_screen_is_loaded_and_recorded_over_http2(server, authority):
    page = Screen("page", "what it shows")

    @page.rest("parallel")
    def parallel(api):
        first = api.get("/")
        return [first[":path"], *(one for one in api.get_all(["/together"] * MANY))]

    loader = Http2Loader(server.url, None, ca_file=authority[1])
    load = loader.load(page, page.arms[0])
    loader.close()
    assert load.view == ["/", *[1] * MANY]
    assert [one.level for one in load.exchanges] == [0, *[1] * MANY]
    assert server.most == MANY


def test_an_error_of_the_server_fails_the_load(server, authority):
    page = Screen("page", "what it shows")

    @page.rest("wrong")
    def wrong(api):
        return api.get_all(["/", "/wrong"])

    loader = Http2Loader(server.url, None, ca_file=authority[1])
    with pytest.raises(LoadFailed, match="too short") as caught:
        loader.load(page, page.arms[0])
    loader.close()
    assert isinstance(caught.value.__cause__, ProblemError)


def test_another_host_is_asked_over_http1_beside_it(server, client, loop):
    class Elsewhere(Handling, BaseHTTPRequestHandler):
        def do_GET(self):
            keys = json.dumps("X-Key" in self.headers).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(keys)))
            self.end_headers()
            self.wfile.write(keys)

    with LoopbackServer(Elsewhere) as other:
        here, there = loop.run([partial(get, client), partial(get, client, f"{other.url}/there")])
    assert there.json() is False  # what is sent to the server is not sent to others
    assert "x-key" in here.json()
    assert (wire_of(here).protocol, wire_of(there).protocol) == ("http2", "http1")
