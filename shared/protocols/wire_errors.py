"""Errors for messages that break the rules of HTTP."""

import re
from typing import Final

import httptools

from shared import limits
from shared.errors import (
    BookstoreError,
    HeadTooLarge,
    MalformedBody,
    MalformedRequest,
    MethodNotAllowed,
    UnknownCoding,
    UnknownVersion,
    UriTooLong,
)

SOCKET_VERSION: Final = "13"  # RFC 6455, 4.1

# RFC 9112, 3: a method comes first
_REQUEST: Final = re.compile(rb"\s*[!#$%&'*+.^_`|~0-9A-Za-z-]+ ")

_HTTP_2: Final = (
    "this port speaks HTTP/1.1; HTTP/2 is spoken by the edge in front of the servers (docs/edge.md)"
)
_URL: Final = "the request must be for a path, such as /ping, or for a whole URL"
# RFC 9112, 3.2.2. A name of a user in it is an error (RFC 9110, 4.2.4); the port may be empty.
_WHOLE: Final = re.compile(
    rb"https?://(?P<host>(?:\[[^]/?]*\]|[^]\[@:/?]+)(?::[0-9]*)?)"
    rb"(?P<path>(?:/[^?#]*)?)(?P<query>(?:\?[^#]*)?)",
    re.IGNORECASE,
)
_FRAGMENT: Final = (
    "the path and the query of a request must have no #: send it as %23, and leave a fragment out"
)
_ASCII: Final = (
    "the path and the query of a request must be printable ASCII: send é as %C3%A9, and a space "
    "as %20, for example"
)
_VERSION: Final = (
    "the first line of a request must be as GET /ping HTTP/1.1, with a space in the path as %20"
)
_METHOD: Final = "a request must begin with its method and a space, as in GET /ping HTTP/1.1"
_LENGTH: Final = "Content-Length must be the number of the body's bytes, and be given once"
_EITHER: Final = "a body must have a Content-Length or a Transfer-Encoding, not both"
_NAME: Final = (
    "a header must be a name of letters, digits and hyphens, a colon and a value, as in Accept: */*"
)
_VALUE: Final = "the value of a header must have no control characters"
_LINES: Final = "each line of a head must end in CR LF, and none may begin with a space"
_SIZE: Final = "a chunk must begin with its size in hexadecimal digits, which ends in CR LF"
_EXTENSION: Final = "what follows the size of a chunk must be as ;name=value, and end in CR LF"
_CHUNK: Final = "a chunk must have as many bytes as its size says, and end in CR LF"
# What is right, by how the parser's reason for refusing what came begins; the first that fits.
_RULES: Final = {
    "Pause on PRI": _HTTP_2,
    "Expected HTTP/2": _HTTP_2,
    "Invalid char in url": _ASCII,
    "Invalid method encountered": _METHOD,
    "Expected space after method": _METHOD,
    "Unexpected start char in url": _URL,
    "Unexpected char in url": _URL,
    "Invalid characters in url": _URL,
    "Double @ in url": _URL,
    "Content-Length can't": _EITHER,
    "Transfer-Encoding can't": _EITHER,
    "Content-Length": _LENGTH,
    "Duplicate Content-Length": _LENGTH,
    "Empty Content-Length": _LENGTH,
    "Invalid character in Content-Length": _LENGTH,
    "Invalid header value": _VALUE,
    "Invalid header": _NAME,
    "Unexpected space after start line": _LINES,
    "Unexpected whitespace after header value": _LINES,
    "Expected LF after headers": _LINES,
    "Expected LF after CR": _LINES,
    "Missing expected CR after header": _LINES,
    "Missing expected LF after header": _LINES,
    "Chunk size overflow": _SIZE,
    "Invalid character in chunk size": _SIZE,
    "Expected LF after chunk size": _SIZE,
    "Missing expected CR after chunk size": _SIZE,
    "Missing expected CR after chunk extension": _EXTENSION,
    "Invalid character in chunk extensions": _EXTENSION,
    "Invalid quoted-pair in chunk extensions": _EXTENSION,
    "Expected LF after chunk data": _CHUNK,
    "Missing expected CR after chunk data": _CHUNK,
    "Invalid": _VERSION,  # its version, or a method of another protocol
    "Expected": _VERSION,
}


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


def what_is_right(error: BookstoreError, methods: str) -> dict[str, str] | None:
    """The headers that tell what would be right; `methods` are those that there are."""
    if isinstance(error, MethodNotAllowed):
        return {"Allow": f"{methods}, OPTIONS"}
    if isinstance(error, UnknownVersion):
        return {"Sec-WebSocket-Version": SOCKET_VERSION}  # RFC 6455, 4.4
    return None


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
    reason = str(error)
    if "nvalid `Transfer-Encoding`" in reason or reason == "Empty Transfer-Encoding":
        return UnknownCoding("Transfer-Encoding must be chunked", field="Transfer-Encoding")
    rule = next((rule for start, rule in _RULES.items() if reason.startswith(start)), "")
    if in_body:
        return MalformedBody(_with_rule("the body is not as HTTP/1.1 has it", rule))
    return MalformedRequest(_with_rule("the head of the request is not as HTTP/1.1 has it", rule))


def _with_rule(wrong: str, rule: str) -> str:
    return f"{wrong}: {rule}" if rule else wrong


def path_and_host_of(url: bytes) -> tuple[bytes, bytes]:
    """The path in a request target that is a whole URL, as sent to a proxy (RFC 9112, 3.2.2).

    The host in it is the one that is asked, whatever a `Host` header says.

    Raises:
        MalformedRequest: it is no URL, or has a fragment (RFC 9112, 3.2).
    """
    parts = _WHOLE.fullmatch(url)
    if parts is None:
        raise MalformedRequest(_FRAGMENT if b"#" in url else _URL)
    return (parts["path"] or b"/") + parts["query"], parts["host"]


class FailedBody:
    """In place of uvicorn's event that more of a body has come: waiting for it raises an error.

    Args:
        unread: whether the application is first to be given what has come.
    """

    def __init__(self, error: BookstoreError, *, unread: bool = False) -> None:
        self._unread = unread
        # The frames in which it was raised hold what has come of the body, which it would keep.
        self._error = error.with_traceback(None)

    def set(self) -> None:
        """Do nothing: it is set already."""

    def clear(self) -> None:
        """Do nothing: it stays set."""

    async def wait(self) -> None:
        """Raises:
        BookstoreError: what is wrong with the body.
        """
        if not self._unread:
            raise self._error
        self._unread = False
