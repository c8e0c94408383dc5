"""Clients that speak or ask for something else than HTTP/1.1: HTTP/1.0, and any `Upgrade`."""

import asyncio
import base64
import binascii
from collections.abc import Sequence
from math import inf
from typing import Any, Final, cast

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle
from websockets.exceptions import InvalidHeaderFormat
from websockets.headers import parse_extension, parse_subprotocol
from websockets.http11 import MAX_LINE_LENGTH

from shared.errors import HeadTooLarge, MalformedRequest, TooManyStreams, UnknownVersion
from shared.protocols.at_once import AnswersAtOnce
from shared.protocols.keep_alive import KeepAlive
from shared.protocols.wire_errors import SOCKET_VERSION
from shared.rules.values import shown
from shared.web.header_lists import elements, tokens
from shared.web.request_headers import body_length, joined

_PROTOCOL: Final = b"websocket"
_KEY_BYTES: Final = 16
_LISTS: Final = {
    b"sec-websocket-extensions": (
        "Sec-WebSocket-Extensions",
        parse_extension,
        "names with parameters, as in permessage-deflate; client_max_window_bits",
    ),
    b"sec-websocket-protocol": (
        "Sec-WebSocket-Protocol",
        parse_subprotocol,
        "names with commas between them, as in graphql-transport-ws",
    ),
}
_OF_BODY: Final = (b"content-length", b"transfer-encoding")


class OtherProtocols(AnswersAtOnce):
    """A connection, of which another protocol than that of WebSockets cannot be asked.

    Args:
        most_sockets: connections of the process that may be WebSockets.
    """

    def __init__(self, *given: Any, most_sockets: float = inf, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most_sockets = most_sockets
        self.comes_anew = False  # its head asked for another protocol, and is parsed again

    def go_on_without(self, piece: bytes, parsed: int) -> None:
        """Go on with what follows an `Upgrade`, which the parser takes for another protocol.

        Of those there is only that of WebSockets here; a server ignores any other (RFC 9110, 7.8),
        and so does a new parser, which is not told of it.
        """
        while self.comes_anew:
            piece = self._head_without_upgrade() + piece[parsed:]
            self.parser = httptools.HttpRequestParser(self)
            try:
                self.parser.feed_data(piece)
            except httptools.HttpParserUpgrade as upgrade:
                parsed = upgrade.args[0]
            else:
                return
        behind = piece[parsed:] + self._unfed[self._at :]  # of a client that does not wait
        self.handle_websocket_upgrade()
        protocol = self.transport.get_protocol()
        if behind and protocol is not self:
            cast("asyncio.Protocol", protocol).data_received(behind)

    def prepare_socket(self) -> None:
        """Make this connection ready to become a WebSocket.

        Raises:
            BookstoreError: it cannot.
        """
        if KeepAlive.is_busy(self):  # what answers would go on writing
            raise MalformedRequest(
                "a WebSocket is opened when all earlier requests of its connection are answered"
            )
        sockets = sum(not isinstance(one, KeepAlive) for one in self.connections)
        if sockets >= self._most_sockets:
            raise TooManyStreams(
                f"{sockets} WebSockets are open on this server, as many as may be; try again later"
            )
        self.headers[:] = handshake(self.scope["method"], self.url, self.headers)

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def _get_upgrade(self) -> bytes | None:
        """That of WebSockets, if a client asks for it, perhaps beside others (RFC 9110, 7.8).

        uvicorn reads the last line of `Connection` alone, and one protocol. HTTP/1.0 has none.
        """
        if self.parser.get_http_version() < "1.1":
            return None
        options: list[str] = []
        protocols: list[str] = []
        for name, value in self.headers:
            if name == b"connection":
                options += tokens(value.decode("latin-1"))
            elif name == b"upgrade":
                protocols += tokens(value.decode("latin-1"))
        asks = "upgrade" in options and _PROTOCOL.decode() in protocols
        return _PROTOCOL if asks else None


def answer_until_close(cycle: RequestResponseCycle) -> None:
    """Send an answer without its length until the connection closes, and nothing before it.

    So HTTP/1.0 has it; chunks and `100 Continue` are of HTTP/1.1, and uvicorn sends them to all
    clients (RFC 9112, 6.1; RFC 9110, 15.2).
    """
    send = cycle.send

    async def send_unchunked(message: Any) -> None:
        if message["type"] == "http.response.body":  # uvicorn compares them
            cycle.expected_content_length = len(message.get("body", b""))
        await send(message)

    cycle.waiting_for_100_continue = False
    cycle.chunked_encoding = False
    cycle.send = send_unchunked  # type: ignore[method-assign]


def close_if_refused(cycle: RequestResponseCycle) -> None:
    """Close the connection after an answer that refuses a body which has not come whole.

    A client that waits for leave to send it, and is answered without, need not send it: its next
    request would be taken for it (RFC 9110, 10.1.1).
    """
    send = cycle.send

    async def send_last(message: Any) -> None:
        if cycle.more_body and (cycle.waiting_for_100_continue or message.get("status", 0) >= 400):
            cycle.keep_alive = False
        await send(message)

    cycle.send = send_last  # type: ignore[method-assign]


def handshake(
    method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]]
) -> list[tuple[bytes, bytes]]:
    """The headers of a WebSocket's handshake as the library takes them (RFC 6455, 4.2.1).

    Each comes once, and lists have no empty elements (RFC 9110, 5.6.1), which it refuses; what it
    refuses, it answers with a line of text.

    Raises:
        RepeatedHeader: a header of a single value comes twice.
        UnknownVersion: it is of another version.
        HeadTooLarge: it has a longer line than the library reads.
        MalformedRequest: it is no handshake.
    """
    given = {name: value.decode("latin-1") for name, value in joined(headers)}
    if (
        method != "GET"
        or b"transfer-encoding" in given
        or body_length(given.get(b"content-length", ""))
    ):
        raise MalformedRequest("a WebSocket is opened by a GET without a body")
    _require_key(given.get(b"sec-websocket-key", ""))
    version = given.get(b"sec-websocket-version")
    if version != SOCKET_VERSION:
        got = "none" if version is None else shown(version)
        rule = f"Sec-WebSocket-Version must be {SOCKET_VERSION}, got {got}"
        raise UnknownVersion(rule, field="Sec-WebSocket-Version")
    longest = max(len(name) + len(value) + 4 for name, value in given.items())
    if max(longest, len(target) + len(b"GET  HTTP/1.1\r\n")) > MAX_LINE_LENGTH:
        raise HeadTooLarge(
            f"a line of a WebSocket's handshake must have at most {MAX_LINE_LENGTH:,} bytes"
        )
    given[b"connection"], given[b"upgrade"] = "Upgrade", _PROTOCOL.decode()
    for name in _LISTS.keys() & given.keys():
        given[name] = _list_of(name, given[name])
    return [
        (name, value.encode("latin-1"))
        for name, value in given.items()
        if name not in _OF_BODY and (value or name not in _LISTS)
    ]


def _require_key(key: str) -> None:
    try:
        is_key = len(base64.b64decode(key, validate=True)) == _KEY_BYTES
    except (ValueError, binascii.Error):
        is_key = False
    if not is_key:
        rule = f"must be {_KEY_BYTES} bytes in base64, got {shown(key) if key else 'none'}"
        raise MalformedRequest(f"Sec-WebSocket-Key {rule}", field="Sec-WebSocket-Key")


def _list_of(name: bytes, text: str) -> str:
    """The list without empty elements; empty if it has no others."""
    title, parse, wanted = _LISTS[name]
    joint = ", ".join(elements(text))
    try:
        if joint:
            parse(joint)
    except InvalidHeaderFormat:
        raise MalformedRequest(
            f"{title} must be {wanted}, got {shown(text)}", field=title
        ) from None
    return joint
