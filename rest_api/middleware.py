"""What happens to every request and answer, whatever the application makes of it."""

from collections.abc import Callable, Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Final, NoReturn

from rest_api.caching import Headers, compressed, finish_read, keep_from_caches
from rest_api.problems import problem
from rest_api.representations import NoContent
from shared import limits
from shared.authorization import Authorization
from shared.bodies import too_large
from shared.config import Settings
from shared.errors import BookstoreError
from shared.hosts import Hosts
from shared.instrumentation import Timing
from shared.origins import EXPOSED, PREFLIGHT_MAX_AGE_S, Origins
from shared.public_address import PublicAddress

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ON_EVERY_ANSWER: Final = [
    ("Vary", "Accept-Encoding, Origin"),
    ("X-Content-Type-Options", "nosniff"),
]
_PREFLIGHT: Final = [
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE"),
    ("Access-Control-Max-Age", str(PREFLIGHT_MAX_AGE_S)),
]
_SAFE: Final = ("GET", "OPTIONS")  # and HEAD, which is GET by then
_READ: Final = ("200", "304")
REFUSED: Final = "bookstore.refused"  # in an environment: the error that is its answer


class Middleware:
    """Everything that an answer is given besides what it says, and who is refused before.

    Host, token, body limit, timeout, cross-origin rules, caching, gzip and `Server-Timing`, as one
    layer that holds the head of the answer until its body is known, where one layer for each
    would hold it and hand it on eight times.
    """

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        self._application = application
        self._origins = Origins(settings.origins)
        self._hosts = Hosts(settings)
        self._public = PublicAddress(settings, "rest")
        self._authorization = Authorization(settings.token)
        self._timeout_s = settings.request_timeout_s

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        with Timing(self._timeout_s) as timing:
            return self._timed(timing, environ, start_response)

    def _timed(
        self, timing: Timing, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        without_body = environ["REQUEST_METHOD"] == "HEAD"
        if without_body:
            environ["REQUEST_METHOD"] = "GET"  # so that all headers are as with GET
        if (path := self._public.without_prefix(environ["PATH_INFO"])) is not None:
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._public.prefix, path
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
        if origin := self._origins.allowed(environ.get("HTTP_ORIGIN")):
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Expose-Headers", EXPOSED),
            ]
        if type(body) is list:  # what a stream will have cost, nobody knows at its beginning
            headers.append(("Server-Timing", timing.header()))
        start_response(head.status, headers)
        return _closed(body) if without_body else body

    def _answer(self, environ: "WSGIEnvironment", head: "_Head") -> Iterable[bytes]:
        try:
            self._hosts.require(environ.get("HTTP_HOST"))
            if environ["REQUEST_METHOD"] == "OPTIONS" and self._is_preflight(environ):
                asked = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", "")
                allowed = [("Access-Control-Allow-Headers", asked)] if asked else []
                return NoContent([*_PREFLIGHT, *allowed])(environ, head)
            self._require(environ)
            _limit_chunks(environ)
        except BookstoreError as error:
            return problem(error)(environ, head)
        return self._application(environ, head)

    def refuses(self, environ: "WSGIEnvironment") -> bool:
        """Whether the head alone is reason enough to refuse the request, whatever its body."""
        try:
            self._hosts.require(environ.get("HTTP_HOST"))
            self._require(environ)
        except BookstoreError:
            return True
        return False

    def _require(self, environ: "WSGIEnvironment") -> None:
        """Nothing, if token and said length are as they must be."""
        if REFUSED in environ:
            raise environ[REFUSED]
        if environ["REQUEST_METHOD"] not in _SAFE:
            self._authorization.require(environ.get("HTTP_AUTHORIZATION"))
        if int(environ.get("CONTENT_LENGTH") or 0) > limits.MAX_BODY_BYTES:
            raise too_large()

    def _is_preflight(self, environ: "WSGIEnvironment") -> bool:
        """Whether a browser asks if a page may send something: it has no token to show yet."""
        return (
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
            and self._origins.allowed(environ.get("HTTP_ORIGIN")) is not None
        )


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


def _limit_chunks(environ: "WSGIEnvironment") -> None:
    """Read a body in chunks, so that its length is known to all others.

    Raises:
        TooLarge: it is over the limit.
    """
    if environ.get("HTTP_TRANSFER_ENCODING"):
        body = environ["wsgi.input"].read(limits.MAX_BODY_BYTES + 1)
        environ["wsgi.input"] = BytesIO(body)
        if len(body) > limits.MAX_BODY_BYTES:
            raise too_large()


def _closed(body: Iterable[bytes]) -> list[bytes]:
    """Nothing, in the place of a body that nobody will read."""
    close = getattr(body, "close", None)
    if close:
        close()
    return []
