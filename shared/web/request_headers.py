"""Request headers: which may come once only, and how repeated ones combine (RFC 9110, 5.3).

A proxy may have judged a request by another line of a repeated header than the server does, and
two values joined by a comma may read as a third value. So a header that has a single value is
refused by name when it is repeated.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.errors import MalformedRequest, RepeatedHeader, UnknownCoding
from shared.rules.values import shown
from shared.web.header_lists import tokens

# Those of a single value that the servers, or the libraries below them, read.
SINGLE: Final[Mapping[str, str]] = {
    name.lower(): name
    for name in (
        "Access-Control-Request-Method",
        "Authorization",
        "Content-Length",
        "Content-Type",
        "Host",
        "Idempotency-Key",
        "If-Modified-Since",
        "If-Range",
        "If-Unmodified-Since",
        "Last-Event-ID",
        "Origin",
        "Range",
        "Sec-WebSocket-Key",
        "Sec-WebSocket-Version",
    )
}


def joined(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers as ASGI has them, each once: the lines of a list with commas between them.

    Raises:
        RepeatedHeader: one of a single value has several lines.
    """
    lines: dict[bytes, list[bytes]] = {}
    for name, value in headers:
        lines.setdefault(name.lower(), []).append(value)
    require_lists(name.decode("latin-1") for name, values in lines.items() if len(values) > 1)
    return [(name, b", ".join(values)) for name, values in lines.items()]


def require_lists(repeated: Iterable[str]) -> None:
    """Refuse repeated headers, unless their value is a list.

    Args:
        repeated: names, in lower case, of the headers that came on several lines.

    Raises:
        RepeatedHeader: one of them may have a single value only.
    """
    for name in repeated:
        if name in SINGLE:
            raise RepeatedHeader(f"{SINGLE[name]} must come once, got it twice", field=SINGLE[name])


def require_host(host: str | bytes | None, http_version: str) -> None:
    """Refuse a request without `Host`, but for HTTP/1.0 (RFC 9112, 3.2).

    Raises:
        MalformedRequest: it has none.
    """
    if not host and http_version != "1.0":
        raise MalformedRequest("an HTTP/1.1 request must have a Host header", field="Host")


def body_length(content_length: str) -> int:
    """The bytes that a `Content-Length` tells of, whatever zeros come first (RFC 9110, 8.6).

    Python reads no number of thousands of digits; the parser has refused those that are too large.
    """
    return int(content_length.lstrip("0") or 0)


def require_chunked(coding: str) -> None:
    """Refuse a `Transfer-Encoding` that is not known here (RFC 9112, 6.1).

    Raises:
        UnknownCoding: it is another one than `chunked`.
    """
    if tokens(coding) != ("chunked",):
        raise UnknownCoding(
            f"Transfer-Encoding must be chunked, got {shown(coding)}", field="Transfer-Encoding"
        )
