"""What happens to every request and answer, whatever the application makes of it."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from rest_api.problems import problem
from rest_api.representations import NoContent
from shared import limits
from shared.bodies import accepts_gzip, to_gzip, too_large, worth_gzip
from shared.instrumentation import start_timing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]

ON_EVERY_ANSWER: Final = [
    ("Vary", "Accept-Encoding, Origin"),
    ("X-Content-Type-Options", "nosniff"),
]
EXPOSED: Final = "Server-Timing, Link, ETag, Location"  # besides what browsers always show
_PREFLIGHT: Final = [
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
    ("Access-Control-Max-Age", "600"),
]
_READ_AWAY_BYTES: Final = 32 * limits.MAX_BODY_BYTES
_PIECE_BYTES: Final = 65_536


class Middleware:
    """Body limit, cross-origin rules, gzip and `Server-Timing` around a WSGI application.

    One layer that holds the head of the answer until its body is known, where one layer for
    each would hold it and hand it on four times.
    """

    def __init__(self, application: "WSGIApplication", origins: Iterable[str]) -> None:
        self._application = application
        self._origins = frozenset(origins)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        timing = start_timing()
        without_body = environ["REQUEST_METHOD"] == "HEAD"
        if without_body:
            environ["REQUEST_METHOD"] = "GET"  # so that all headers are as with GET
        head = _Head()
        body = self._answer(environ, head)
        headers = head.headers
        headers += ON_EVERY_ANSWER
        if origin := self._allowed_origin(environ):
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Expose-Headers", EXPOSED),
            ]
        if type(body) is list:  # complete, not a stream or a file
            body = _compressed(environ, headers, body)
        headers.append(("Server-Timing", timing.header()))
        start_response(head.status, headers)
        return _closed(body) if without_body else body

    def _answer(self, environ: "WSGIEnvironment", head: "_Head") -> Iterable[bytes]:
        if not _within_limit(environ):
            return problem(too_large())(environ, head)
        if "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ and (
            environ["REQUEST_METHOD"] == "OPTIONS" and self._allowed_origin(environ)
        ):
            asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
            allowed = [("Access-Control-Allow-Headers", asked)] if asked else []
            return NoContent([*_PREFLIGHT, *allowed])(environ, head)
        return self._application(environ, head)

    def _allowed_origin(self, environ: "WSGIEnvironment") -> str | None:
        """Whom the answer allows: `*` for everybody, and then never with credentials."""
        origin: str | None = environ.get("HTTP_ORIGIN")
        if origin is None:
            return None
        if "*" in self._origins:
            return "*"
        return origin if origin in self._origins else None


class _Head:
    """Takes the status and the headers where `start_response` is called."""

    __slots__ = ("headers", "status")

    status: str
    headers: Headers

    def __call__(
        self, status: str, headers: Headers, exc_info: object = None, /
    ) -> Callable[[bytes], object]:
        self.status = status
        self.headers = headers
        return _no_write


def _no_write(data: bytes) -> NoReturn:
    raise NotImplementedError("write() is of the past (PEP 3333)")


def _within_limit(environ: "WSGIEnvironment") -> bool:
    """Whether the body is. One in chunks is read, so that its length is known to all others."""
    stream = environ["wsgi.input"]
    if environ.get("HTTP_TRANSFER_ENCODING"):
        body = stream.read(limits.MAX_BODY_BYTES + 1)
        environ["wsgi.input"] = BytesIO(body)
        length = len(body)
    else:
        length = int(environ.get("CONTENT_LENGTH") or 0)
    if length <= limits.MAX_BODY_BYTES:
        return True
    if "HTTP_EXPECT" not in environ:  # else the client waits for leave to send it
        _read_away(stream)
    return False


def _read_away(stream: BinaryIO) -> None:
    """Read what most clients send before they look for an answer, though not without an end."""
    for _ in range(_READ_AWAY_BYTES // _PIECE_BYTES):
        if not stream.read(_PIECE_BYTES):
            return


def _compressed(environ: "WSGIEnvironment", headers: Headers, body: list[bytes]) -> list[bytes]:
    if not body or not worth_gzip(body[0]):
        return body
    if not accepts_gzip(environ.get("HTTP_ACCEPT_ENCODING", "")):
        return body
    compressed = to_gzip(body[0])
    headers[:] = [header for header in headers if header[0] != "Content-Length"]
    headers += [("Content-Encoding", "gzip"), ("Content-Length", str(len(compressed)))]
    return [compressed]


def _closed(body: Iterable[bytes]) -> list[bytes]:
    """Nothing, in the place of a body that nobody will read."""
    close = getattr(body, "close", None)
    if close:
        close()
    return []
