"""What happens to every request and answer, whatever the application makes of it."""

from collections.abc import Iterable, Mapping
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.answers import internal_refusal
from shared.bodies import accepts_gzip, to_gzip, worth_gzip
from shared.instrumentation import Timing, start_timing

Headers = list[tuple[bytes, bytes]]

ON_EVERY_ANSWER: Final[Headers] = [
    (b"vary", b"Accept-Encoding, Origin"),
    (b"x-content-type-options", b"nosniff"),
]
EXPOSED: Final = b"Server-Timing, Link, ETag, Location"  # besides what browsers always show
_PREFLIGHT: Final[Headers] = [
    (b"access-control-allow-methods", b"GET, HEAD, POST"),
    (b"access-control-max-age", b"600"),
]


class Edge:
    """Cross-origin rules, gzip, `Server-Timing`, and the last resort for errors.

    One layer that holds the head of the answer until its body is known, where one layer for
    each would hold it and hand it on four times. What is to answer in front of the framework
    has its place right behind it.
    """

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._origins = frozenset(origin.encode() for origin in origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        timing = start_timing()
        asked = dict(scope["headers"])
        allowed = self._allowed_origin(asked)
        answer = _Answer(send, asked, allowed, timing)
        if allowed and scope["method"] == "OPTIONS" and _is_preflight(asked):
            await answer.allow()
            return
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:
            if answer.is_started and not answer.is_complete:
                raise  # the server then closes the connection, which tells the client
            if not answer.is_started:
                await internal_refusal(error)(scope, receive, answer.send)
            # else the framework has answered it, and raised it again for servers that log

    def _allowed_origin(self, asked: Mapping[bytes, bytes]) -> bytes | None:
        origin = asked.get(b"origin")
        if origin is None or not self._origins:
            return None
        if b"*" in self._origins:
            return b"*"
        return origin if origin in self._origins else None


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
                message = self._whole(head, message)
            head["headers"] = [*head["headers"], *self._headers(is_last)]
            await self._send(head)
        await self._send(message)
        self.is_complete = is_last

    async def allow(self) -> None:
        """Answer a browser that asks whether it may send a request to another origin."""
        asked = self._asked.get(b"access-control-request-headers")
        headers = [*_PREFLIGHT, *([(b"access-control-allow-headers", asked)] if asked else ())]
        await self.send({"type": "http.response.start", "status": 204, "headers": headers})
        await self.send({"type": "http.response.body"})

    def _whole(self, head: Message, message: Message) -> Message:
        """The body, compressed where the client can read it and it pays."""
        body = message.get("body", b"")
        if not worth_gzip(body) or b"content-encoding" in dict(head["headers"]):
            return message
        if not accepts_gzip(self._asked.get(b"accept-encoding", b"").decode("latin-1")):
            return message
        compressed = to_gzip(body)
        head["headers"] = [
            *(header for header in head["headers"] if header[0] != b"content-length"),
            (b"content-encoding", b"gzip"),
            (b"content-length", str(len(compressed)).encode()),
        ]
        return {**message, "body": compressed}

    def _headers(self, is_whole: bool) -> Headers:
        headers = [*ON_EVERY_ANSWER]
        if self._allowed:
            headers += [
                (b"access-control-allow-origin", self._allowed),
                (b"access-control-expose-headers", EXPOSED),
            ]
        if is_whole:  # of a stream nobody knows yet what it will have cost
            headers.append((b"server-timing", self._timing.header().encode()))
        return headers
