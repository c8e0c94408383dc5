"""An arm over each protocol: HTTP/1.1 without TLS, HTTP/1.1 with it, HTTP/2."""

from typing import Literal, TypeAlias

Protocol: TypeAlias = Literal["http1", "http1-tls", "http2"]
PROTOCOLS: tuple[Protocol, ...] = ("http1", "http1-tls", "http2")
