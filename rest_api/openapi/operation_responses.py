"""The responses of each operation in the OpenAPI document, with their headers."""

from importlib.metadata import version
from typing import Any, Final, Literal

from flask_openapi.types import ResponseDict
from pydantic import BaseModel, Field

from rest_api.openapi.response_headers import ON_EVERY_ANSWER
from rest_api.web.problems import MEDIA_TYPE, PROBLEMS
from shared import limits
from shared.reading.catalogue import ENTITIES

Part = dict[str, Any]

INFO: Final[Part] = {
    "title": "Bookstore",
    "version": version("bookstore-rest-graphql"),
    "summary": "Authors, books, customers and orders over REST.",
    "description": (
        "Every error is a problem document (RFC 9457). A method that a resource does not have is "
        "answered with 405 and `Allow`, an unknown route with 404; OPTIONS with 204 and `Allow`. A "
        "path may end in a slash. Unknown query parameters are refused. A body of more than "
        f"{limits.GZIP_MINIMUM_BYTES:,} bytes is compressed where `Accept-Encoding` allows gzip. "
        "Every GET has an `ETag`, and is answered with 304 where `If-None-Match` has it, with 412 "
        "where `If-Match` has others. A change with `If-Match` happens only to the version that "
        "was read, and one with `If-None-Match` to no version that it names. A header of a single "
        "value that comes twice is answered with 400, a request for a host that is not this "
        "server's with 421. What is no HTTP at all is answered with 400, "
        f"a URI of more than {limits.MAX_HEAD_BYTES:,} bytes with 414, a head that does not come "
        f"within {limits.HEAD_TIMEOUT_S:g} s with 408."
    ),
    "contact": {"name": "The bookstore project"},
    "license": {"name": "MIT", "identifier": "MIT"},
}


class BrokenRule(BaseModel):
    """A value that is to blame."""

    where: Literal["path", "query", "header", "body"] = Field(
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
    cost: int = Field(
        default_factory=int,
        description="Only with `TOO_COMPLEX`: the most objects that were asked for; a search "
        "counts as 50, a sort that no index has with the filters as 50, 100 rows of an offset "
        "as 1.",
    )
    limit: int = Field(
        default_factory=int,
        description="Only with `TOO_COMPLEX`: the most objects that may be asked for.",
    )
    instance: str = Field(
        default_factory=str,
        description="Only with `INTERNAL`: the id under which the server's log has it.",
        json_schema_extra={"format": "uri"},
    )


ERRORS: Final = {
    400: "BadRequest",
    401: "Unauthorized",
    404: "NotFound",
    408: "BodyTimeout",
    409: "Conflict",
    412: "PreconditionFailed",
    413: "TooLarge",
    415: "UnsupportedMediaType",
    421: "Misdirected",
    422: "Invalid",
    428: "PreconditionRequired",
    431: "HeadTooLarge",
    500: "Internal",
    501: "NotImplemented",
    503: "Unavailable",
}


def headers(*names: str) -> dict[str, Part]:
    """References to the headers that are on every answer, and to these."""
    return {name: _reference("headers", name) for name in (*ON_EVERY_ANSWER, *names)}


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
    return {
        "anyOf": [
            _reference("schemas", model.__name__),
            _reference("schemas", f"{_noun(model)}Selection"),
        ]
    }


def _noun(model: type[BaseModel]) -> str:
    return model.__name__.removesuffix("Summary")


def _deprecation(model: type[BaseModel]) -> tuple[str, ...]:
    """The headers of answers that can have a deprecated field."""
    reachable = ENTITIES[_noun(model).lower()].reachable()
    is_possible = any(entity.deprecated for entity in reachable)
    return ("Deprecation", "Link", "Sunset") if is_possible else ()


ALWAYS: Final = _errors(400, 421, 422, 431, 500, 501, 503)
_BODY_ERRORS: Final = _errors(401, 408, 413, 415)
_CHANGE_ERRORS: Final = _errors(401, 404, 409, 412, 428)
_CONDITIONS: Final[ResponseDict] = {
    304: _reference("responses", "NotModified"),
    **_errors(412),
}


def answers(schema: Part, description: str, *errors: int) -> ResponseDict:
    """Responses of an operation that gives JSON of this schema."""
    return {200: _json(description, schema, "ETag"), **_CONDITIONS, **_errors(*errors)}


def start_page_answers() -> ResponseDict:
    """Responses of the start page, which comes in two media types."""
    addresses = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}
    shown = _json("Links.", {"type": "object", "additionalProperties": addresses}, "ETag")
    shown["content"]["text/html"] = {"schema": {"type": "string"}}
    return {200: shown, **_CONDITIONS}


def one(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that shows a resource."""
    shown = _json("The resource.", _shown(model), "ETag", *_deprecation(model))
    return {200: shown, **_CONDITIONS, **_errors(404)}


def page_of(model: type[BaseModel], *, within: bool = False) -> ResponseDict:
    """Responses of an operation that lists resources, perhaps those within another one."""
    schema = {"type": "array", "maxItems": limits.MAX_LIMIT, "items": _shown(model)}
    shown = _json("The list.", schema, "ETag", "Link", *_deprecation(model))
    return {200: shown, **_CONDITIONS, **(_errors(404) if within else {})}


def created(model: type[BaseModel], *errors: int) -> ResponseDict:
    """Responses of an operation that adds a resource, with errors that others do not have."""
    shown = _json("The new resource.", _shown(model), "ETag", "Location", *_deprecation(model))
    return {201: shown, **_BODY_ERRORS, **_errors(409, *errors)}


def changed(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that changes a resource."""
    shown = _json("The resource as it is now.", _shown(model), "ETag", *_deprecation(model))
    return {200: shown, **_BODY_ERRORS, **_CHANGE_ERRORS}


def replaced(model: type[BaseModel]) -> ResponseDict:
    """Responses of an operation that replaces a resource, whose answer has no tag."""
    shown = _json("The resource as it is now.", _shown(model), *_deprecation(model))
    return {200: shown, **_BODY_ERRORS, **_CHANGE_ERRORS}


def deleted() -> ResponseDict:
    """Responses of an operation that removes a resource."""
    gone = {"description": "It is gone.", "headers": headers()}
    return {204: gone, **_CHANGE_ERRORS}


def responses() -> dict[str, Part]:
    """The component for each status that errors have, and the one for 304."""
    errors = {name: _error_response(status) for status, name in ERRORS.items()}
    unchanged = {
        "description": "`If-None-Match` has the tag of what would be shown.",
        "headers": headers("ETag"),
    }
    return {"NotModified": unchanged, **errors}


_MORE_HEADERS: Final = {
    401: ["WWW-Authenticate"],
    415: ["Accept", "Accept-Encoding", "Accept-Patch"],
    503: ["Retry-After"],
}


def _error_response(status: int) -> Part:
    kinds = [f"`{code}`: {kind.when}" for code, kind in PROBLEMS.items() if kind.status == status]
    return {
        "description": "\n\n".join(kinds),
        "headers": headers(*_MORE_HEADERS.get(status, [])),
        "content": {MEDIA_TYPE: {"schema": _reference("schemas", "Problem")}},
    }
