"""HTTP answers as JSON, and the map from error codes to statuses."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from graphql_api.asgi.media_types import JSON
from graphql_api.validation.errors import entry_of, internal_entry
from shared import limits
from shared.errors import (
    BodyTimedOut,
    BookstoreError,
    HeadTimedOut,
    HeadTooLarge,
    MalformedBody,
    MalformedRequest,
    MethodNotAllowed,
    Misdirected,
    NotFound,
    PreconditionFailed,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnknownCoding,
    UnsupportedMediaType,
    UriTooLong,
    ValidationFailed,
)
from shared.web import cache_control
from shared.web.authorization import challenge
from shared.web.bodies import to_json

Entries = Sequence[Mapping[str, Any]]

RETRY_LATER: Final = {"Retry-After": str(limits.RETRY_AFTER_S)}
NO_STORE: Final = {"Cache-Control": cache_control.NO_STORE}  # an error may be over the next moment

_REFUSABLE: Final = "websocket.http.response"  # ASGI's extension to refuse a handshake by HTTP

# For errors found before GraphQL is executed; errors of an execution are sent with 200.
_STATUSES: Final[dict[type[BookstoreError], int]] = {
    MalformedBody: 400,
    MalformedRequest: 400,
    ValidationFailed: 400,
    Unauthorized: 401,
    NotFound: 404,
    MethodNotAllowed: 405,
    BodyTimedOut: 408,
    HeadTimedOut: 408,
    PreconditionFailed: 412,
    TooLarge: 413,
    UriTooLong: 414,
    UnsupportedMediaType: 415,
    Misdirected: 421,
    HeadTooLarge: 431,
    UnknownCoding: 501,
    Unavailable: 503,
}


class Posted:
    """The answer to a POST that was executed: the same headers every time, so made beforehand.

    A `Response` makes them anew: 6 µs of the 30 that a small query takes.
    """

    __slots__ = ("_body", "_headers")

    def __init__(self, body: bytes, media_type: str, vary: str) -> None:
        self._body = body
        self._headers = _headers_of_posted(media_type, vary)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [(b"content-length", b"%d" % len(self._body)), *self._headers]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._body})


@cache
def _headers_of_posted(media_type: str, vary: str) -> tuple[tuple[bytes, bytes], ...]:
    return (
        (b"content-type", media_type.encode()),
        (b"vary", vary.encode()),
        (b"cache-control", NO_STORE["Cache-Control"].encode()),
    )


def options(methods: str) -> Response:
    """The answer to OPTIONS (RFC 9110, 9.3.7)."""
    return Response(status_code=204, headers={"Allow": methods, **NO_STORE})


def refusal(
    error: BookstoreError, headers: Mapping[str, str] | None = None, media_type: str = JSON
) -> Response:
    """The answer to a request that is refused."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    told = {**_told(error, status), **(headers or {})}
    return errors_response([entry_of(error)], status, told, media_type)


def _told(error: BookstoreError, status: int) -> Mapping[str, str]:
    """What the headers say of an error."""
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": challenge(error)}
    if isinstance(error, UnsupportedMediaType):
        return dict([error.accepted])
    return RETRY_LATER if status == 503 else {}


def internal_refusal(
    error: Exception, media_type: str = JSON, headers: Mapping[str, str] | None = None
) -> Response:
    """The answer to an unexpected error."""
    return errors_response([internal_entry(error)], 500, headers or {}, media_type)


async def refuse_socket(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Refuse to open a WebSocket by this answer; where the server cannot send it, by 403."""
    if _REFUSABLE in scope.get("extensions", ()):
        await answer(scope, receive, send)
    else:
        await send({"type": "websocket.close"})


def errors_response(
    entries: Entries, status: int, headers: Mapping[str, str], media_type: str = JSON
) -> Response:
    """Errors without data: nothing was executed."""
    return json_response({"errors": entries}, status, {**NO_STORE, **headers}, media_type)


def json_response(
    value: Any,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    media_type: str = JSON,
) -> Response:
    """A value as JSON."""
    return Response(to_json(value), status, headers, media_type)
