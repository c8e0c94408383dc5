"""HTTP answers: JSON, and the one map from errors to statuses."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import Response

from graphql_api.errors import entry_of, internal_entry
from shared.bodies import to_json
from shared.errors import (
    BookstoreError,
    MalformedBody,
    MethodNotAllowed,
    NotFound,
    TooLarge,
    Unavailable,
    UnsupportedMediaType,
    ValidationFailed,
)

JSON: Final = "application/json"
RETRY_AFTER_SECONDS: Final = "1"

# For what is wrong with a request before GraphQL comes to it; its own errors go with 200.
_STATUSES: Final[dict[type[BookstoreError], int]] = {
    MalformedBody: 400,
    ValidationFailed: 400,
    NotFound: 404,
    MethodNotAllowed: 405,
    TooLarge: 413,
    UnsupportedMediaType: 415,
    Unavailable: 503,
}


def refusal(error: BookstoreError, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that is refused."""
    status = next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    more = {"Retry-After": RETRY_AFTER_SECONDS} if status == 503 else {}
    return json_response({"errors": [entry_of(error)]}, status, {**more, **(headers or {})})


def internal_refusal(error: Exception) -> Response:
    """The answer where something happened that nobody expected."""
    return json_response({"errors": [internal_entry(error)]}, 500)


def json_response(
    value: Any, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """A value as JSON."""
    return Response(to_json(value), status, headers, JSON)
