"""Request headers: which may come once only, and how repeated ones combine (RFC 9110, 5.3).

Whoever forwards a request may have looked at another line of a header than is looked at here, and
two values with a comma between them may be a third one: so nothing is made of a repeated header
of a single value but the error that names it.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from shared.errors import RepeatedHeader

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
    """Nothing, if these headers, which have several lines, may have them.

    Args:
        repeated: names in lower case.

    Raises:
        RepeatedHeader: one of them is of a single value.
    """
    for name in repeated:
        if name in SINGLE:
            raise RepeatedHeader(f"{SINGLE[name]} must come once, got it twice", field=SINGLE[name])
