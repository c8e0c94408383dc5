"""How many bytes a relay's link really carries in a second, each way."""

import socket
import threading
from contextlib import ExitStack
from time import perf_counter

from client_examples.comparison.network.link import Link
from client_examples.comparison.network.relay import Relay

_TAKES_S = 0.3  # at the rate that was asked for
_LEAST = 16 * 1024  # bytes: some ten segments
_LIMIT_S = 30.0
_BITS = 8


def rates_mbit(relay: Relay, link: Link) -> tuple[float | None, float | None]:
    """Mbit/s down and up over the link that the relay is now; None for one that has no limit.

    A sender and a receiver of this process talk to each other by the relay, one way after the
    other.

    Raises:
        OSError: what was sent did not arrive in half a minute.
    """
    with ExitStack() as opened:
        listener = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        address = relay.to(*listener.getsockname()[:2])
        client = opened.enter_context(socket.create_connection(address, _LIMIT_S))
        target = opened.enter_context(listener.accept()[0])
        target.settimeout(_LIMIT_S)
        down = None if link.down_mbit is None else _rate_mbit(target, client, link.down_mbit)
        up = None if link.up_mbit is None else _rate_mbit(client, target, link.up_mbit)
    return down, up


def _rate_mbit(sender: socket.socket, receiver: socket.socket, mbit: float) -> float:
    """Mbit/s from the first bytes that arrive on: the way itself takes its time only once."""
    size = max(_LEAST, int(mbit * 1e6 / _BITS * _TAKES_S))
    sending = threading.Thread(target=_send, args=(sender, size), daemon=True)
    sending.start()
    first = received = _receive(receiver)
    began = perf_counter()
    while received < size:
        received += _receive(receiver)
    took_s = perf_counter() - began
    sending.join()
    return (size - first) * _BITS / took_s / 1e6


def _send(sender: socket.socket, size: int) -> None:
    portion = b"\0" * min(size, 64 * 1024)
    for at in range(0, size, len(portion)):
        sender.sendall(portion[: size - at])


def _receive(receiver: socket.socket) -> int:
    size = len(receiver.recv(64 * 1024))
    if size == 0:
        raise ConnectionError("the relay has closed the connection")
    return size
