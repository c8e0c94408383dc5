"""Errors for messages that break the rules of HTTP or WebSockets."""

import re
from collections.abc import Sequence
from typing import Final

import httptools
from websockets.http11 import MAX_LINE_LENGTH

from shared import limits
from shared.errors import (
    BookstoreError,
    HeadTooLarge,
    MalformedBody,
    MalformedRequest,
    MethodNotAllowed,
    UnknownCoding,
    UriTooLong,
)

_WITH_BODY: Final = frozenset((b"content-length", b"transfer-encoding"))
# RFC 9112, 3: a method comes first
_REQUEST: Final = re.compile(rb"\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+ ")


def head_too_large(url: bytes) -> BookstoreError:
    """The error for a head over the limits: of its line, if that is most of it."""
    most = limits.MAX_HEAD_BYTES
    if len(url) > most * 0.9:
        return UriTooLong(f"the request's line must have at most {most:,} bytes")
    return HeadTooLarge(
        f"the head of the request must have at most {most:,} bytes and "
        f"{limits.MAX_HEAD_LINES} headers"
    )


def too_much_framing() -> HeadTooLarge:
    """The error for a body with too much framing: chunk extensions, trailers."""
    return HeadTooLarge(
        f"what comes with a body must have at most {limits.MAX_HEAD_BYTES:,} bytes and "
        f"{limits.MAX_HEAD_LINES} trailers"
    )


def ended_early(*, in_body: bool) -> BookstoreError:
    """The error for a client that has ended before its message has."""
    if in_body:
        return MalformedBody("the body of the request ended before it was complete")
    return MalformedRequest("the head of the request ended before it was complete")


def no_method(name: str, methods: str) -> MethodNotAllowed:
    """The error for a method that nothing here has; `methods` are those that there are."""
    return MethodNotAllowed(f"there is no {name} here, only {methods}")


def fault(
    error: httptools.HttpParserError, piece: bytes, *, methods: str, in_body: bool
) -> BookstoreError:
    """The error for what the parser refuses.

    Args:
        piece: in which it is.
        methods: that there are.
    """
    if isinstance(error.__context__, BookstoreError):
        return error.__context__
    if isinstance(error, httptools.HttpParserInvalidMethodError) and _REQUEST.match(piece):
        return no_method("such method", methods)
    if "Invalid `Transfer-Encoding`" in str(error):
        return UnknownCoding("Transfer-Encoding must be chunked", field="Transfer-Encoding")
    if in_body:
        return MalformedBody(f"the body is not as HTTP/1.1 has it: {error}")
    if str(error).startswith("Invalid char in url"):
        return MalformedRequest(
            "the path and the query of a request must be ASCII: send é as %C3%A9, for example"
        )
    return MalformedRequest(f"the head of the request is not as HTTP/1.1 has it: {error}")


def path_and_host_of(url: bytes) -> tuple[bytes, bytes]:
    """The path in a request target that is a whole URL, as sent to a proxy (RFC 9112, 3.2.2).

    The host in it is the one that is asked, whatever a `Host` header says.

    Raises:
        MalformedRequest: it is no URL.
    """
    try:
        parts = httptools.parse_url(url)
    except httptools.HttpParserInvalidURLError as error:
        raise MalformedRequest(f"the request must be for a path, such as /: {error}") from None
    query = b"" if parts.query is None else b"?" + parts.query
    host = b"[%b]" % parts.host if b":" in parts.host else parts.host
    port = b"" if parts.port is None else b":%d" % parts.port
    return (parts.path or b"/") + query, host + port


class FailedBody:
    """In place of uvicorn's event that more of a body has come: waiting for it raises an error."""

    def __init__(self, error: BookstoreError) -> None:
        self._error = error

    def set(self) -> None:
        """Do nothing: it is set already."""

    def clear(self) -> None:
        """Do nothing: it stays set."""

    async def wait(self) -> None:
        """Raises:
        BookstoreError: what is wrong with the body.
        """
        raise self._error


def no_handshake(
    method: str, target: bytes, headers: Sequence[tuple[bytes, bytes]]
) -> BookstoreError | None:
    """Why this request is no valid WebSocket handshake to the library; None if it is one."""
    longest = max(len(name) + len(value) + 4 for name, value in headers)
    if max(longest, len(target) + len(b"GET  HTTP/1.1\r\n")) > MAX_LINE_LENGTH:
        return HeadTooLarge(
            f"a line of a WebSocket's handshake must have at most {MAX_LINE_LENGTH:,} bytes"
        )
    if method != "GET" or not _WITH_BODY.isdisjoint(dict(headers)):
        return MalformedRequest("a WebSocket is opened by a GET without a body")
    return None
