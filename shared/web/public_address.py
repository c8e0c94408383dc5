"""The public address of a server behind a proxy.

It is set, not taken from a request's headers. The proxy passes paths on unchanged, so the path of a
request tells whether it came through the proxy, like SCRIPT_NAME in WSGI and `root_path` in ASGI.
The server answers under both addresses, each with links of the same kind.
"""

from typing import Literal
from urllib.parse import urlsplit

from shared.config import Settings

Server = Literal["rest", "graphql"]

_PORTS = {"http": 80, "https": 443}


class PublicAddress:
    """The public address of one server.

    Attributes:
        prefix: the path before all of the server's own, such as `/rest`; empty where there is none.
    """

    def __init__(self, settings: Settings, server: Server) -> None:
        url = settings.rest_public_url if server == "rest" else settings.graphql_public_url
        parts = urlsplit(url or "")
        self.prefix = parts.path
        self._below = f"{parts.path}/"
        self._port = parts.port or _PORTS.get(parts.scheme)

    def without_prefix(self, path: str) -> str | None:
        """The server's own path, if this one is below the prefix; it begins with a slash too."""
        if not self.prefix:
            return None
        if path.startswith(self._below):
            return path[len(self.prefix) :]
        return "/" if path == self.prefix else None

    def is_asked(self, prefix: str, host: str | None) -> bool:
        """Whether a request is for the public address: what the start page's links follow.

        An address without a prefix is told from the server's own by its port, which is part of
        what a request asks for (RFC 9110, 7.1): it chooses between the two that are set.

        Args:
            prefix: that the request's path had.
            host: its `Host`.
        """
        if self.prefix:
            return bool(prefix)
        if self._port is None or not host:
            return False
        _, _, port = host.rpartition("]")[2].rpartition(":")
        return (int(port) if port.isdecimal() else self._port) == self._port
