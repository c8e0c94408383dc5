"""Plain HTTP over the standard library, so that nothing of the project's own is in between."""

import gzip
import json
import re
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any
from urllib.parse import urlencode, urlsplit

from urllib3.util import wait_for_read

from tests.waiting import LIMIT_S

TIMEOUT_S = LIMIT_S
_STATEMENTS = re.compile(r'desc="(\d+) statements?"')


@dataclass(frozen=True)
class Response:
    """A response as it came; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The body without its content coding."""
        if self.headers.get("content-encoding") == "gzip":
            return gzip.decompress(self.body)
        return self.body

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.content)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip()

    @property
    def statements(self) -> int:
        """Database statements that the answer took, by its `Server-Timing`."""
        found = _STATEMENTS.search(self.headers.get("server-timing", ""))
        assert found, f"no statements in Server-Timing: {self.headers.get('server-timing')!r}"
        return int(found[1])

    def __str__(self) -> str:
        return f"{self.status} {self.content[:500].decode(errors='replace')}"


def together(answer: HTTPResponse) -> dict[str, str]:
    """The headers by name in lower case, the lines of one with commas between them."""
    return {n.lower(): ", ".join(answer.headers.get_all(n, [])) for n in answer.headers}


class Client:
    """Sends requests to one server; each thread has a connection of its own that is kept."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        parts = urlsplit(base_url)
        assert parts.hostname
        assert parts.port
        self._address = (parts.hostname, parts.port)
        self._local = threading.local()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        json_body: Any = None,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """One exchange. An iterable body goes in chunks, without a Content-Length."""
        if query:
            # A lone surrogate cannot be encoded: it goes as the bytes that CESU would have.
            text = urlencode(query, encoding="utf-8", errors="surrogatepass")
            path = f"{path}?{text}"
        sent = dict(headers or {})
        if json_body is not None:
            body = json.dumps(json_body).encode()
            sent.setdefault("Content-Type", "application/json")
        chunked = body is not None and not isinstance(body, bytes)
        connection = self._connection()
        try:
            with suppress(BrokenPipeError):  # the server need not read all of it to answer
                connection.request(method, path, body=body, headers=sent, encode_chunked=chunked)
            answer = connection.getresponse()
            response = Response(
                answer.status,
                together(answer),
                answer.read(),
            )
        except BaseException:
            self.close()
            raise
        if answer.will_close:
            self.close()
        return response

    def get(self, path: str, **query: Any) -> Response:
        """GET with query parameters."""
        return self.request("GET", path, query=query)

    def post(self, path: str, json_body: Any) -> Response:
        """POST of a JSON body."""
        return self.request("POST", path, json_body=json_body)

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def _connection(self) -> HTTPConnection:
        connection: HTTPConnection | None = getattr(self._local, "connection", None)
        if connection is not None and connection.sock is not None:
            # Something to read before anything was asked: the server has closed it meanwhile.
            if not wait_for_read(connection.sock, 0):
                return connection
            connection.close()
        connection = self._local.connection = HTTPConnection(*self._address, timeout=TIMEOUT_S)
        return connection
