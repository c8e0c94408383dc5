"""Middleware: what is done with every request and every answer."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NoReturn

from rest_api.web.answer import NoContent
from rest_api.web.caching import (
    Headers,
    compressed,
    finish_read,
    keep_from_caches,
    keep_stream_from_caches,
)
from rest_api.web.problems import problem
from rest_api.web.views import BY_TOKEN
from shared import limits
from shared.config import Settings
from shared.errors import BookstoreError
from shared.storage.instrumentation import Timing, timing_class
from shared.web.authorization import Authorization
from shared.web.bodies import too_large
from shared.web.cache_control import CacheControl
from shared.web.header_lists import tokens
from shared.web.hosts import Hosts
from shared.web.origins import EXPOSED, PREFLIGHT_MAX_AGE_S, Origins
from shared.web.paths import SERVER, without_slash
from shared.web.public_address import PublicAddress
from shared.web.request_headers import body_length, require_chunked, require_host, require_lists

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

ON_EVERY_ANSWER: Final = [
    ("Vary", "Accept-Encoding, Origin"),
    ("X-Content-Type-Options", "nosniff"),
]
METHODS: Final = "GET, HEAD, POST, PUT, PATCH, DELETE"
_PREFLIGHT: Final = [
    ("Access-Control-Allow-Methods", METHODS),
    ("Access-Control-Max-Age", str(PREFLIGHT_MAX_AGE_S)),
]
_SAFE: Final = ("GET", "OPTIONS")  # and HEAD, which is GET by then
_READ: Final = ("200", "304")

# In an environment:
REPEATED: Final = "bookstore.repeated"  # the keys of headers of several lines
REFUSED: Final = "bookstore.refused"  # the error that is its answer
TIMING: Final = "bookstore.timing"  # what counts its time, where that has begun already
ON_LOOP: Final = "bookstore.on_loop"  # that it is called on an event loop, and must not wait
HEAD_ALONE: Final = "bookstore.head_alone"  # that its body has still to come


class Middleware:
    """Does for all requests what no view has to: refuses bad ones, completes the answers' headers.

    Host, token, body limit, timeout, cross-origin rules, caching, gzip and `Server-Timing` are one
    layer, which holds back the head of the answer until its body is known; with a layer for each,
    eight would do so in turn.
    """

    def __init__(self, application: "WSGIApplication", settings: Settings) -> None:
        self._application = application
        self._origins = Origins(settings.origins)
        self._hosts = Hosts(settings)
        self._public = PublicAddress(settings, "rest")
        self._authorization = Authorization(settings.token)
        self._timeout_s = settings.request_timeout_s
        self._timing = timing_class(traces=settings.trace)
        self._cache_control = CacheControl(settings)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        if TIMING in environ:
            return self._timed(environ[TIMING], environ, start_response)
        with self._timing(self._timeout_s) as timing:
            return self._timed(timing, environ, start_response)

    def _timed(
        self, timing: Timing, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        without_body = environ["REQUEST_METHOD"] == "HEAD"
        if without_body:
            environ["REQUEST_METHOD"] = "GET"  # so that all headers are as with GET
        if (path := self._public.without_prefix(environ["PATH_INFO"])) is not None:
            environ["SCRIPT_NAME"], environ["PATH_INFO"] = self._public.prefix, path
        environ["PATH_INFO"] = without_slash(environ["PATH_INFO"])
        head = Head()
        body = self._finished(environ, head, self._answer(environ, head))
        headers = head.headers
        headers += ON_EVERY_ANSWER
        if not self._authorization.is_open and environ["REQUEST_METHOD"] not in _SAFE:
            headers += [] if BY_TOKEN in headers else [BY_TOKEN]
        if origin := self._origins.allowed(environ.get("HTTP_ORIGIN")):
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Timing-Allow-Origin", origin),
                ("Access-Control-Expose-Headers", EXPOSED),
            ]
        if self._cache_control.shared:
            control = dict(headers).get("Cache-Control")
            headers += self._cache_control.expires(control, timing.elapsed_s).items()
        if type(body) is list:  # what a stream will have cost, nobody knows at its beginning
            headers += timing.headers()
        start_response(head.status, headers)
        return _closed(body) if without_body else body

    def _answer(self, environ: "WSGIEnvironment", head: "Head") -> Iterable[bytes]:
        try:
            self._require_http(environ)
            if environ["REQUEST_METHOD"] == "OPTIONS":
                if self._is_preflight(environ):
                    asked = tokens(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))
                    allowed = [("Access-Control-Allow-Headers", ", ".join(asked))] if asked else []
                    return NoContent([*_PREFLIGHT, *allowed])(environ, head)
                if environ["PATH_INFO"] in SERVER:
                    return NoContent([("Allow", f"{METHODS}, OPTIONS")])(environ, head)
            self._require(environ)
        except BookstoreError as error:
            return problem(error, "header")(environ, head)
        return self._application(environ, head)

    def _finished(
        self, environ: "WSGIEnvironment", head: "Head", body: Iterable[bytes]
    ) -> Iterable[bytes]:
        """The body that is sent, after the headers that depend on it."""
        if type(body) is not list:  # a stream or a file
            keep_stream_from_caches(head.headers)
            return body
        if environ["REQUEST_METHOD"] == "GET" and head.status.startswith(_READ):
            try:
                head.status, body = finish_read(environ, head.status, head.headers, body)
                return body
            except BookstoreError as error:  # of its condition
                vary = [header for header in head.headers if header[0] == "Vary"]
                body = [*problem(error, "header")(environ, head)]
                head.headers += vary
        keep_from_caches(head.headers)
        return compressed(environ, head.headers, body)

    def _require_http(self, environ: "WSGIEnvironment") -> None:
        """Refuse a head that breaks the rules of HTTP, or is for another server."""
        if REPEATED in environ:
            require_lists(map(_header_of, environ[REPEATED]))
        host = environ.get("HTTP_HOST")
        require_host(host, environ.get("SERVER_PROTOCOL", "HTTP/1.0").removeprefix("HTTP/"))
        self._hosts.require(host)
        coding = environ.get("HTTP_TRANSFER_ENCODING")
        if coding is not None:
            require_chunked(coding)

    def _require(self, environ: "WSGIEnvironment") -> None:
        """Refuse a write without the token, and a body whose declared length is over the limit."""
        if REFUSED in environ:
            raise environ[REFUSED]
        if environ["REQUEST_METHOD"] not in _SAFE:
            self._authorization.require(environ.get("HTTP_AUTHORIZATION"))
        if body_length(environ.get("CONTENT_LENGTH", "")) > limits.MAX_BODY_BYTES:
            raise too_large()

    def _is_preflight(self, environ: "WSGIEnvironment") -> bool:
        """Whether a browser asks if a page may send something: it has no token to show yet."""
        return (
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ
            and self._origins.allowed(environ.get("HTTP_ORIGIN")) is not None
        )


class Head:
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


def _header_of(key: str) -> str:
    """The name of a header, in lower case, by its key in an environment."""
    return key.removeprefix("HTTP_").replace("_", "-").lower()


def _no_write(data: bytes) -> NoReturn:
    raise NotImplementedError("write() is of the past (PEP 3333)")


def _closed(body: Iterable[bytes]) -> list[bytes]:
    """An empty body in place of one that nobody will read, which is closed."""
    close = getattr(body, "close", None)
    if close:
        close()
    return []
