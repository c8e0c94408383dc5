"""What happens to every request and answer, whatever the application makes of it."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO, Final, NoReturn

from rest_api.caching import Headers, compressed, finish_read, keep_from_caches
from rest_api.problems import problem
from rest_api.representations import NoContent
from shared import limits
from shared.authorization import Authorization
from shared.bodies import too_large
from shared.config import Settings
from shared.errors import BookstoreError
from shared.hosts import Hosts
from shared.instrumentation import start_timing

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ON_EVERY_ANSWER: Final = [
    ("Vary", "Accept-Encoding, Origin"),
    ("X-Content-Type-Options", "nosniff"),
]
EXPOSED: Final = "Server-Timing, Link, ETag, Location"  # besides what browsers always show
_PREFLIGHT: Final = [
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
    ("Access-Control-Max-Age", "600"),
]
_SAFE: Final = ("GET", "OPTIONS")  # and HEAD, which is GET by then
_READ: Final = ("200", "304")
_READ_AWAY_BYTES: Final = 32 * limits.MAX_BODY_BYTES
_PIECE_BYTES: Final = 65_536


class Middleware:
    """Everything that an answer is given besides what it says, and who is refused before.

    Host, token, body limit, timeout, cross-origin rules, caching, gzip and `Server-Timing`, as one
    layer that holds the head of the answer until its body is known, where one layer for each
    would hold it and hand it on eight times.
    """

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        self._application = application
        self._origins = frozenset(settings.origins)
        self._hosts = Hosts(settings)
        self._authorization = Authorization(settings.token)
        self._timeout_s = settings.request_timeout_s

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        timing = start_timing(self._timeout_s)
        without_body = environ["REQUEST_METHOD"] == "HEAD"
        if without_body:
            environ["REQUEST_METHOD"] = "GET"  # so that all headers are as with GET
        head = _Head()
        body = self._answer(environ, head)
        headers = head.headers
        if type(body) is not list:  # a stream or a file
            keep_from_caches(headers)
        elif environ["REQUEST_METHOD"] == "GET" and head.status.startswith(_READ):
            head.status, body = finish_read(environ, head.status, headers, body)
        else:
            keep_from_caches(headers)
            body = compressed(environ, headers, body)
        headers += ON_EVERY_ANSWER
        if origin := self._allowed_origin(environ):
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Expose-Headers", EXPOSED),
            ]
        if type(body) is list:  # what a stream will have cost, nobody knows at its beginning
            headers.append(("Server-Timing", timing.header()))
        start_response(head.status, headers)
        return _closed(body) if without_body else body

    def _answer(self, environ: "WSGIEnvironment", head: "_Head") -> Iterable[bytes]:
        stream = environ["wsgi.input"]  # of which the limit may leave the beginning only
        try:
            self._hosts.require(environ.get("HTTP_HOST"))
            method = environ["REQUEST_METHOD"]
            if method == "OPTIONS" and self._is_preflight(environ):
                asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                allowed = [("Access-Control-Allow-Headers", asked)] if asked else []
                return NoContent([*_PREFLIGHT, *allowed])(environ, head)
            if method not in _SAFE:
                self._authorization.require(environ.get("HTTP_AUTHORIZATION"))
            if not _within_limit(environ):
                raise too_large()
        except BookstoreError as error:
            if "HTTP_EXPECT" not in environ:  # else the client waits for leave to send its body
                _read_away(stream)
            return problem(error)(environ, head)
        return self._application(environ, head)

    def _is_preflight(self, environ: "WSGIEnvironment") -> bool:
        """Whether a browser asks if a page may send something: it has no token to show yet."""
        return (
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
            and self._allowed_origin(environ) is not None
        )

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
    return length <= limits.MAX_BODY_BYTES


def _read_away(stream: BinaryIO) -> None:
    """Read what most clients send before they look for an answer, though not without an end."""
    for _ in range(_READ_AWAY_BYTES // _PIECE_BYTES):
        if not stream.read(_PIECE_BYTES):
            return


def _closed(body: Iterable[bytes]) -> list[bytes]:
    """Nothing, in the place of a body that nobody will read."""
    close = getattr(body, "close", None)
    if close:
        close()
    return []
