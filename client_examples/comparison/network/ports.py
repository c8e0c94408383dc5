"""Ports of this machine."""

import socket

_LOOPBACK = "127.0.0.1"


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    with socket.socket() as tried:
        tried.bind((_LOOPBACK, 0))
        return int(tried.getsockname()[1])
