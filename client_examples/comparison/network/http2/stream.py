"""The bytes of a connection over TLS, as httpcore reads and writes them."""

import asyncio
import select
import socket
import ssl
from typing import Any, Self

from httpcore import AsyncNetworkStream

from client_examples.clients.http_client import TIMEOUT
from client_examples.comparison.network.metered import Network, tls_trips

ALPN = "h2"  # RFC 9113, 3.1
# A server that speaks none of what is offered may refuse the connection (RFC 7301, 3.2).
_OFFERED = [ALPN, "http/1.1"]


class NotOffered(ConnectionError):
    """The server does not speak HTTP/2 over TLS."""


class Stream(AsyncNetworkStream):
    """A connection for which HTTP/2 was agreed on.

    Attributes:
        trips: the round trips that it took to open.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        # TCP's handshake, then that of TLS.
        self.trips = 1 + tls_trips(writer.get_extra_info("ssl_object").version())

    @classmethod
    async def connect(cls, network: Network, host: str, port: int, trust: ssl.SSLContext) -> Self:
        """Open one to the server.

        Raises:
            OSError: nothing listens there, or its certificate is not trusted.
            TimeoutError: it takes too long.
            NotOffered: it speaks, but not HTTP/2.
        """
        trust.set_alpn_protocols(_OFFERED)
        async with asyncio.timeout(TIMEOUT[0]):
            reader, writer = await asyncio.open_connection(
                *network.dial(host, port), ssl=trust, server_hostname=host
            )
        agreed = writer.get_extra_info("ssl_object").selected_alpn_protocol()
        if agreed != ALPN:
            writer.transport.abort()
            offered = f"{agreed} alone" if agreed else "nothing"
            raise NotOffered(
                None, f"{host}:{port} does not offer HTTP/2: by ALPN it offers {offered}"
            )
        opened = cls(reader, writer)
        network.handshake_trips = opened.trips
        return opened

    def has_news(self) -> bool:
        """Whether the server has sent something unasked, such as that it ends the connection."""
        if self._reader.at_eof() or self._writer.is_closing():
            return True
        connection: socket.socket = self._writer.get_extra_info("socket")
        try:
            return bool(select.select([connection], [], [], 0)[0])
        except (OSError, ValueError):
            return True

    def abort(self) -> None:
        """End it at once."""
        self._writer.transport.abort()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as in httpcore
        """The next bytes, b"" at the end; `TimeoutError` if none come in time (s)."""
        async with asyncio.timeout(timeout):
            return await self._reader.read(max_bytes)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        """Send the bytes; `TimeoutError` if they are not taken in time (s)."""
        if buffer:
            self._writer.write(buffer)
            async with asyncio.timeout(timeout):
                await self._writer.drain()

    async def aclose(self) -> None:
        """End it."""
        self.abort()

    def get_extra_info(self, info: str) -> Any:
        """What asyncio knows of the connection."""
        return self._writer.get_extra_info(info)
