"""The parts that make the OpenAPI document whole: responses, headers, what `fields` can show."""

from importlib.metadata import version
from typing import Any, Final, Literal

from flask_openapi.types import ResponseDict
from pydantic import BaseModel, Field

from rest_api.problems import MEDIA_TYPE, PROBLEMS
from shared import limits

Part = dict[str, Any]

INFO: Final[Part] = {
    "title": "Bookstore",
    "version": version("bookstore-rest-graphql"),
    "summary": "Authors, books, customers and orders over REST.",
    "description": (
        "Every error is a problem document (RFC 9457). A method that a resource does not have is "
        "answered with 405 and `Allow`, an unknown route with 404. Unknown query parameters are "
        "refused. A body of more than "
        f"{limits.GZIP_MINIMUM_BYTES:,} bytes is compressed where `Accept-Encoding` allows gzip."
    ),
    "contact": {"name": "The bookstore project"},
    "license": {"name": "MIT", "identifier": "MIT"},
}


class BrokenRule(BaseModel):
    """A value that is to blame."""

    where: Literal["path", "query", "body"] = Field(
        alias="in", description="The part of the request that has it."
    )
    field: str = Field(description="Its name, with dots, e.g. `items.0.quantity`.")
    message: str = Field(description="What was wrong and what would be right.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(
        description="The type's address.", json_schema_extra={"format": "uri-reference"}
    )
    title: str = Field(description="The type in words, the same each time.")
    status: int = Field(description="The HTTP status.", ge=400, le=599)
    detail: str = Field(description="What was wrong this time and what would be right.")
    code: str = Field(
        description="The type as a stable word.", json_schema_extra={"enum": list(PROBLEMS)}
    )
    errors: list[BrokenRule] = Field(
        default_factory=list, description="The values that are to blame."
    )
    instance: str = Field(
        default_factory=str,
        description="Only with `INTERNAL`: the id under which the server's log has it.",
        json_schema_extra={"format": "uri"},
    )


HEADERS: Final[dict[str, Part]] = {
    "Server-Timing": {
        "description": "Milliseconds in all and in the database, and its statements "
        "(W3C Server Timing).",
        "required": True,
        "schema": {"type": "string"},
        "example": 'total;dur=0.31, db;dur=0.05;desc="1 statement"',
    },
    "Vary": {
        "description": "The request headers that the answer depends on.",
        "required": True,
        "schema": {"type": "string"},
        "example": "Accept-Encoding, Origin",
    },
    "X-Content-Type-Options": {
        "description": "The content type is to be believed.",
        "required": True,
        "schema": {"type": "string", "const": "nosniff"},
    },
    "Link": {
        "description": "The list's first, previous and next page, where there are such "
        "(RFC 8288). Not with `ids`.",
        "schema": {"type": "string"},
        "example": '</books>; rel="first", </books?offset=20>; rel="next"',
    },
    "Location": {
        "description": "The new resource.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
        "example": "/books/1001",
    },
    "Retry-After": {
        "description": "Seconds after which to try again.",
        "required": True,
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
    },
}
_ON_EVERY_ANSWER: Final = ("Server-Timing", "Vary", "X-Content-Type-Options")

ERRORS: Final = {
    400: "MalformedBody",
    404: "NotFound",
    409: "Conflict",
    413: "TooLarge",
    415: "UnsupportedMediaType",
    422: "Invalid",
    500: "Internal",
    503: "Unavailable",
}


def headers(*names: str) -> dict[str, Part]:
    """References to the headers that are on every answer, and to these."""
    return {name: _reference("headers", name) for name in (*_ON_EVERY_ANSWER, *names)}


def _reference(kind: str, name: str) -> Part:
    return {"$ref": f"#/components/{kind}/{name}"}


def _errors(*statuses: int) -> ResponseDict:
    return {status: _reference("responses", ERRORS[status]) for status in statuses}


def _json(description: str, schema: Part, *more_headers: str) -> Part:
    return {
        "description": description,
        "headers": headers(*more_headers),
        "content": {"application/json": {"schema": schema}},
    }


def _shown(model: type[BaseModel]) -> Part:
    """A resource as it is shown by itself, or what `fields` makes of it."""
    noun = model.__name__.removesuffix("Summary")
    return {
        "anyOf": [
            _reference("schemas", model.__name__),
            _reference("schemas", f"{noun}Selection"),
        ]
    }


ALWAYS: Final = _errors(422, 500, 503)
_BODY_ERRORS: Final = _errors(400, 413, 415)


def answers(schema: Part, description: str, *errors: int) -> ResponseDict:
    """Responses of an operation that gives JSON of this schema."""
    return {200: _json(description, schema), **_errors(*errors)}


def start_page_answers() -> ResponseDict:
    """Responses of the start page, which comes in two media types."""
    addresses = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    shown = _json("Links.", {"type": "object", "additionalProperties": addresses})
    shown["content"]["text/html"] = {"schema": {"type": "string"}}
    return {200: shown}


def one(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that shows a resource."""
    return {200: _json("The resource.", _shown(model)), **_errors(404)}


def page_of(model: type[BaseModel], *, within: bool = False) -> ResponseDict:
    """Responses of an operation that lists resources, perhaps those within another one."""
    schema = {"type": "array", "maxItems": limits.MAX_LIMIT, "items": _shown(model)}
    return {200: _json("The list.", schema, "Link"), **(_errors(404) if within else {})}


def created(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that adds a resource."""
    shown = _json("The new resource.", _shown(model), "Location")
    return {201: shown, **_BODY_ERRORS, **_errors(409)}


def changed(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that changes a resource."""
    shown = _json("The resource as it is now.", _shown(model))
    return {200: shown, **_BODY_ERRORS, **_errors(404, 409)}


def deleted() -> ResponseDict:
    """Responses of an operation that removes a resource."""
    gone = {"description": "It is gone.", "headers": headers()}
    return {204: gone, **_errors(404, 409)}


def error_responses() -> dict[str, Part]:
    """The component for each status that errors have."""
    return {name: _error_response(status) for status, name in ERRORS.items()}


def _error_response(status: int) -> Part:
    kinds = [f"`{code}`: {kind.when}" for code, kind in PROBLEMS.items() if kind.status == status]
    return {
        "description": "\n\n".join(kinds),
        "headers": headers(*(["Retry-After"] if status == 503 else [])),
        "content": {MEDIA_TYPE: {"schema": _reference("schemas", "Problem")}},
    }
