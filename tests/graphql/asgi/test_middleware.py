"""What happens to every answer: `Server-Timing`, gzip, cross-origin headers, the last resort."""

import asyncio
import logging
import re
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.app import create_app
from graphql_api.asgi.middleware import Middleware
from shared import limits
from shared.config import Settings
from shared.serving.bookstore import Bookstore
from shared.storage.instrumentation import current_timing
from tests.graphql.client import AppClient

OURS = "http://127.0.0.1:8000"
LONG = "{ books(limit: 100) { id title isbn price genre description } }"
TIMING = re.compile(r'total;dur=\d+\.\d\d, db;dur=\d+\.\d\d;desc="\d+ statements?"')


def answering(body: bytes, headers: dict[str, str] | None = None) -> ASGIApp:
    named = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": named})
        await send({"type": "http.response.body", "body": body})

    return app


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/ping"), ("GET", "/"), ("GET", "/nowhere"), ("PUT", "/graphql"), ("HEAD", "/health"),
     ("GET", "/schema.graphql"), ("OPTIONS", "/graphql"), ("GET", "/graphiql/start.js")],
)  # fmt: skip
def test_every_answer_has_what_all_have(client: AppClient, method: str, path: str) -> None:
    headers = client.request(method, path).headers
    assert TIMING.fullmatch(headers["server-timing"])
    assert headers["x-content-type-options"] == "nosniff"
    assert "Accept-Encoding" in headers["vary"]
    assert "Origin" in headers["vary"]


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip", True), ("br, gzip;q=0.1", True), ("*", True), ("", False), ("br", False),
     ("gzip;q=0", False), ("*;q=0.5, gzip;q=0", False)],
)  # fmt: skip
def test_gzip_is_for_those_who_accept_it(
    client: AppClient, accepted: str, compressed: bool
) -> None:
    plain = client.post({"query": LONG})
    response = client.post({"query": LONG}, accept_encoding=accepted)
    assert ("content-encoding" in response.headers) == compressed
    assert response.headers["content-length"] == str(len(response.body))
    assert response.content == plain.body
    assert (len(response.body) < len(plain.body) / 2) == compressed


@pytest.mark.parametrize("size", [limits.GZIP_MINIMUM_BYTES, limits.GZIP_MINIMUM_BYTES + 1])
def test_gzip_is_for_long_bodies(size: int) -> None:
    response = AppClient(Middleware(answering(b"x" * size), [])).get("/", accept_encoding="gzip")
    assert ("content-encoding" in response.headers) == (size > limits.GZIP_MINIMUM_BYTES)


def test_what_is_compressed_already_stays_as_it_is() -> None:
    app = answering(b"x" * 2_000, {"content-encoding": "br"})
    assert AppClient(Middleware(app, [])).get("/", accept_encoding="gzip").body == b"x" * 2_000


def test_a_stream_is_neither_held_back_nor_compressed() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for more in (True, True, False):
            await send({"type": "http.response.body", "body": b"x" * 2_000, "more_body": more})

    response = AppClient(Middleware(app, [])).get("/", accept_encoding="gzip")
    assert response.body == b"x" * 6_000
    assert not response.headers.keys() & {"content-encoding", "server-timing"}
    assert response.headers["x-content-type-options"] == "nosniff"


def test_statements_are_counted_for_each_request_alone() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(int(scope["query_string"])):
            await asyncio.sleep(0)
            current_timing().record(2_000_000, "SELECT 1")
        await answering(b"")(scope, receive, send)

    client = AppClient(Middleware(app, []))

    async def at_once() -> list[int]:
        asked = [client.exchange("GET", f"/?{count}") for count in (3, 1, 2)]
        return [response.statements for response in await asyncio.gather(*asked)]

    assert asyncio.run(at_once()) == [3, 1, 2]
    assert 'db;dur=2.00;desc="1 statement"' in client.get("/?1").headers["server-timing"]


def test_the_pages_of_both_servers_may_read_the_answers(client: AppClient) -> None:
    for origin in (OURS, "http://localhost:8001"):
        headers = client.post({"query": "{ __typename }"}, origin=origin).headers
        assert headers["access-control-allow-origin"] == origin
        exposed = headers["access-control-expose-headers"].split(", ")
        assert {"Server-Timing", "Link", "ETag", "Location"} <= set(exposed)
        assert "access-control-allow-credentials" not in headers


def test_other_pages_may_not(client: AppClient) -> None:
    headers = client.post({"query": "{ __typename }"}, origin="http://example.com").headers
    assert not [name for name in headers if name.startswith("access-control")]


def preflight(client: AppClient, origin: str) -> Any:
    headers = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
    }
    return client.request("OPTIONS", "/graphql", headers=headers)


def test_a_browser_may_ask_first(client: AppClient) -> None:
    response = preflight(client, OURS)
    assert response.status == 204
    assert response.headers["access-control-allow-origin"] == OURS
    assert response.headers["access-control-allow-headers"] == "content-type"
    assert "POST" in response.headers["access-control-allow-methods"]
    refused = preflight(client, "http://example.com")
    assert refused.status == 204
    assert refused.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert not any(name.startswith("access-control-") for name in refused.headers)


def test_a_setting_says_who_else_may(bookstore: Bookstore) -> None:
    others = AppClient(create_app(Settings(cors_origins="https://a.example"), bookstore))
    assert preflight(others, "https://a.example").status == 204
    assert "access-control-allow-origin" not in preflight(others, OURS).headers
    everybody = AppClient(create_app(Settings(cors_origins="*"), bookstore))
    assert preflight(everybody, OURS).headers["access-control-allow-origin"] == "*"


def test_what_breaks_before_its_answer_is_masked(caplog: pytest.LogCaptureFixture) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("a secret of the house")

    with caplog.at_level(logging.ERROR):
        response = AppClient(Middleware(app, [])).get("/")
    assert response.status == 500
    assert response.json["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in response.body.decode()
    assert "server-timing" in response.headers
    assert response.json["errors"][0]["extensions"]["id"] in caplog.text


def test_what_breaks_in_its_answer_is_for_the_server_to_cut_off() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        AppClient(Middleware(app, [])).get("/")


def test_what_the_framework_meets_is_answered_once(
    own_bookstore: Bookstore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: object) -> Any:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr("graphql_api.asgi.meta.check_health", broken)
    with caplog.at_level(logging.ERROR):
        response = AppClient(create_app(Settings(), own_bookstore)).get("/health")
    assert response.status == 500
    assert response.json["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert len(caplog.records) == 1
