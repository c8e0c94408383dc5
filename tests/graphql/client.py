"""Calls an ASGI application as a server would, without one."""

import asyncio
import json
from collections.abc import Iterable
from typing import Any

from starlette.types import ASGIApp, Message

from tests.exchange import Response

JSON = {"content-type": "application/json"}
HOST = {"host": "127.0.0.1:8001"}


class AppClient:
    """Each request has an event loop of its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    def request(
        self,
        method: str,
        path: str,
        chunks: Iterable[bytes] = (b"",),
        headers: dict[str, str] | None = None,
    ) -> Response:
        """The answer to a request whose body comes in chunks."""
        return asyncio.run(self.exchange(method, path, chunks, headers))

    async def exchange(
        self,
        method: str,
        path: str,
        chunks: Iterable[bytes] = (b"",),
        headers: dict[str, str] | None = None,
    ) -> Response:
        """As `request`, on the event loop that runs."""
        sent: list[Message] = []
        left = list(chunks)

        async def receive() -> Message:
            if not left:
                return {"type": "http.disconnect"}
            chunk = left.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(left)}

        async def send(message: Message) -> None:
            sent.append(message)

        await self.app(_scope(method, path, headers or {}), receive, send)
        if not sent:
            return Response(0, {}, b"")
        head, *body = sent
        named = {name.decode(): value.decode() for name, value in head["headers"]}
        return Response(head["status"], named, b"".join(m.get("body", b"") for m in body))

    def get(self, path: str, **headers: str) -> Response:
        """GET; header names have underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", path, headers=named)

    def post(self, body: Any, path: str = "/graphql", **headers: str) -> Response:
        """POST of a JSON body."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, [json.dumps(body).encode()], {**JSON, **named})

    def ask(self, query: str, path: str = "/graphql", **variables: Any) -> Response:
        """The answer to a query."""
        return self.post({"query": query, "variables": variables}, path)

    def data(self, query: str, path: str = "/graphql", **variables: Any) -> Any:
        """The data of a query that meets with no error."""
        response = self.ask(query, path, **variables)
        assert "errors" not in response.json, response
        return response.json["data"]

    def error(self, query: str, path: str = "/graphql", **variables: Any) -> dict[str, Any]:
        """The one error of a query."""
        response = self.ask(query, path, **variables)
        assert response.status == 200, response
        (error,) = response.json["errors"]
        assert isinstance(error, dict)
        return error


def _scope(method: str, path: str, headers: dict[str, str]) -> dict[str, Any]:
    path, _, query = path.partition("?")
    headers = {**HOST, **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "server": ("127.0.0.1", 8001),
        "client": ("127.0.0.1", 50_000),
    }
