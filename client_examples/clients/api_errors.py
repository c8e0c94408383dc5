"""What a call to either server can raise: one tree, the same codes for both."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from requests import Response


class ApiError(Exception):
    """A call did not give what was asked for; `code` says why, the same word on both APIs."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Unreachable(ApiError):
    """No whole answer came: nothing listens, a connection broke, or time ran out."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"{url} does not answer: {reason}", "UNREACHABLE")
        self.url = url
        self.reason = reason


class CircuitOpen(Unreachable):
    """Nothing was sent: the server has failed too often; it is tried again in `retry_in_s` s."""

    def __init__(self, url: str, retry_in_s: float) -> None:
        super().__init__(
            url, f"it has failed too often just now; next attempt in {retry_in_s:.1f} s"
        )
        self.code = "CIRCUIT_OPEN"
        self.retry_in_s = retry_in_s


class NotSent(ApiError):
    """Nothing was sent, as a header cannot be; its value, which may be secret, is not told."""

    def __init__(self, header: str) -> None:
        super().__init__(
            f"the header {header} cannot be sent: its value must be text (Latin-1) without line "
            "breaks, and begin with no space",
            "NOT_SENT",
        )


class BadAnswer(ApiError):
    """An answer came, but it is not what such a server sends (JSON of the expected shape)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message, "BAD_ANSWER")
        self.status = status


class UnexpectedStatus(ApiError):
    """An answer has another status than the one that was expected."""

    def __init__(self, status: int, expected: int) -> None:
        super().__init__(f"got {status}, expected {expected}", f"HTTP_{status}")
        self.status = status


@dataclass(frozen=True)
class FieldError:
    """One member of a problem's `errors`: where it stands, which field, what would be right."""

    location: str
    field: str
    message: str


class ProblemError(ApiError):
    """A status that is not 2xx, with what its problem document says (RFC 9457)."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.title = str(problem.get("title", ""))
        self.detail = str(problem.get("detail") or self.title or _phrase(status))
        self.errors = tuple(_field_errors(problem.get("errors")))
        more = [error for error in self.errors if error.message not in self.detail]
        described = "; ".join(f"{error.field}: {error.message}" for error in more)
        message = f"{status} {self.detail}" + (f" ({described})" if described else "")
        super().__init__(message, str(problem.get("code", f"HTTP_{status}")))


@dataclass(frozen=True)
class GraphqlErrorEntry:
    """One member of a GraphQL answer's `errors`."""

    message: str
    code: str
    field: str | None
    path: tuple[str | int, ...]


class GraphqlError(ApiError):
    """A GraphQL answer with errors; `code` and `field` are those of the first."""

    def __init__(self, status: int, errors: list[Any], data: Any = None) -> None:
        self.status = status
        self.errors = tuple(_entry(error) for error in errors)
        self.field = self.errors[0].field
        self.data = data
        super().__init__("; ".join(error.message for error in self.errors), self.errors[0].code)


def rest_answer(response: Response) -> Any:
    """The decoded body of a REST answer, None where there is none.

    Raises:
        ProblemError: the status is not 2xx.
        BadAnswer: the body is not JSON.
    """
    if not 200 <= response.status_code < 300:
        raise ProblemError(response.status_code, _problem(response))
    if not response.content:
        return None
    return _decoded(response)


def graphql_answer(response: Response) -> dict[str, Any]:
    """The `data` of a GraphQL answer; a partly failed one counts as failed.

    Raises:
        GraphqlError: the answer carries `errors`.
        ProblemError: the status is not 2xx, without GraphQL errors.
        BadAnswer: the body is not JSON, or has no `data`.
    """
    ok = 200 <= response.status_code < 300
    body: Any = _decoded(response) if ok else _problem(response)
    errors = body.get("errors") if isinstance(body, dict) else None
    # A problem document, which has a `code`, may have `errors` too.
    if errors and isinstance(errors, list) and "code" not in body:
        raise GraphqlError(response.status_code, errors, body.get("data"))
    if not ok:
        raise ProblemError(response.status_code, body)
    if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
        raise BadAnswer("the answer has no GraphQL data", response.status_code)
    data: dict[str, Any] = body["data"]
    return data


def expected_answer(status: int, response: Response) -> Any:
    """The decoded body of an answer that must have this status; None where it holds no JSON.

    Raises:
        UnexpectedStatus: it has another one.
    """
    if response.status_code != status:
        raise UnexpectedStatus(response.status_code, status)
    try:
        return json.loads(response.content)
    except ValueError:
        return None


def expected_errors(status: int | None, response: Response) -> dict[str, Any]:
    """A GraphQL answer that must have errors, and this status if one is given: all of its body.

    Raises:
        UnexpectedStatus: it has another status.
        BadAnswer: it is not JSON, or has no errors.
    """
    if status is not None and response.status_code != status:
        raise UnexpectedStatus(response.status_code, status)
    body: Any = _decoded(response)
    if not isinstance(body, dict) or not body.get("errors"):
        raise BadAnswer("the answer has no errors, which were expected", response.status_code)
    return body


def _decoded(response: Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError as error:
        raise BadAnswer(f"the answer is not JSON: {error}", response.status_code) from error


def _problem(response: Response) -> dict[str, Any]:
    """The body of a failed request where it is an object, else what the status line says."""
    try:
        body = json.loads(response.content)
    except ValueError:
        body = None
    return body if isinstance(body, dict) else {"title": response.reason or ""}


def _phrase(status: int) -> str:
    """What a status means, in the words of its standard."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "a status that no standard names"


def _field_errors(errors: Any) -> list[FieldError]:
    members = [error for error in errors or [] if isinstance(error, dict)]
    return [
        FieldError(str(m.get("in", "")), str(m.get("field", "")), str(m.get("message", "")))
        for m in members
    ]


def _entry(error: Any) -> GraphqlErrorEntry:
    error = error if isinstance(error, dict) else {"message": str(error)}
    extensions = error.get("extensions") or {}
    return GraphqlErrorEntry(
        message=str(error.get("message", "")),
        code=str(extensions.get("code", "GRAPHQL_ERROR")),
        field=extensions.get("field"),
        path=tuple(error.get("path") or ()),
    )
