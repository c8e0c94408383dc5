"""A proxy in front has the server at another address, perhaps below a prefix."""

from typing import Any

import pytest

from graphql_api.app import create_app
from graphql_api.asgi import graphiql
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from tests.graphql.asgi.test_hosts import connected
from tests.graphql.client import AppClient
from tests.graphql.process import Start
from tests.streams import socket_to

URL = "https://localhost:8443"
EDGE: dict[str, Any] = {"rest_public_url": f"{URL}/rest", "graphql_public_url": URL}
BELOW: dict[str, Any] = {**EDGE, "graphql_public_url": f"{URL}/api"}


@pytest.fixture(scope="module")
def below(bookstore: Bookstore) -> AppClient:
    """A server that a proxy has at https://localhost:8443/api."""
    return AppClient(create_app(Settings(**BELOW), bookstore))


@pytest.mark.parametrize("prefix", ["", "/api"])
@pytest.mark.parametrize(
    ("path", "part"),
    [("/graphql?query={__typename}", b"Query"), ("/graphql/unbatched?query={__typename}", b"Query"),
     ("/ping", b"ok"), ("/health", b"ok"), ("/schema.graphql", b"type Query")],
)  # fmt: skip
def test_it_answers_with_the_prefix_and_without(
    below: AppClient, prefix: str, path: str, part: bytes
) -> None:
    response = below.get(prefix + path)
    assert response.status == 200
    assert part in response.content


@pytest.mark.parametrize("path", ["/api/nowhere", "/apiary", "/api/api/ping", "//api/ping"])
def test_what_is_not_there_is_named_as_it_was_asked_for(below: AppClient, path: str) -> None:
    response = below.get(path)
    assert response.status == 404
    start = "/api/" if path.startswith("/api/") else "/"
    (error,) = response.json["errors"]
    assert error["message"] == f"there is nothing at {path}; {start} names what there is"


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_graphiqls_files_are_below_the_prefix(
    below: AppClient, prefix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graphiql, "INSTALLED", {})  # npm's need not be there
    page = below.get(f"{prefix}/graphql/planned", accept="text/html").content.decode()
    files = [part.partition('"')[0] for part in page.replace("src=", "href=").split('href="')[1:]]
    named = [file for file in files if not file.startswith("data:")]
    assert named
    assert all(file.startswith(f"{prefix}/graphiql/") for file in named)
    assert below.get(f"{prefix}/graphiql/start.js").status == 200


@pytest.mark.parametrize(
    ("settings", "path", "host", "is_public"),
    [
        (EDGE, "/", "localhost:8443", True),
        (EDGE, "/", "127.0.0.1:8443", True),
        (EDGE, "/", "127.0.0.1:8001", False),
        (BELOW, "/api/", "127.0.0.1:8001", True),
        (BELOW, "/api", "127.0.0.1:8001", True),
        (BELOW, "/", "localhost:8443", False),
    ],
)
def test_the_start_page_leads_by_the_same_way(
    bookstore: Bookstore, settings: dict[str, Any], path: str, host: str, is_public: bool
) -> None:
    given = Settings(**settings)
    client = AppClient(create_app(given, bookstore))
    shown = client.get(path, host=host).json
    assert shown["rest"]["books"].startswith(f"{URL}/rest/" if is_public else given.rest_url)
    graphql = given.graphql_public_url if is_public else given.graphql_url
    assert shown["graphql"]["graphiql"] == f"{graphql}/graphql"
    page = client.get(path, host=host, accept="text/html").content.decode()
    assert f'href="{graphql}/graphql"' in page


@pytest.mark.parametrize(
    "header", ["forwarded", "x_forwarded_host", "x_forwarded_prefix", "x_forwarded_proto"]
)
@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/nowhere"])
def test_no_header_is_believed(below: AppClient, header: str, path: str) -> None:
    value = "host=evil.example" if header == "forwarded" else "/evil"
    assert below.get(path, **{header: value}).body == below.get(path).body


def test_a_websocket_may_be_opened_by_the_public_pages() -> None:
    headers = {"host": "127.0.0.1:8001", "origin": URL}
    assert connected(headers, **BELOW)
    assert not connected(headers)
    assert not connected({**headers, "origin": "https://evil.example"}, **BELOW)


def test_a_websocket_is_opened_below_the_prefix_too(start: Start) -> None:
    server = start(books=30, **BELOW)
    for prefix in ("", "/api"):
        with socket_to(server.client.base_url + prefix, origin=URL) as opened:
            opened.start("{ book(id: 1) { id } }")
            assert opened.receive()["type"] == "next"
