"""Errors as problem documents (RFC 9457): the one map from the bookstore's codes to HTTP."""

import logging
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NoRoute

from rest_api.web.answer import Answer
from shared import limits
from shared.errors import (
    BookstoreError,
    MethodNotAllowed,
    NotFound,
    TooComplex,
    Unauthorized,
    UnsupportedMediaType,
    ValidationFailed,
)
from shared.rules.values import printable
from shared.web.authorization import challenge
from shared.web.bodies import to_json

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger(__name__)

Where = Literal["path", "query", "header", "body"]

MEDIA_TYPE: Final = "application/problem+json"


class Problem(NamedTuple):
    """A type of problem.

    Attributes:
        status: of the answer.
        title: the same for every problem of this type (RFC 9457, 3.1.3).
        when: the situation in which it occurs, for the documentation.
    """

    status: int
    title: str
    when: str


PROBLEMS: Final = {
    "MALFORMED_BODY": Problem(
        400, "The body cannot be read", "The body is not JSON, not UTF-8, or not an object."
    ),
    "MALFORMED_REQUEST": Problem(
        400,
        "The request breaks the rules of HTTP",
        "`Host` is left out, a header comes twice that may come once, or it is no HTTP.",
    ),
    "UNAUTHORIZED": Problem(
        401, "Writing needs the token", "The server has a token, and the request is without it."
    ),
    "NOT_FOUND": Problem(
        404, "There is no such resource", "The addressed resource, or the route, does not exist."
    ),
    "METHOD_NOT_ALLOWED": Problem(
        405, "The resource has no such method", "`Allow` names those that it has."
    ),
    "BODY_TIMEOUT": Problem(
        408, "The body has not come", "The body takes longer than a request may; send it at once."
    ),
    "HEAD_TIMEOUT": Problem(
        408, "The head has not come", "The request's line and headers take too long; send them."
    ),
    "DUPLICATE": Problem(409, "The value is taken", "A value that must be unique is taken."),
    "IN_USE": Problem(409, "The resource is in use", "Others still refer to the resource."),
    "OUT_OF_STOCK": Problem(
        409, "There are too few copies", "A book has fewer copies than asked for."
    ),
    "INVALID_TRANSITION": Problem(
        409, "The order cannot go there", "An order's status does not allow it."
    ),
    "IDEMPOTENCY_MISMATCH": Problem(
        409, "The key was used for something else", "The `Idempotency-Key` has another order."
    ),
    "PRECONDITION_FAILED": Problem(
        412,
        "Somebody else was there first",
        "Its version is none of `If-Match`, or one of `If-None-Match`.",
    ),
    "TOO_LARGE": Problem(413, "The body is too large", "The body is over the limit."),
    "URI_TOO_LONG": Problem(
        414, "The line is too long", f"It has more than {limits.MAX_HEAD_BYTES:,} bytes."
    ),
    "UNSUPPORTED_MEDIA_TYPE": Problem(
        415, "The body has another type", "The body is said to be something else than JSON."
    ),
    "MISDIRECTED": Problem(
        421, "The host is not this server's", "`Host` names what this server does not answer for."
    ),
    "HEAD_TOO_LARGE": Problem(
        431,
        "The head is too large",
        f"It has more than {limits.MAX_HEAD_BYTES:,} bytes or {limits.MAX_HEAD_LINES} headers.",
    ),
    "VALIDATION": Problem(
        422, "A value breaks a rule", "A value breaks a rule; `errors` has each of them."
    ),
    "UNKNOWN_FIELD": Problem(
        422, "There is no such field", "A `fields` path or a sort key does not exist."
    ),
    "UNKNOWN_REFERENCE": Problem(
        422, "An id in the body leads nowhere", "An id inside a body does not exist."
    ),
    "TOO_COMPLEX": Problem(
        422, "It asks for too much", "`fields` and the limit could give more than `limit` objects."
    ),
    "PRECONDITION_REQUIRED": Problem(
        428, "A change must name a version", "The server wants `If-Match`, and it is left out."
    ),
    "INTERNAL": Problem(
        500, "Something went wrong here", "Nobody expected it; the log has it under `instance`."
    ),
    "NOT_IMPLEMENTED": Problem(
        501,
        "The transfer coding is not known",
        "`Transfer-Encoding` names another coding than `chunked`.",
    ),
    "UNAVAILABLE": Problem(
        503, "Not available now", "The database does not answer; try again after `Retry-After`."
    ),
    "TIMEOUT": Problem(
        503, "It took too long", "The request took longer than it may; ask for less."
    ),
    "TOO_MANY_STREAMS": Problem(
        503, "Too many streams are open", "As many clients as may be wait for events already."
    ),
    "TOO_MANY_BODIES": Problem(
        503, "Too many bodies are waited for", "Many clients have not sent what they announced."
    ),
}


class BadInput(Exception):
    """A rule that a part of the request breaks, with the name of that part."""

    def __init__(self, where: Where, error: BookstoreError) -> None:
        super().__init__(where, error)
        self.where = where
        self.error = error


def problem(
    error: BookstoreError, where: Where = "body", headers: list[tuple[str, str]] | None = None
) -> Answer:
    """The answer for an error; what an operation blames comes from the body."""
    kind = PROBLEMS[error.code]
    document: dict[str, Any] = {
        "type": type_of(error.code),
        "title": kind.title,
        "status": kind.status,
        "detail": error.message,
        "code": error.code,
    }
    if isinstance(error, ValidationFailed):
        document["errors"] = [
            {"in": where, "field": violation.field, "message": violation.message}
            for violation in error.violations
        ]
    elif error.field:
        document["errors"] = [{"in": where, "field": error.field, "message": error.message}]
    if isinstance(error, TooComplex):
        document |= {"cost": error.cost, "limit": error.limit}
    if isinstance(error, Unauthorized):
        headers = [("WWW-Authenticate", challenge(error))]
    if isinstance(error, UnsupportedMediaType):
        headers = [error.accepted]
    return _answer(document, headers)


def type_of(code: str) -> str:
    """The problem type's address on this server."""
    return f"/problems/{code.lower().replace('_', '-')}"


def internal_problem(error: Exception) -> Answer:
    """The answer to an unexpected error: masked, and logged under the id that it carries."""
    instance = f"urn:uuid:{uuid.uuid4()}"
    log.error("internal error %s", instance, exc_info=error)
    return _answer(
        {
            "type": type_of("INTERNAL"),
            "title": PROBLEMS["INTERNAL"].title,
            "status": 500,
            "detail": f"this request failed unexpectedly; the server's log has it as {instance}",
            "code": "INTERNAL",
            "instance": instance,
        }
    )


def http_problem(error: HTTPException, method: str, path: str, prefix: str = "") -> Answer:
    """The answer to a request that Flask or Werkzeug refuses; `path` is below the prefix."""
    path = prefix + printable(path)
    if isinstance(error, NoRoute):
        text = f"there is nothing at {path}; {prefix}/openapi.json names what there is"
        return problem(NotFound(text))
    if isinstance(error, WrongMethod):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        text = f"{path} has no {method}, only {allowed}"
        return problem(MethodNotAllowed(text), headers=[("Allow", allowed)])
    return _answer(
        {
            "type": "about:blank",
            "title": error.name,
            "status": error.code or 500,
            "detail": error.description or error.name,
            "code": error.name.upper().replace(" ", "_"),
        }
    )


def _answer(document: dict[str, Any], headers: list[tuple[str, str]] | None = None) -> Answer:
    headers = headers or []
    if document["status"] == 503:
        headers.append(("Retry-After", str(limits.RETRY_AFTER_S)))
    return _ProblemDocument(document, headers)


class _ProblemDocument(Answer):
    """A problem document; its type is looked up by the way that the request came."""

    __slots__ = ("_document", "_more_headers")

    def __init__(self, document: dict[str, Any], headers: list[tuple[str, str]]) -> None:
        super().__init__(to_json(document), document["status"], headers, MEDIA_TYPE)
        self._document = document
        self._more_headers = headers

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        prefix = environ.get("SCRIPT_NAME", "")
        kind: str = self._document["type"]
        if not (prefix and kind.startswith("/")):
            return super().__call__(environ, start_response)
        document = {**self._document, "type": prefix + kind}
        answer = Answer(to_json(document), document["status"], self._more_headers, MEDIA_TYPE)
        return answer(environ, start_response)
