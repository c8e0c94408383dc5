"""The errors of the bookstore: one tree, a stable code each. Each server maps it once."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from shared import limits


class BookstoreError(Exception):
    """Something that the caller can be told.

    Attributes:
        code: stable, in capitals; both APIs show it.
        message: what was wrong and what would be right.
        field: the input that is to blame, in snake_case with dots, or None.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: where (member names and list positions) and what would be right."""

    path: tuple[str | int, ...]
    rule: str

    @property
    def field(self) -> str:
        """The path with dots, e.g. `items.0.quantity`."""
        return ".".join(map(str, self.path))

    @property
    def message(self) -> str:
        """The rule as a sentence that begins with the field."""
        return f"{self.field or 'the input'} {self.rule}"


class ValidationFailed(BookstoreError):
    """Values that break rules; it names every one of them, or the first `MAX_VIOLATIONS`."""

    code = "VALIDATION"

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = tuple(violations[: limits.MAX_VIOLATIONS])
        first = violations[0]
        super().__init__("; ".join(v.message for v in self.violations), field=first.field or None)


class MalformedBody(BookstoreError):
    """A body that is not JSON, not UTF-8, or not an object."""

    code = "MALFORMED_BODY"


class MalformedRequest(BookstoreError):
    """A head that breaks the rules of HTTP, whatever it asks for."""

    code = "MALFORMED_REQUEST"


class RepeatedHeader(MalformedRequest):
    """A header of a single value that comes more than once."""


class UnknownVersion(MalformedRequest):
    """A WebSocket of another version than the server's."""


class UnknownCoding(BookstoreError):
    """A body in a transfer coding that the server does not know."""

    code = "NOT_IMPLEMENTED"


class HeadTooLarge(BookstoreError):
    """A head, or the framing of a body (chunk extensions, trailers), over the limits."""

    code = "HEAD_TOO_LARGE"


class UriTooLong(BookstoreError):
    """A request line over the limit."""

    code = "URI_TOO_LONG"


class HeadTimedOut(BookstoreError):
    """A head that has not come in time."""

    code = "HEAD_TIMEOUT"


class UnknownField(BookstoreError):
    """A `fields` path or a sort key that does not exist."""

    code = "UNKNOWN_FIELD"


class UnknownReference(BookstoreError):
    """An id inside an input that does not exist."""

    code = "UNKNOWN_REFERENCE"


class NotFound(BookstoreError):
    """The addressed resource does not exist."""

    code = "NOT_FOUND"


class Conflict(BookstoreError):
    """The state of the bookstore does not allow it."""


class Duplicate(Conflict):
    """A value that must be unique is taken."""

    code = "DUPLICATE"


class InUse(Conflict):
    """Others still refer to it."""

    code = "IN_USE"


class OutOfStock(Conflict):
    """Fewer copies than asked for."""

    code = "OUT_OF_STOCK"


class InvalidTransition(Conflict):
    """An order cannot go from its status to the one asked for."""

    code = "INVALID_TRANSITION"


class IdempotencyMismatch(Conflict):
    """An idempotency key that was used for another input."""

    code = "IDEMPOTENCY_MISMATCH"


class PreconditionFailed(BookstoreError):
    """Somebody else has changed it since the caller read it."""

    code = "PRECONDITION_FAILED"


class PreconditionRequired(BookstoreError):
    """A write that must say which version it changes does not."""

    code = "PRECONDITION_REQUIRED"


class Unauthorized(BookstoreError):
    """A write without the token that it needs.

    Attributes:
        has_token: whether it has another one.
    """

    code = "UNAUTHORIZED"

    def __init__(self, message: str, *, has_token: bool = False) -> None:
        super().__init__(message)
        self.has_token = has_token


class Misdirected(BookstoreError):
    """A request for a host that this server does not answer for."""

    code = "MISDIRECTED"


class TooComplex(BookstoreError):
    """A request that asks for more than one request may.

    Attributes:
        cost: the most objects that it could give; None where something else is too much.
        limit: the most that it may.
    """

    code = "TOO_COMPLEX"

    def __init__(
        self, message: str, limit: int, cost: int | None = None, field: str | None = None
    ) -> None:
        super().__init__(message, field=field)
        self.limit = limit
        self.cost = cost


class TooLarge(BookstoreError):
    """A request body over the limit."""

    code = "TOO_LARGE"


class BodyTimedOut(BookstoreError):
    """A request body that has not come in time."""

    code = "BODY_TIMEOUT"


class UnsupportedMediaType(BookstoreError):
    """A body of another type than JSON, or in a coding.

    Attributes:
        accepted: the header of the answer that names what is accepted, and its value.
    """

    code = "UNSUPPORTED_MEDIA_TYPE"

    def __init__(self, message: str, accepted: tuple[str, str]) -> None:
        super().__init__(message)
        self.accepted = accepted


class MethodNotAllowed(BookstoreError):
    """The resource has no such method."""

    code = "METHOD_NOT_ALLOWED"


class Unavailable(BookstoreError):
    """The database does not answer now; trying again later may help."""

    code = "UNAVAILABLE"


class TimedOut(Unavailable):
    """The request took longer than it may."""

    code = "TIMEOUT"


class TooManyStreams(Unavailable):
    """Too many streams are open already."""

    code = "TOO_MANY_STREAMS"


class TooManyBodies(Unavailable):
    """Too many request bodies are incomplete or unanswered already."""

    code = "TOO_MANY_BODIES"


class StartError(Exception):
    """The program cannot start: one line that names what is wrong and the fix."""
