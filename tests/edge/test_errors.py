"""What the edge answers by itself: errors in each API's own form."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from launcher.edge.certificates import AUTHORITY
from launcher.edge.error_documents import ERRORS, documents
from launcher.edge.nginx import Nginx
from launcher.ports import LOOPBACK, free_port
from rest_api.web.problems import PROBLEMS
from shared import limits
from shared.config import Settings
from tests.edge.running import Alone, Behind, behind_edge, nginx_alone
from tests.programs import need
from tests.waiting import LIMIT_S

PROTOCOLS = pytest.mark.parametrize("protocol", ["http1", "http2"])
APIS = pytest.mark.parametrize(
    ("api", "path"), [("rest", "/rest/books"), ("graphql", "/graphql")], ids=["rest", "graphql"]
)
PAGE = "https://shop.example"
Answering = Callable[[socket.socket], None]


@contextmanager
def behind_it(answer: Answering) -> Iterator[int]:
    """Something that listens, and does this to each connection; its port."""
    with socket.create_server((LOOPBACK, 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=answer, args=[connection], daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)


def hang_up(connection: socket.socket) -> None:
    connection.recv(65_536)
    connection.close()


def say_nothing(connection: socket.socket) -> None:
    while connection.recv(65_536):
        pass


def in_front_of(port: int) -> Settings:
    return Settings(rest_port=port, graphql_port=port, cors_origins=PAGE)


def check(answer: httpx.Response, api: str, status: int, code: str) -> dict[str, Any]:
    """The body, which must have the API's form."""
    assert answer.status_code == status
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert {"Accept-Encoding", "Origin"} <= {*answer.headers["vary"].split(", ")}
    body: dict[str, Any] = answer.json()
    if api == "rest":
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(body) >= {"type", "title", "status", "detail", "code"}
        assert (body["status"], body["code"]) == (status, code)
        assert body["type"] == f"/rest/problems/{code.lower().replace('_', '-')}"
    else:
        assert answer.headers["content-type"] == "application/json"
        (error,) = body["errors"]
        assert error["extensions"]["code"] == code
        assert "data" not in body
    return body


@APIS
@pytest.mark.parametrize("answering", [hang_up, say_nothing, None])
def test_a_server_that_does_not_answer_is_unavailable(
    nginx: Nginx, api: str, path: str, answering: Answering | None
) -> None:
    with ExitStack() as closing:
        port = closing.enter_context(behind_it(answering)) if answering else free_port()
        edge = closing.enter_context(nginx_alone(nginx, in_front_of(port), answer_s=1))
        for http2, method in ((True, "GET"), (True, "POST"), (False, "DELETE")):
            with edge.client(http2=http2) as client:
                answer = client.request(method, path, headers={"Origin": PAGE})
            body = check(answer, api, 503, "UNAVAILABLE")
            name = {"rest": "REST", "graphql": "GraphQL"}[api]
            assert f"the {name} server does not answer" in json.dumps(body)
            assert answer.headers["retry-after"] == str(limits.RETRY_AFTER_S)
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert answer.headers["timing-allow-origin"] == PAGE


def test_an_error_is_for_those_who_may_read_it(nginx: Nginx) -> None:
    with nginx_alone(nginx, in_front_of(free_port())) as edge, edge.client() as client:
        assert client.head("/rest/books").status_code == 503
        other = client.get("/rest/books", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in other.headers
        assert "timing-allow-origin" not in other.headers
        assert "access-control-expose-headers" not in other.headers


@PROTOCOLS
@APIS
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_refused(
    behind: Behind, tmp_path: Path, protocol: str, api: str, path: str, chunked: bool
) -> None:
    # By curl: httpx goes on waiting for leave to send more, when it has been answered.
    need("curl")
    (tmp_path / "body").write_bytes(b"x" * (limits.MAX_BODY_BYTES + 1))
    source = ["--upload-file", "-", "--request", "POST"] if chunked else ["--data-binary", "@body"]
    version = {"http1": "--http1.1", "http2": "--http2"}[protocol]
    command = ["curl", "--silent", "--show-error", "--include", version, *source]
    command += ["--cacert", str(behind.authority), "--header", "Content-Type: application/json"]
    with (tmp_path / "body").open("rb") as body:
        done = subprocess.run(
            [*command, behind.url + path], cwd=tmp_path, stdin=body, capture_output=True, check=True
        )
    refused = check(parsed(done.stdout), api, 413, "TOO_LARGE")
    url = behind.pair.rest_url + "/books" if api == "rest" else behind.pair.graphql_url + path
    headers = {"Content-Type": "application/json"}
    direct = behind.direct.post(
        url, content=(tmp_path / "body").read_bytes(), headers=headers
    ).json()
    if api == "rest":
        direct["type"] = f"/rest{direct['type']}"
    assert refused == direct


@PROTOCOLS
@APIS
def test_a_body_at_the_limit_goes_through(
    behind: Behind, protocol: str, api: str, path: str
) -> None:
    client = behind.http1 if protocol == "http1" else behind.http2
    filled = json.dumps({"query": "{ __typename }", "name": ""}).encode()
    body = filled.ljust(limits.MAX_BODY_BYTES)
    answer = client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == (422 if api == "rest" else 200), answer.text


@pytest.fixture(scope="module")
def impatient(nginx: Nginx, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    """Servers that wait for a body for a second alone."""
    with behind_edge(nginx, tmp_path_factory.mktemp("impatient"), request_timeout_s="1") as behind:
        yield behind


@APIS
@pytest.mark.parametrize("drips", [False, True])
def test_a_body_that_does_not_come_in_time_is_408(
    impatient: Behind, api: str, path: str, drips: bool
) -> None:
    """The servers' own limit holds through the edge, and their own answer comes through."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with (
        socket.create_connection((LOOPBACK, impatient.port), timeout=0.1) as raw,
        impatient.tls.wrap_socket(raw, server_hostname="localhost") as connection,
    ):
        connection.sendall(f"{head}Content-Length: 100000\r\n\r\n{{".encode())
        answer = b""
        deadline = time.monotonic() + 20
        while not answer.endswith(b"}"):
            assert time.monotonic() < deadline, answer
            try:
                answer += connection.recv(65_536)
            except TimeoutError:
                if drips:
                    connection.sendall(b" ")
    assert parsed(answer).status_code == 408
    assert b'"BODY_TIMEOUT"' in answer


def sent(edge: Alone, request: bytes) -> bytes:
    tls = ssl.create_default_context(cafile=str(edge.folder / AUTHORITY))
    with (
        socket.create_connection((LOOPBACK, edge.port), timeout=LIMIT_S) as raw,
        tls.wrap_socket(raw, server_hostname="localhost") as connection,
    ):
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65_536), b""))


CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


def parsed(answer: bytes) -> httpx.Response:
    head, _, body = answer.removeprefix(CONTINUE).partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    pairs = [tuple(header.split(": ", 1)) for header in headers]
    return httpx.Response(int(line.split()[1]), headers=pairs, content=body)  # type: ignore[arg-type]


HOST = "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
BY_HAND = {
    "no host": ("GET {path} HTTP/1.1\r\n\r\n", 400, "MALFORMED_REQUEST"),
    "two hosts": (f"GET {{path}} {HOST}Host: other\r\n\r\n", 400, "MALFORMED_REQUEST"),
    "two lengths": (
        f"POST {{path}} {HOST}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        400,
        "MALFORMED_REQUEST",
    ),
    "version": ("GET {path} HTTP/3.7\r\nHost: localhost\r\n\r\n", 400, "MALFORMED_REQUEST"),
    "coding": (f"POST {{path}} {HOST}Transfer-Encoding: br\r\n\r\n", 501, "NOT_IMPLEMENTED"),
    "method": (f"TRACE {{path}} {HOST}\r\n", 405, "METHOD_NOT_ALLOWED"),
    "line": (f"GET {{path}}?{'a' * 70_000} {HOST}\r\n", 431, "HEAD_TOO_LARGE"),
    "header": (f"GET {{path}} {HOST}X-Long: {'a' * 70_000}\r\n\r\n", 431, "HEAD_TOO_LARGE"),
    "headers": (
        f"GET {{path}} {HOST}" + f"X-Long: {'a' * 60_000}\r\n" * 5 + "\r\n",
        431,
        "HEAD_TOO_LARGE",
    ),
}


@APIS
@pytest.mark.parametrize(("request_text", "status", "code"), BY_HAND.values(), ids=BY_HAND)
def test_what_is_no_request_is_refused(
    nginx: Nginx, api: str, path: str, request_text: str, status: int, code: str
) -> None:
    with nginx_alone(nginx, Settings()) as edge:
        answer = parsed(sent(edge, request_text.replace("{path}", path).encode()))
    check(answer, api, status, code)
    if status == 405:
        assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("line", ["hello", "get it", "\0"])
def test_a_line_that_cannot_be_read_is_for_nobody(nginx: Nginx, line: str) -> None:
    """Whom it is for is not known: the form is GraphQL's, as for all that is not below /rest."""
    with nginx_alone(nginx, Settings()) as edge:
        answer = parsed(sent(edge, f"{line}\r\nHost: localhost\r\n\r\n".encode()))
    check(answer, "graphql", 400, "MALFORMED_REQUEST")


def test_http_without_tls_is_told_to_be_https(nginx: Nginx) -> None:
    with nginx_alone(nginx, Settings()) as edge:
        answer = httpx.get(f"http://127.0.0.1:{edge.port}/rest/books")
    body = check(answer, "rest", 400, "MALFORMED_REQUEST")
    assert "begin the address with https://" in body["detail"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "long",
    [
        {f"X-Long-{number}": "a" * 60_000 for number in range(5)},
        {"X-Long": "~" * 60_000},  # HPACK sends 13 bits for each
    ],
    ids=["head", "header"],
)
def test_a_head_that_is_far_too_large_ends_a_connection_of_http2(
    nginx: Nginx, long: dict[str, str]
) -> None:
    with (
        nginx_alone(nginx, Settings()) as edge,
        edge.client() as client,
        pytest.raises(httpx.RemoteProtocolError),
    ):
        client.get("/rest/books", headers=long)


def test_headers_up_to_64_kib_go_through(behind: Behind) -> None:
    long = {"X-Long": "a" * 60_000}
    for client in (behind.http1, behind.http2):
        assert client.get("/rest/ping", headers=long).status_code == 200
        assert client.get("/ping", headers=long).status_code == 200


def test_the_errors_are_the_servers_own_in_code_status_and_title() -> None:
    for error in ERRORS:
        problem = PROBLEMS[error.code]
        assert (error.status, error.title) == (problem.status, problem.title)
    causes = [cause for error in ERRORS for cause in error.causes]
    assert len(causes) == len(set(causes))
    assert all(json.loads(document.body) for document in documents("/rest"))
