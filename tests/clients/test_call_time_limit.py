"""A call ends, whatever the server does: it drips, is silent, or asks to wait."""

import socket
import ssl

import pytest
import requests
import trustme
from cachecontrol import CacheControl

from client_examples.clients.api_errors import ProblemError, Unreachable
from client_examples.clients.http_client import new_session
from client_examples.comparison.network.connections import open_session
from client_examples.graphql_client import GraphqlClient
from client_examples.rest_client import RestClient
from tests.clients.dripping_server import DrippingServer
from tests.clients.scripted_server import Says, ScriptedServer

LIMIT_S = 0.3  # of a call; the dripping server takes 2 s
PATIENT = (10.0, 10.0)  # s, to connect and between bytes


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def waits(monkeypatch):
    seconds: list[float] = []
    monkeypatch.setattr("client_examples.clients.http_client.time.sleep", seconds.append)
    return seconds


@pytest.mark.parametrize("drips_head", [False, True], ids=["body", "head"])
@pytest.mark.parametrize("client", [RestClient, GraphqlClient])
def test_an_answer_that_drips_is_given_up(client, drips_head):
    with DrippingServer(drips_head=drips_head) as server:
        calling = client(server.url, timeout=PATIENT, time_limit_s=LIMIT_S)
        with pytest.raises(Unreachable, match="took too long"):
            calling.books.get(1)
    assert server.attempts <= 1  # no time was left for another


def test_one_that_drips_over_tls_is_given_up(authority, tmp_path):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    session = requests.Session()
    session.trust_env = False  # no certificates but this one
    session.verify = str(tmp_path / "ca.pem")
    authority.cert_pem.write_to_path(session.verify)
    with DrippingServer(tls=context) as server:
        calling = RestClient(server.url, session=session, timeout=PATIENT, time_limit_s=LIMIT_S)
        with pytest.raises(Unreachable, match="took too long"):
            calling.books.get(1)


@pytest.mark.parametrize(
    "opened",
    [
        requests.Session,
        lambda: new_session("http://localhost"),
        lambda: CacheControl(requests.Session()),
    ],
    ids=["a plain one", "the clients' own", "one with a cache"],
)
def test_any_session_keeps_the_limit(opened):
    with DrippingServer() as server, opened() as session:
        session.trust_env = False
        calling = RestClient(server.url, session=session, timeout=PATIENT, time_limit_s=LIMIT_S)
        with pytest.raises(Unreachable, match="took too long"):
            calling.books.get(1)


def test_a_session_that_is_in_use_keeps_the_limit_from_then_on():
    with DrippingServer(at_once=1) as server, requests.Session() as session:
        assert session.get(server.url, timeout=PATIENT).ok
        calling = RestClient(server.url, session=session, timeout=PATIENT, time_limit_s=LIMIT_S)
        with pytest.raises(Unreachable, match="took too long"):
            calling.books.get(1)


def test_the_comparisons_connections_keep_the_limit():
    with DrippingServer() as server, open_session(server.url) as session:
        calling = RestClient(server.url, session=session, timeout=PATIENT, time_limit_s=LIMIT_S)
        with pytest.raises(Unreachable, match="took too long"):
            calling.books.get(1)


def test_a_silent_server_is_given_up_at_the_calls_end():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(Unreachable, match="took too long"):
            RestClient(url, timeout=PATIENT, time_limit_s=LIMIT_S).books.get(1)


def test_an_attempts_own_limits_are_no_longer_than_the_calls():
    """For sessions whose transport knows of no other."""
    seen = []

    class Watched(requests.Session):
        def request(self, *arguments, **options):
            seen.append(options["timeout"])
            return super().request(*arguments, **options)

    with ScriptedServer(Says(200, {"id": 1})) as server:
        for limit in (0.5, 60.0):
            client = RestClient(server.url, session=Watched(), timeout=(3, 9), time_limit_s=limit)
            client.books.get(1)
    assert 0 < max(seen[0]) <= 0.5
    assert seen[1] == (3, 9)


def test_a_wait_beyond_the_limit_is_not_begun(waits):
    later = Says(503, {"code": "UNAVAILABLE"}, {"Retry-After": "5"})
    with ScriptedServer(later) as server, pytest.raises(ProblemError):
        RestClient(server.url, time_limit_s=4.0).books.get(1)
    assert server.attempts == 1
    assert waits == []
