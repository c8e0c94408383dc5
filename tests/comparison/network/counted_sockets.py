"""A server's connections that tell it every byte, in plain text or inside TLS."""

import socket
import ssl
from typing import Protocol


class Counts(Protocol):
    """A server that adds up the bytes of all its connections."""

    sent: int
    received: int


class _Counted:
    server: Counts

    def recv_into(self, *arguments):
        size = super().recv_into(*arguments)
        self.server.received += size
        return size

    def recv(self, *arguments):
        data = super().recv(*arguments)
        self.server.received += len(data)
        return data

    def sendall(self, data, *arguments):
        super().sendall(data, *arguments)
        self.server.sent += len(data)


class CountedSocket(_Counted, socket.socket):
    pass


class CountedTlsSocket(_Counted, ssl.SSLSocket):
    pass


def counted(
    connection: socket.socket, server: Counts, tls: ssl.SSLContext | None
) -> CountedSocket | CountedTlsSocket:
    """The connection that was accepted, which is counted from now on."""
    if tls is None:
        found = CountedSocket(fileno=connection.detach())
    else:
        tls.sslsocket_class = CountedTlsSocket
        found = tls.wrap_socket(connection, server_side=True)
    found.server = server
    return found
