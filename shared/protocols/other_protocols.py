"""Clients that speak or ask for something else than HTTP/1.1: HTTP/1.0, and any `Upgrade`."""

from math import inf
from typing import Any

import httptools
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from shared.errors import BookstoreError, MalformedRequest, TooManyStreams
from shared.protocols.at_once import AnswersAtOnce
from shared.protocols.keep_alive import KeepAlive
from shared.protocols.wire_errors import no_handshake
from shared.web.header_lists import tokens


class OtherProtocols(AnswersAtOnce):
    """A connection, of which another protocol than that of WebSockets cannot be asked.

    Args:
        most_sockets: connections of the process that may be WebSockets.
    """

    def __init__(self, *given: Any, most_sockets: float = inf, **named: Any) -> None:
        super().__init__(*given, **named)
        self._most_sockets = most_sockets
        self.comes_anew = False  # its head asked for another protocol, and is parsed again

    def go_on_without(self, piece: bytes | memoryview, parsed: int) -> None:
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
        self.handle_websocket_upgrade()

    def no_socket(self) -> BookstoreError | None:
        """Why this connection cannot become a WebSocket; None if it can."""
        if KeepAlive.is_busy(self):  # what answers would go on writing
            return MalformedRequest(
                "a WebSocket is opened when all earlier requests of its connection are answered"
            )
        sockets = sum(not isinstance(one, KeepAlive) for one in self.connections)
        if sockets >= self._most_sockets:
            return TooManyStreams(
                f"{sockets} WebSockets are open on this server, as many as may be; try again later"
            )
        return no_handshake(self.scope["method"], self.url, self.headers)

    def _head_without_upgrade(self) -> bytes:
        version = self.parser.get_http_version().encode()
        lines = [b"%s %s HTTP/%s" % (self.parser.get_method(), self.url, version)]
        lines += [b"%s: %s" % header for header in self.headers if header[0] != b"upgrade"]
        return b"\r\n".join((*lines, b"", b""))

    def _get_upgrade(self) -> bytes | None:
        """The protocol that a client asks for; uvicorn reads the last `Connection` line alone."""
        options: list[str] = []
        upgrade = None
        for name, value in self.headers:
            if name == b"connection":
                options += tokens(value.decode("latin-1"))
            elif name == b"upgrade":
                upgrade = value.lower()
        return upgrade if "upgrade" in options else None


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
