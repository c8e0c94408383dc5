"""A subscription over a WebSocket: the protocol graphql-transport-ws, counted at the socket.

The protocol: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
"""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from websockets import ClientProtocol, Subprotocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from client_examples.clients.api_errors import BadAnswer, GraphqlError, ProblemError, Unreachable
from client_examples.clients.http_client import TIMEOUT, new_session, reason_of
from client_examples.comparison.arms.live.connection import ConnectionLost, LiveNetwork
from client_examples.comparison.arms.live.shared_tls import SharedTls
from client_examples.comparison.network.servers import Servers
from client_examples.comparison.network.wire import Wire

_SUBPROTOCOL = Subprotocol("graphql-transport-ws")
_CLOSE_S = 2.0  # to wait for the server's part of the closing handshake
_REFUSED = range(4400, 4500)  # codes by which a server says that trying again is of no use


class _CountedSocket:
    """A socket that counts; all else it leaves to the one that it stands for."""

    def __init__(self, connection: Any, wire: Wire) -> None:
        self._connection = connection
        self._wire = wire

    def recv(self, size: int) -> bytes:
        data: bytes = self._connection.recv(size)
        self._wire.received += len(data)
        return data

    def sendall(self, data: bytes) -> None:
        self._connection.sendall(data)
        self._wire.sent_body += len(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class _CountedConnection(ClientConnection):
    """A WebSocket whose bytes, its handshake's among them, the network counts."""

    network: ClassVar[LiveNetwork]

    def __init__(self, sock: Any, protocol: ClientProtocol, **options: Any) -> None:
        wire = Wire()
        self.network.opened(sock)
        self.network.counted(wire)
        safe = SharedTls(sock) if isinstance(sock, ssl.SSLSocket) else sock
        counted: Any = _CountedSocket(safe, wire)  # no socket to mypy, but has all of one
        super().__init__(counted, protocol, **options)


def messages(servers: Servers, url: str, network: LiveNetwork, operation: object) -> Iterator[Any]:
    """The payload of each result that the subscription gives, over one connection.

    Raises:
        ConnectionLost: it broke, or could not be opened.
        GraphqlError: the server refuses the subscription.
        ProblemError: it refuses the connection.
        Unreachable: its certificate is not to be trusted.
    """
    with _what_may_happen(url, network), _open(servers, url, network) as connection:
        _send(connection, type="connection_init")
        _acknowledged(connection)
        _send(connection, type="subscribe", id="1", payload=operation)
        network.ready.set()
        for message in map(json.loads, connection):
            match message["type"]:
                case "next":
                    yield message["payload"]
                case "error":
                    raise GraphqlError(200, message["payload"])
                case "complete":
                    return
                case "ping":
                    _send(connection, type="pong")


def _open(servers: Servers, url: str, network: LiveNetwork) -> ClientConnection:
    network.begin()
    is_secure = url.startswith("https:")
    return connect(
        f"ws{url.removeprefix('http')}",
        ssl=ssl.create_default_context(cafile=servers.ca_file) if is_secure else None,
        subprotocols=[_SUBPROTOCOL],
        additional_headers=dict(servers.credentials.graphql),
        proxy=True if new_session(url).trust_env else None,  # as all clients have it
        open_timeout=TIMEOUT[0],
        close_timeout=_CLOSE_S,
        create_connection=type("_Connection", (_CountedConnection,), {"network": network}),
    )


@contextmanager
def _what_may_happen(url: str, network: LiveNetwork) -> Iterator[None]:
    """What goes wrong, as the clients' own errors."""
    try:
        yield
    except InvalidStatus as error:
        said = error.response
        raise ProblemError(said.status_code, {"title": said.reason_phrase}) from error
    except ConnectionClosed as error:
        if error.rcvd is not None and error.rcvd.code in _REFUSED:
            raise BadAnswer(f"the server closed with {error.rcvd}", error.rcvd.code) from error
        network.trouble = str(error)
        raise ConnectionLost(network.trouble) from error
    except ssl.SSLError as error:  # a certificate does not become valid by asking again
        raise Unreachable(url, reason_of(error)) from error
    except (InvalidHandshake, OSError, EOFError) as error:  # a TimeoutError is an OSError
        network.trouble = reason_of(error)
        raise ConnectionLost(network.trouble) from error


def _acknowledged(connection: ClientConnection) -> None:
    """Wait until the server takes operations."""
    while (said := json.loads(connection.recv(TIMEOUT[1])))["type"] != "connection_ack":
        if said["type"] == "ping":
            _send(connection, type="pong")


def _send(connection: ClientConnection, **message: object) -> None:
    connection.send(json.dumps(message, separators=(",", ":")))
