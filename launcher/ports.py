"""Ports that are free, and addresses as they stand in a URL."""

import ipaddress
import random
import socket

LOOPBACK = "127.0.0.1"
ANY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound: all addresses of the machine

# Below the range that systems take the local ports of outgoing connections from (Linux begins at
# 32,768), so that no client that connects meanwhile can take a port away.
_CHOICE = range(20_000, 32_768)
_ATTEMPTS = 1_000

# Not the shared generator: tests that set its seed would all choose the same ports.
_RANDOM = random.SystemRandom()


def free_port() -> int:
    """A port of the loopback address that nothing listens on."""
    return free_ports(1)[0]


def free_ports(count: int) -> list[int]:
    """So many different ports of the loopback address that nothing listens on.

    Raises:
        OSError: none could be found.
    """
    ports: list[int] = []
    for port in _RANDOM.sample(_CHOICE, _ATTEMPTS):  # none comes twice
        if len(ports) == count:
            break
        with socket.socket() as probe:
            try:
                probe.bind((LOOPBACK, port))
            except OSError:
                continue
        ports.append(port)
    if len(ports) < count:
        raise OSError(f"no {count} free ports between {_CHOICE.start} and {_CHOICE.stop - 1}")
    return ports


def is_listening(host: str, port: int) -> bool:
    """Whether somebody accepts connections there, within a second."""
    try:
        socket.create_connection((host, port), timeout=1.0).close()
    except OSError:
        return False
    return True


def reachable(host: str) -> str:
    """Where a server bound to this address answers this machine itself."""
    # An address that stands for all of the machine's cannot be called; loopback is one of them.
    return {"0.0.0.0": LOOPBACK, "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def is_loopback(host: str) -> bool:
    """Whether only this machine's own programs reach what listens on this address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def base_url(host: str, port: int) -> str:
    """For example `http://127.0.0.1:8000`, without a slash at its end."""
    name = reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
