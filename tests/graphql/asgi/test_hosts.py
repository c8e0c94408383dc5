"""Requests for hosts that this server does not answer for, and WebSockets of other sites' pages."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.asgi.middleware import Middleware
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.web.hosts import Hosts
from tests.graphql.client import AppClient

OWN = ["127.0.0.1:8001", "localhost:8001", "LOCALHOST", "[::1]:8001"]
OTHERS = ["evil.example", "evil.example:8001", "127.0.0.1.evil.example", "192.0.2.1"]


@pytest.mark.parametrize("host", OWN)
@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/ping", "/"])
def test_this_machines_names_are_answered(client: AppClient, host: str, path: str) -> None:
    assert client.get(path, host=host).status == 200


@pytest.mark.parametrize("host", OTHERS)
@pytest.mark.parametrize("path", ["/graphql?query={__typename}", "/ping", "/nowhere"])
def test_others_are_misdirected(client: AppClient, host: str, path: str) -> None:
    response = client.get(path, host=host)
    assert response.status == 421
    (error,) = response.json["errors"]
    assert error["extensions"]["code"] == "MISDIRECTED"
    assert "server-timing" in response.headers


@pytest.mark.parametrize("hosts", [("127.0.0.1", "evil.example"), ("127.0.0.1", "127.0.0.1")])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_a_request_has_one_host(client: AppClient, hosts: tuple[str, ...], kind: str) -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": kind, "method": "GET", "path": "/ping"}
    scope["headers"] = [(b"host", host.encode()) for host in hosts]
    asyncio.run(client.app(scope, receive, send))
    if kind == "http":
        assert sent[0]["status"] == 400
        assert b"Host must come once" in sent[1]["body"]
    else:
        assert sent == [{"type": "websocket.close"}]


def test_a_setting_names_more(bookstore: Bookstore) -> None:
    client = AppClient(create_app(Settings(allowed_hosts="shop.example"), bookstore))
    assert client.get("/ping", host="shop.example:8001").status == 200
    assert client.get("/ping", host="evil.example").status == 421


def connected(headers: dict[str, str], **settings: Any) -> bool:
    """Whether a WebSocket comes through to the application."""
    given = Settings(**settings)
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "websocket.accept"})

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "websocket", "http_version": "1.1", "path": "/graphql", "headers": encoded}
    asyncio.run(Middleware(app, given.origins, Hosts(given))(scope, receive, send))
    (message,) = sent  # a close before it is accepted is answered by 403
    return message == {"type": "websocket.accept"}


@pytest.mark.parametrize(
    ("headers", "may"),
    [
        ({"host": "127.0.0.1:8001"}, True),
        ({"host": "evil.example"}, False),
        ({"host": "127.0.0.1:8001", "origin": "http://127.0.0.1:8000"}, True),
        ({"host": "127.0.0.1:8001", "origin": "http://evil.example"}, False),
        ({"host": "127.0.0.1:8001", "origin": "null"}, False),
    ],
)
def test_a_websocket_is_for_own_hosts_and_allowed_origins(
    headers: dict[str, str], may: bool
) -> None:
    assert connected(headers) == may


def test_a_page_of_the_server_itself_may_open_one() -> None:
    headers = {"host": "shop.example", "origin": "https://shop.example"}
    assert connected(headers, allowed_hosts="shop.example")
    assert not connected({**headers, "origin": "https://a.example"}, allowed_hosts="shop.example")
