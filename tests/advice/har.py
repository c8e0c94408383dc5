"""Makes recordings as browsers and proxies write them: HAR 1.2."""

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

API = "https://api.example.com"
BEGAN = datetime(2024, 5, 1, 12, tzinfo=UTC)
CONNECTED_MS = 40.0  # a round trip, as opening a connection tells it


class Recording:
    """Entries in the order in which they are added; times are ms since the recording began."""

    def __init__(self, version: str = "HTTP/1.1") -> None:
        self.version = version
        self.entries: list[dict[str, Any]] = []
        self.pages: list[dict[str, Any]] | None = None
        self.now = 0.0  # the end of the last call

    def call(
        self,
        path: str,
        answer: Any = None,
        *,
        at: float | None = None,
        took: float = 50.0,
        method: str = "GET",
        sent: Any = None,
        status: int = 200,
        headers: dict[str, str] | None = None,
        asked: dict[str, str] | None = None,
        kind: str = "application/json",
        timings: dict[str, float] | None = None,
        relative: bool = False,
        **more: Any,
    ) -> dict[str, Any]:
        """Add a call, by default as soon as the one before it has ended."""
        start = self.now + 2 if at is None else at
        self.now = max(self.now, start + took)
        text = answer if isinstance(answer, str) else json.dumps(answer, separators=(",", ":"))
        size = len(text.encode())
        url = path if "://" in path or relative else API + path
        request = self._request(method, url, asked or {}, sent)
        told = {"content-type": kind, "content-encoding": "br", "etag": '"1"'}
        told = told if headers is None else headers
        entry = {
            "startedDateTime": moment(start),
            "time": took,
            "request": request,
            "response": {
                "status": status,
                "statusText": "",
                "httpVersion": self.version,
                "cookies": [],
                "headers": [{"name": n, "value": v} for n, v in told.items()],
                "content": {"size": size, "mimeType": kind, "text": text},
                "redirectURL": "",
                "headersSize": 200,
                "bodySize": size,
            },
            "cache": {},
            "timings": {"blocked": 0, "connect": -1, "send": 0, "wait": took - 1, "receive": 1}
            | (timings or {}),
            **more,
        }
        self.entries.append(entry)
        return entry

    def _request(self, method: str, url: str, headers: dict[str, str], sent: Any) -> dict[str, Any]:
        request: dict[str, Any] = {
            "method": method,
            "url": url,
            "httpVersion": self.version,
            "cookies": [],
            "headers": [{"name": n, "value": v} for n, v in headers.items()],
            "queryString": [],
            "headersSize": 300,
            "bodySize": 0,
        }
        if sent is not None:
            body = sent if isinstance(sent, str) else json.dumps(sent)
            request["postData"] = {"mimeType": "application/json", "text": body}
            request["bodySize"] = len(body)
        return request

    def page(self, url: str = f"{API}/", **more: Any) -> dict[str, Any]:
        """Add the document of a page, for which a connection is opened."""
        return self.call(
            url, "<html></html>", kind="text/html; charset=utf-8",
            timings={"connect": CONNECTED_MS, "ssl": -1}, **more,
        )  # fmt: skip

    def graphql(
        self, document: str, answer: Any = None, variables: Any = None, **more: Any
    ) -> dict[str, Any]:
        """Add a GraphQL operation."""
        sent = {"query": document, "variables": variables or {}}
        return self.call("/graphql", {"data": answer}, method="POST", sent=sent, **more)

    @property
    def har(self) -> dict[str, Any]:
        log: dict[str, Any] = {"version": "1.2", "creator": {"name": "test", "version": "1"}}
        if self.pages is not None:
            log["pages"] = self.pages
        return {"log": log | {"entries": self.entries}}

    def write(self, file: Path) -> Path:
        """Write it; packed, if the name ends in `.gz`."""
        text = json.dumps(self.har).encode()
        file.write_bytes(gzip.compress(text) if file.suffix == ".gz" else text)
        return file


def moment(ms: float) -> str:
    """A time as recorders write it."""
    return (BEGAN + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")


def in_base64(entry: dict[str, Any]) -> None:
    """Have the answer's body as recorders write what they take for binary."""
    content = entry["response"]["content"]
    content["text"] = base64.b64encode(content["text"].encode()).decode()
    content["encoding"] = "base64"
