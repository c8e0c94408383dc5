"""A connection with TLS that is only opened: what its handshakes take, from nothing or resumed."""

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from client_examples.clients.http_client import TIMEOUT
from client_examples.comparison.network.metered import tls_trips
from client_examples.comparison.network.relay import Relay

_TICKETS_S = 0.5  # for the server's session tickets, which come after the handshake


@dataclass(frozen=True)
class Opened:
    """What a connection took to open; with its session, None where the server gives none."""

    trips: int
    is_resumed: bool
    sent_bytes: int
    received_bytes: int
    session: ssl.SSLSession | None


def opened(
    relay: Relay, url: str, trust: ssl.SSLContext, session: ssl.SSLSession | None = None
) -> Opened:
    """Open a connection through the relay, which counts its bytes, and close it.

    Args:
        relay: what lies between.
        url: the server's address, https.
        trust: the same for a session and for what resumes it.
        session: of an earlier connection, to be resumed if the server agrees.

    Raises:
        OSError: nothing answers there, or its certificate is not trusted.
    """
    parts = urlsplit(url)
    host = str(parts.hostname)
    address = relay.to(host, parts.port or 443)
    relay.reset()
    with (
        socket.create_connection(address, TIMEOUT[0]) as plain,
        trust.wrap_socket(plain, server_hostname=host, session=session) as connection,
    ):
        trips = 1 + tls_trips(connection.version())
        connection.settimeout(_TICKETS_S)
        with suppress(OSError):  # a server that says nothing unasked beyond its tickets
            connection.recv(1)
        passed = relay.counted()
        return Opened(
            trips,
            bool(connection.session_reused),
            passed.up_bytes,
            passed.down_bytes,
            connection.session,
        )
