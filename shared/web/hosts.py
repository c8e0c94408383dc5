"""Which hosts a server answers for.

Another site can point a name of its own at this machine (DNS rebinding), and its pages could then
read the answers in a visitor's browser. The `Host` header of such a request is that other name.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable
from functools import lru_cache

from shared.config import Settings
from shared.errors import MalformedRequest, Misdirected
from shared.rules.values import shown

_ANY = ("0.0.0.0", "::")  # noqa: S104 - compared, not bound
# RFC 9110, 7.2: a name (RFC 3986, 3.2.2), or an address in brackets, and perhaps a port
_HOST = re.compile(
    r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>(?:[0-9a-z._~!$&'()*+,;=-]|%[0-9a-f]{2})*+))"
    r"(?::[0-9]{0,5})?"
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_LONGEST = 255 + len(":65535")  # a name in DNS (RFC 1035, 2.3.4) and a port


class Hosts:
    """The names that are allowed, without ports; `*` allows all."""

    def __init__(self, settings: Settings) -> None:
        self._names = frozenset(name.lower() for name in _names(settings))
        # A server that listens on all addresses may be reached by any of them, so all are allowed.
        # That is safe: DNS rebinding needs a name, and no name looks like an address.
        self._any_address = settings.allowed_hosts is None and settings.host in _ANY
        self.allows = lru_cache(maxsize=256)(self._allows)

    def require(self, host: str | None) -> None:
        """Refuse a `Host` header that is not allowed; one left out passes, since browsers send it.

        Raises:
            MalformedRequest: it is no host (RFC 9112, 3.2).
            Misdirected: it is not allowed.
        """
        if host and (len(host) > _LONGEST or not self.allows(host)):
            if not _HOST.fullmatch(host.lower()):
                rule = "must be a name or an address, and perhaps a port, as in localhost:8000"
                raise MalformedRequest(f"Host {rule}, got {shown(host)}", field="Host")
            raise Misdirected(
                f"this server does not answer for the host {shown(host)}; "
                "BOOKSTORE_ALLOWED_HOSTS names those that it does"
            )

    def _allows(self, host: str) -> bool:
        match = _HOST.fullmatch(host.lower())
        if match is None:
            return False
        name = (match["address"] or match["name"]).removesuffix(".")
        if name in self._names or "*" in self._names:
            return True
        return self._any_address and _is_address(name)


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach a server on this address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _names(settings: Settings) -> Iterable[str]:
    always = (*_LOOPBACK, *settings.public_hosts)
    if settings.allowed_hosts is not None:
        return (*settings.allowed_hosts, *always)
    if settings.host in _ANY:
        return (*always, socket.gethostname(), socket.getfqdn())
    return (*always, settings.host)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
