"""Middleware: what is done with every request and every answer."""

import asyncio
from collections.abc import Iterable, Mapping
from math import inf
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.asgi.responses import (
    errors_response,
    internal_refusal,
    options,
    refusal,
    refuse_socket,
)
from shared import limits
from shared.errors import BookstoreError, RepeatedHeader
from shared.rules.values import shown
from shared.storage.instrumentation import Timing, timing_class
from shared.web.bodies import accepts_gzip, to_gzip, worth_gzip
from shared.web.etags import with_coding
from shared.web.header_lists import tokens
from shared.web.hosts import Hosts
from shared.web.origins import EXPOSED, PREFLIGHT_MAX_AGE_S, Origins
from shared.web.paths import SERVER, without_slash
from shared.web.public_address import PublicAddress
from shared.web.request_headers import joined, require_chunked, require_host

Headers = list[tuple[bytes, bytes]]

_NO_SNIFFING: Final = (b"x-content-type-options", b"nosniff")
VARY: Final = b"Accept-Encoding, Origin"  # and what else the application names
METHODS: Final = "GET, HEAD, POST"
_PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-max-age", b"%d" % PREFLIGHT_MAX_AGE_S),
]


class Middleware:
    """Checks host and origin, adds gzip and `Server-Timing`, and answers unexpected errors.

    It is one layer, which holds back the head of the answer until its body is known; with a layer
    for each, four would do so in turn.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Iterable[str],
        hosts: Hosts | None = None,
        timeout_s: float = inf,
        direct: Mapping[str, ASGIApp] | None = None,
        public: PublicAddress | None = None,
        *,
        traces: bool = False,
    ) -> None:
        """Args:
        direct: applications, by path, that answer HTTP before FastAPI is asked, whose layers and
            routing take as long as a small query.
        public: where a proxy in front has the server.
        traces: whether answers list their SQL statements.
        """
        self._app = app
        self._direct = dict(direct or {})
        self._origins = Origins(origins)
        self._hosts = hosts
        self._timeout_s = timeout_s
        self._public = public
        self._timing = timing_class(traces=traces)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        prefix, path = "", scope["path"]
        if self._public and (below := self._public.without_prefix(path)):
            prefix, path = self._public.prefix, below
        if prefix or path[-1:] == "/":
            scope = {**scope, "root_path": prefix, "path": prefix + without_slash(path)}
        if scope["type"] == "http":
            with self._timing(self._timeout_s) as timing:
                await self._answer(timing, scope, receive, send)
        else:
            await self._connect(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Open a WebSocket, or refuse to."""
        try:
            asked = _each_once(scope)
            self._require_host(scope, asked)
        except BookstoreError as error:
            await refuse_socket(refusal(error), scope, receive, send)
            return
        if self._may_connect(asked):
            await self._app(scope, receive, send)
        else:
            await refuse_socket(_foreign(asked), scope, receive, send)

    async def _answer(self, timing: Timing, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            asked = _each_once(scope)
        except RepeatedHeader as error:
            answer = _Answer(send, dict(scope["headers"]), None, timing)
            await refusal(error)(scope, receive, answer.send)
            return
        allowed = self._allowed_origin(asked)
        answer = _Answer(send, asked, allowed, timing)
        try:
            self._require_host(scope, asked)
            if b"transfer-encoding" in asked:
                require_chunked(asked[b"transfer-encoding"].decode("latin-1"))
        except BookstoreError as error:
            await refusal(error)(scope, receive, answer.send)
            return
        if scope["method"] == "OPTIONS":
            if allowed and _is_preflight(asked):
                await answer.allow()
                return
            if scope["path"] in SERVER:
                await options(f"{METHODS}, OPTIONS")(scope, receive, answer.send)
                return
        try:
            path = scope["path"].removeprefix(scope.get("root_path", ""))
            app = self._direct.get(path, self._app)
            await app(scope, receive, answer.send)
        except Exception as error:
            if answer.is_started and not answer.is_complete:
                raise  # the server then closes the connection, which tells the client
            if not answer.is_started:
                await internal_refusal(error)(scope, receive, answer.send)
            # else the framework has answered it, and raised it again for servers that log

    def _require_host(self, scope: Scope, asked: Mapping[bytes, bytes]) -> None:
        host = asked.get(b"host")
        require_host(host, scope["http_version"])
        if host and self._hosts is not None:
            self._hosts.require(host.decode("latin-1"))

    def _may_connect(self, asked: Mapping[bytes, bytes]) -> bool:
        """Whether a WebSocket may be opened; here browsers leave it to servers to check origins."""
        origin = asked.get(b"origin")
        is_own = origin is not None and origin.partition(b"://")[2] == asked.get(b"host")
        return origin is None or is_own or self._allowed_origin(asked) is not None

    def _allowed_origin(self, asked: Mapping[bytes, bytes]) -> bytes | None:
        origin = asked.get(b"origin")
        if origin is None:
            return None
        allowed = self._origins.allowed(origin.decode("latin-1"))
        return None if allowed is None else allowed.encode("latin-1")


def _each_once(scope: Scope) -> dict[bytes, bytes]:
    """The request's headers by name; in the scope, too, each is then one line.

    Raises:
        RepeatedHeader: one of a single value is there twice.
    """
    asked = dict(scope["headers"])
    if len(asked) < len(scope["headers"]):
        scope["headers"] = joined(scope["headers"])
        asked = dict(scope["headers"])
    return asked


def _foreign(asked: Mapping[bytes, bytes]) -> Response:
    """The answer to the page of another site that would open a WebSocket."""
    rule = f"pages of {shown(asked[b'origin'].decode('latin-1'))} may not open a WebSocket here"
    message = f"{rule}; BOOKSTORE_CORS_ORIGINS names those that may"
    extensions = {"code": "FORBIDDEN", "field": "Origin"}
    return errors_response([{"message": message, "extensions": extensions}], 403, {})


def _is_preflight(asked: Mapping[bytes, bytes]) -> bool:
    return b"access-control-request-method" in asked


class _Answer:
    """Sends one answer, once what its headers depend on is known."""

    __slots__ = ("_allowed", "_asked", "_head", "_send", "_timing", "is_complete", "is_started")

    def __init__(
        self, send: Send, asked: Mapping[bytes, bytes], allowed: bytes | None, timing: Timing
    ) -> None:
        self._send = send
        self._asked = asked
        self._allowed = allowed
        self._timing = timing
        self._head: Message | None = None
        self.is_started = False
        self.is_complete = False

    async def send(self, message: Message) -> None:
        """What the application calls in the place of the server's `send`."""
        if message["type"] == "http.response.start":
            self._head = message
            return
        is_last = not message.get("more_body", False)
        if self._head is not None:
            head, self._head = self._head, None
            self.is_started = True
            if is_last:
                message = await self._whole(head, message)
            head["headers"] = self._headers(head, is_last)
            await self._send(head)
        await self._send(message)
        self.is_complete = is_last

    async def allow(self) -> None:
        """Answer a CORS preflight request."""
        asked = tokens(self._asked.get(b"access-control-request-headers", b"").decode("latin-1"))
        headers = [*_PREFLIGHT]
        if asked:
            headers.append((b"access-control-allow-headers", ", ".join(asked).encode("latin-1")))
        await self.send({"type": "http.response.start", "status": 204, "headers": headers})
        await self.send({"type": "http.response.body"})

    async def _whole(self, head: Message, message: Message) -> Message:
        """The body, compressed where the client can read it and it pays."""
        body = message.get("body", b"")
        if not worth_gzip(body) or b"content-encoding" in dict(head["headers"]):
            return message
        if not accepts_gzip(self._asked.get(b"accept-encoding", b"").decode("latin-1")):
            return message
        if len(body) <= limits.GZIP_ON_LOOP_BYTES:
            compressed = to_gzip(body)
        else:
            compressed = await asyncio.to_thread(to_gzip, body)
        headers = dict(head["headers"])
        headers[b"content-encoding"] = b"gzip"
        headers[b"content-length"] = str(len(compressed)).encode()
        if b"etag" in headers:
            headers[b"etag"] = with_coding(headers[b"etag"].decode("latin-1")).encode("latin-1")
        head["headers"] = [*headers.items()]
        return {**message, "body": compressed}

    def _headers(self, head: Message, is_whole: bool) -> Headers:
        """The application's headers and those of every answer, in one `Vary`."""
        headers, vary = [_NO_SNIFFING], VARY
        for header in head["headers"]:
            if header[0] == b"vary":
                vary = b"%s, %s" % (vary, header[1])
            else:
                headers.append(header)
        headers.append((b"vary", vary))
        if self._allowed:
            headers += [
                (b"access-control-allow-origin", self._allowed),
                (b"timing-allow-origin", self._allowed),
                (b"access-control-expose-headers", EXPOSED.encode()),
            ]
        if is_whole:  # of a stream nobody knows yet what it will have cost
            told = self._timing.headers()
            headers += [(name.lower().encode(), value.encode()) for name, value in told]
        return headers
