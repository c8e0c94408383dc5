"""One connection to a server over HTTP/2, beneath sessions of `requests`.

The library is httpcore, httpx's own transport: httpx itself would add its redirects, cookies and
decoding to those of `requests`, which are the same here as over HTTP/1.1.
"""

import asyncio
import io
import ssl
from collections.abc import Mapping
from email.message import Message
from http.client import responses
from typing import Any
from urllib.parse import urlsplit

import h2.exceptions
import httpcore
import requests
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPHeaderDict, HTTPResponse

from client_examples.clients.addresses import is_on
from client_examples.clients.http_client import TIMEOUT
from client_examples.clients.time_limit import remaining_s
from client_examples.comparison.network.connections import Connections, MeteredConnections
from client_examples.comparison.network.http2.event_loop import EventLoop
from client_examples.comparison.network.http2.stream import Stream
from client_examples.comparison.network.metered import Network
from client_examples.comparison.network.wire import Wire

_VERSION = 20  # as urllib3 has it: 11 is HTTP/1.1
_OF_HTTP1 = {
    b"host",
    b"connection",
    b"keep-alive",
    b"proxy-connection",
    b"transfer-encoding",
    b"upgrade",
}


class Http2Connections(HTTPAdapter, Connections):
    """One connection to a server, over which as many exchanges are under way as are asked for.

    Args:
        network: what lies between.
        loop: what the connection belongs to; waits for answers.
    """

    def __init__(self, network: Network, loop: EventLoop) -> None:
        super().__init__()
        self._network = network
        self._loop = loop
        self._verify: bool | str = True
        self._trust: ssl.SSLContext | None = None
        self._url = ""
        self._connection: httpcore.AsyncHTTP2Connection | None = None
        self._stream: Stream | None = None
        self._opening = asyncio.Lock()
        self._trips = 0  # of a new connection, until an exchange has taken them over
        self._elsewhere: MeteredConnections | None = None

    def open_all(self, url: str, verify: bool | str) -> None:
        """Open the connection; `OSError` where that fails."""
        self._url, self._verify = url, verify
        self.open_again()

    def open_again(self, *, to_count: bool = False) -> None:
        """Open the connection unless it is open and whole, which no exchange is to wait for.

        A server says in its first frames how much may be under way at once, and httpcore sends one
        request until it has. So a first answer, whatever it says, is waited for here.
        """
        if self._stream is not None and not self._stream.has_news():
            return
        self.close_all()
        asked = requests.Request("GET", self._url).prepare()
        self._loop.wait_for(self._exchange(asked, Wire(), TIMEOUT[1]))
        self._trips = 0  # no exchange's own

    def close_all(self) -> None:
        """Close the connection, so that the next exchange has to open one."""
        if self._stream is not None:
            self._stream.abort()
        self._connection = self._stream = None

    def close(self) -> None:
        """Close the connection."""
        self.close_all()
        if self._elsewhere is not None:
            self._elsewhere.close()

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: bool | str | None = True,
        cert: Any = None,
        proxies: Mapping[str, str] | None = None,
    ) -> Response:
        """The server's answer, as the adapters of `requests` give it.

        Raises:
            requests.ConnectionError: the connection could not be opened, or ended.
            requests.Timeout: no whole answer came in time.
        """
        if not is_on(self._url, str(request.url)):
            return self._send_elsewhere(request, stream, timeout, verify, cert, proxies)
        read_s = timeout[1] if isinstance(timeout, tuple) else timeout
        wire = Wire(protocol="http2")
        try:
            self._network.begin()
            in_time = self._in_time(request, wire, read_s, remaining_s())
            answer = self._loop.wait_for(in_time)
        except TimeoutError as error:
            raise requests.Timeout(error, request=request) from error
        except ssl.SSLError as error:
            raise requests.exceptions.SSLError(error, request=request) from error
        except (OSError, httpcore.ProtocolError, h2.exceptions.H2Error) as error:
            raise requests.ConnectionError(error, request=request) from error
        wire.connection_trips, self._trips = self._trips, 0
        return self.build_response(request, answer)

    def _send_elsewhere(self, *arguments: Any) -> Response:
        """The answer of another server, over HTTP/1.1."""
        if self._elsewhere is None:
            self._elsewhere = MeteredConnections(self._network)
        # By a thread: waiting for it here would hold up all else that is under way.
        return self._loop.wait_for(asyncio.to_thread(self._elsewhere.send, *arguments))

    async def _in_time(
        self, request: PreparedRequest, wire: Wire, read_s: float | None, limit_s: float | None
    ) -> HTTPResponse:
        """The answer, within what is left of the whole call's time."""
        async with asyncio.timeout(limit_s):
            return await self._exchange(request, wire, read_s)

    async def _exchange(
        self, request: PreparedRequest, wire: Wire, read_s: float | None
    ) -> HTTPResponse:
        body = request.body or b""
        content = body.encode() if isinstance(body, str) else body
        assert isinstance(content, bytes)
        sent = httpcore.Request(
            str(request.method),
            str(request.url),
            headers=_headers(request),
            content=content,
            extensions={"timeout": {"read": read_s, "write": read_s}},
        )
        wire.sent_body = len(content)
        while True:
            connection = await self._open()
            try:
                answer = await connection.handle_async_request(sent)
            except httpcore.ConnectionNotAvailable:
                continue  # it takes no more requests, and has not taken this one
            encoded = await answer.aread()
            await answer.aclose()
            wire.received = len(encoded)
            return _answer(answer, encoded, wire, request)

    async def _open(self) -> httpcore.AsyncHTTP2Connection:
        """The connection, which is opened by whoever needs it first."""
        async with self._opening:
            if self._connection is None or not self._connection.is_available():
                if self._trust is None:
                    authorities = DEFAULT_CA_BUNDLE_PATH if self._verify is True else self._verify
                    self._trust = ssl.create_default_context(cafile=str(authorities))
                parts = urlsplit(self._url)
                host, port = str(parts.hostname), parts.port or 443
                self._stream = await Stream.connect(self._network, host, port, self._trust)
                origin = httpcore.URL(self._url).origin
                self._connection = httpcore.AsyncHTTP2Connection(origin, self._stream)
                self._trips = self._stream.trips
            return self._connection


def _headers(request: PreparedRequest) -> list[tuple[bytes, bytes]]:
    """Those of the request, without what belongs to HTTP/1.1 alone (RFC 9113, 8.2.2)."""
    host = request.headers.get("Host") or urlsplit(str(request.url)).netloc
    given = [(name, value) for name, value in request.headers.items() if not _is_of_http1(name)]
    return [(_bytes(name), _bytes(value)) for name, value in [("Host", host), *given]]


def _is_of_http1(name: str | bytes) -> bool:
    return _bytes(name).lower() in _OF_HTTP1


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _answer(
    answer: httpcore.Response, encoded: bytes, wire: Wire, request: PreparedRequest
) -> HTTPResponse:
    """The answer as urllib3 has it, still encoded: `requests` decodes both kinds alike."""
    headers = HTTPHeaderDict()
    for name, value in answer.headers:
        headers.add(name.decode("latin-1"), value.decode("latin-1"))
    return HTTPResponse(
        body=io.BytesIO(encoded),
        headers=headers,
        status=answer.status,
        version=_VERSION,
        reason=responses.get(answer.status),
        preload_content=False,
        original_response=_Original(headers, wire),  # type: ignore[arg-type]  # what is used of it
        request_method=request.method,
        request_url=request.url,
    )


class _Original:
    """What `requests` looks for its cookies in, and this program for its bytes."""

    def __init__(self, headers: HTTPHeaderDict, wire: Wire) -> None:
        self.wire = wire
        self.msg = Message()
        for name, value in headers.iteritems():
            self.msg.add_header(name, value)

    def isclosed(self) -> bool:
        """It was read whole."""
        return True

    def close(self) -> None:
        """There is nothing to close."""
