"""What comes through the edge: the servers' answers as they are, with links that stay there."""

import gzip
import socket
import ssl
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest

from tests.edge.running import Behind
from tests.waiting import LIMIT_S

PROTOCOLS = pytest.mark.parametrize("protocol", ["http1", "http2"])
GZIP = {"Accept-Encoding": "gzip"}
ORDER = {"customer_id": 1, "items": [{"book_id": 1, "quantity": 1}]}
QUERY = "{ books(limit: 100) { title description } }"


def by(behind: Behind, protocol: str) -> httpx.Client:
    return behind.http1 if protocol == "http1" else behind.http2


def direct_url(behind: Behind, path: str) -> str:
    if path.startswith("/rest"):
        return behind.pair.rest_url + path.removeprefix("/rest")
    return behind.pair.graphql_url + path


@PROTOCOLS
def test_both_apis_answer_over_each_protocol(behind: Behind, protocol: str) -> None:
    version = {"http1": "HTTP/1.1", "http2": "HTTP/2"}[protocol]
    rest = by(behind, protocol).get("/rest/books/1")
    assert (rest.status_code, rest.http_version) == (200, version)
    assert rest.json()["title"] == "Python Programming"
    asked = {"query": "query ($id: Int!) { book(id: $id) { title } }", "variables": {"id": 1}}
    graphql = by(behind, protocol).post("/graphql", json=asked)
    assert (graphql.status_code, graphql.http_version) == (200, version)
    assert graphql.json()["data"] == {"book": {"title": "Python Programming"}}


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_tls_is_1_3_and_the_certificate_is_for_this_machine(behind: Behind, host: str) -> None:
    with socket.create_connection((host, behind.port), timeout=LIMIT_S) as raw:
        tls = behind.tls
        tls.set_alpn_protocols(["h2", "http/1.1"])
        with tls.wrap_socket(raw, server_hostname=host) as connection:
            assert connection.version() == "TLSv1.3"
            assert connection.selected_alpn_protocol() == "h2"


def test_older_tls_and_other_authorities_are_refused(behind: Behind) -> None:
    tls = behind.tls
    tls.maximum_version = ssl.TLSVersion.TLSv1_2
    for context, reason in ((tls, "(?i)version"), (ssl.create_default_context(), "(?i)verify")):
        with (
            socket.create_connection(("127.0.0.1", behind.port), timeout=LIMIT_S) as raw,
            pytest.raises(ssl.SSLError, match=reason),
        ):
            context.wrap_socket(raw, server_hostname="localhost")


SAME = ("content-type", "content-encoding", "content-length", "etag", "vary", "cache-control",
        "allow", "retry-after", "content-security-policy")  # fmt: skip


@PROTOCOLS
@pytest.mark.parametrize(
    "path",
    ["/rest/books?limit=100", "/rest/books/1", "/rest/ping", "/rest/health", "/graphql?query="
     + QUERY, "/ping", "/health", "/schema.graphql", "/graphiql/start.js", "/rest/docs/start.js",
     "/graphql?query={", "/rest/docs/js/swagger-ui-bundle.js"],
)  # fmt: skip
@pytest.mark.parametrize("coding", ["gzip", "identity"])
def test_answers_are_the_servers_own(behind: Behind, protocol: str, path: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding}
    through = by(behind, protocol).get(path, headers=headers)
    direct = behind.direct.get(direct_url(behind, path), headers=headers)
    assert through.status_code == direct.status_code
    assert through.content == direct.content
    for name in SAME:
        assert through.headers.get(name) == direct.headers.get(name), name


def test_the_servers_alone_compress_so_that_tags_stay_strong(behind: Behind) -> None:
    path = "/rest/books?limit=100"
    with behind.http2.stream("GET", path, headers=GZIP) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    assert gzip.decompress(raw) == behind.http2.get(path).content
    for headers in ({**GZIP, "If-None-Match": tag}, {"If-None-Match": tag, "Accept-Encoding": "*"}):
        assert behind.http2.get(path, headers=headers).status_code == 304
    small = behind.http2.get("/rest/books/1", headers=GZIP)
    assert "content-encoding" not in small.headers
    changed = behind.http2.patch(
        "/rest/books/900",
        json={"stock": 12},
        headers={"If-Match": behind.http2.get("/rest/books/900").headers["etag"]},
    )
    assert changed.status_code == 200, changed.text


@PROTOCOLS
def test_a_new_order_is_found_where_location_says(behind: Behind, protocol: str) -> None:
    through = by(behind, protocol)
    placed = through.post("/rest/orders", json=ORDER)
    assert placed.status_code == 201
    location = placed.headers["location"]
    assert location == f"/rest/orders/{placed.json()['id']}"
    assert through.get(location).json() == placed.json()
    direct = behind.direct.post(f"{behind.pair.rest_url}/orders", json=ORDER)
    assert direct.headers["location"] == f"/orders/{direct.json()['id']}"


def test_pages_lead_to_pages(behind: Behind) -> None:
    url, seen = f"{behind.url}/rest/books?limit=100&sort=-price&fields=id", []
    while url:
        page = behind.http2.get(url)
        seen += [book["id"] for book in page.json()]
        following = page.links.get("next", {}).get("url")
        url = urljoin(url, following) if following else ""
    assert len(seen) == len(set(seen)) == behind.http2.get("/rest/health").json()["books"]


@pytest.mark.parametrize("path", ["/rest/", "/rest", "/"])
def test_start_pages_lead_everywhere_by_the_edge(behind: Behind, path: str) -> None:
    addresses: dict[str, dict[str, str]] = behind.http2.get(path).json()
    for links in addresses.values():
        for url in links.values():
            assert url.startswith(f"{behind.url}/")
            assert behind.http2.get(url, headers={"Accept": "text/html"}).status_code == 200, url
    assert addresses["rest"]["books"] == f"{behind.url}/rest/books"
    page = behind.http2.get(path, headers={"Accept": "text/html"}).text
    assert f'href="{behind.url}/rest/docs"' in page
    assert 'href="http://' not in page


def test_start_pages_of_the_servers_themselves_lead_to_them(behind: Behind) -> None:
    for url in (behind.pair.rest_url, behind.pair.graphql_url):
        addresses = behind.direct.get(f"{url}/").json()
        assert addresses["rest"]["books"] == f"{behind.pair.rest_url}/books"
        assert addresses["graphql"]["graphiql"] == f"{behind.pair.graphql_url}/graphql"


def test_the_document_leads_to_the_edge(behind: Behind) -> None:
    document: dict[str, Any] = behind.http2.get("/rest/openapi.json").json()
    (server,) = document["servers"]
    base = urljoin(f"{behind.url}/rest/openapi.json", server["url"])
    for path in ("/books/1", "/ping"):
        assert path.replace("1", "{id}") in document["paths"]
        assert behind.http2.get(base + path).status_code == 200


def test_a_problems_type_can_be_looked_up(behind: Behind) -> None:
    problem = behind.http2.get("/rest/books/99999").json()
    described = behind.http2.get(urljoin(behind.url, problem["type"]))
    assert described.json()["code"] == problem["code"] == "NOT_FOUND"


@pytest.mark.parametrize("path", ["/rest/%62ooks/1", "/%72est/books/1", "/rest/books/1/"])
def test_paths_mean_what_they_mean_to_the_servers(behind: Behind, path: str) -> None:
    assert behind.http2.get(path).json()["id"] == 1


def sent(behind: Behind, request: str) -> bytes:
    """All that comes back to a request that is written by hand."""
    with (
        socket.create_connection(("127.0.0.1", behind.port), timeout=LIMIT_S) as raw,
        behind.tls.wrap_socket(raw, server_hostname="localhost") as connection,
    ):
        connection.sendall(request.encode())
        return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.mark.parametrize("path", ["/restful", "/rest/../graphql?query={__typename}", "//rest/ping",
                                  "/nowhere", "/.edge/rest/502"])  # fmt: skip
def test_what_is_not_there_is_404_with_a_document(behind: Behind, path: str) -> None:
    # As it is written: httpx would leave the dots out.
    answer = sent(behind, f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"NOT_FOUND" in answer


@PROTOCOLS
def test_other_hosts_are_misdirected(behind: Behind, protocol: str) -> None:
    for path in ("/rest/ping", "/ping"):
        answer = by(behind, protocol).get(path, headers={"Host": "evil.example"})
        assert answer.status_code == 421
        assert "MISDIRECTED" in answer.text


@pytest.mark.parametrize(
    ("asked", "named", "status"),
    [
        ("http://evil.example", "localhost", 421),
        ("HTTPS://evil.example:443", "localhost", 421),
        ("https://localhost:1", "evil.example", 200),
    ],
)
@pytest.mark.parametrize("path", ["/rest/ping", "/ping"])
def test_the_host_of_a_whole_url_is_the_one_that_is_asked(
    behind: Behind, path: str, asked: str, named: str, status: int
) -> None:
    head = f"GET {asked}{path} HTTP/1.1\r\nHost: {named}\r\nConnection: close\r\n\r\n"
    assert sent(behind, head).startswith(b"HTTP/1.1 %d " % status)


@pytest.mark.parametrize("upgrade", ["websocket", "h2c, WebSocket", ",websocket ,"])
def test_a_websocket_may_be_one_of_several_protocols(behind: Behind, upgrade: str) -> None:
    head = f"GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: {upgrade}\r\n"
    answer = sent(behind, f"{head}Connection: close, Upgrade\r\n\r\n")
    assert b"Sec-WebSocket-Key must be" in answer


HEADERS = {
    "Forwarded": "for=192.0.2.1;host=evil.example;proto=http",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "http",
    "X-Script-Name": "/evil",
}


@pytest.mark.parametrize("path", ["/rest/books?limit=1", "/rest/", "/", "/rest/openapi.json"])
def test_no_header_is_believed(behind: Behind, path: str) -> None:
    told, plain = behind.http2.get(path, headers=HEADERS), behind.http2.get(path)
    assert told.content == plain.content
    assert told.headers.get("link") == plain.headers.get("link")


@pytest.mark.parametrize(("origin", "may"), [("own", True), ("https://evil.example", False)])
def test_the_edges_pages_may_call_the_servers(behind: Behind, origin: str, may: bool) -> None:
    sent = behind.url if origin == "own" else origin
    for url in (behind.pair.rest_url, behind.pair.graphql_url):
        answer = behind.direct.get(f"{url}/ping", headers={"Origin": sent})
        assert answer.headers.get("access-control-allow-origin") == (sent if may else None)


@pytest.mark.slow
@PROTOCOLS
def test_many_requests_share_one_connection(behind: Behind, protocol: str) -> None:
    ports = set()
    for _ in range(1_100):  # 1,000 is where nginx would end it by itself
        stream = by(behind, protocol).get("/ping").extensions["network_stream"]
        ports.add(stream.get_extra_info("socket").getsockname()[1])
    assert len(ports) == 1


def test_http_1_0_without_a_host_is_answered(behind: Behind) -> None:
    assert sent(behind, "GET /rest/ping HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")
