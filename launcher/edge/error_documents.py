"""What the edge answers by itself where a server's answer is missing: errors in each API's form."""

import json
from dataclasses import dataclass, replace
from typing import Final, Literal

from shared import limits
from shared.web.bodies import too_large

Api = Literal["rest", "graphql"]

APIS: Final[tuple[Api, ...]] = ("rest", "graphql")
_MEDIA_TYPES: Final = {"rest": "application/problem+json", "graphql": "application/json"}
_SERVERS: Final = {"rest": "REST", "graphql": "GraphQL"}
_METHODS: Final = {
    "rest": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
    "graphql": "GET, HEAD, POST",
}


@dataclass(frozen=True)
class Error:
    """An error that the edge answers.

    Attributes:
        causes: nginx's own statuses for it, some of which HTTP does not know.
        status: that is sent in their place.
        code: as the servers have it, and so is the title.
        detail: what was wrong, with `{server}` for the name of the one that was asked.
        header: one more, as name and value; `{methods}` stands for those of the API.
    """

    causes: tuple[int, ...]
    status: int
    code: str
    title: str
    detail: str
    header: tuple[str, str] | None = None


ERRORS: Final = (
    Error(
        (400, 505),
        400,
        "MALFORMED_REQUEST",
        "The request breaks the rules of HTTP",
        "the request is not written as HTTP wants it",
    ),
    Error(
        (497,),
        400,
        "MALFORMED_REQUEST",
        "The request breaks the rules of HTTP",
        "this port speaks HTTPS alone: begin the address with https://",
    ),
    Error(
        (404,),
        404,
        "NOT_FOUND",
        "There is no such resource",
        "there is nothing here; / and /rest/ name what there is",
    ),
    Error(
        (405,),
        405,
        "METHOD_NOT_ALLOWED",
        "The resource has no such method",
        "there is no such method here, only {methods}",
        ("Allow", "{methods}"),
    ),
    Error((413,), 413, "TOO_LARGE", "The body is too large", too_large().message),
    Error(
        (414, 494),
        431,
        "HEAD_TOO_LARGE",
        "The head is too large",
        f"the head of the request must have at most {limits.MAX_HEAD_BYTES:,} bytes and "
        f"{limits.MAX_HEAD_LINES} headers",
    ),
    Error(
        (500,),
        500,
        "INTERNAL",
        "Something went wrong here",
        "the proxy in front of the server failed unexpectedly; its log says how",
    ),
    Error(
        (501,),
        501,
        "NOT_IMPLEMENTED",
        "The transfer coding is not known",
        "Transfer-Encoding must be chunked",
    ),
    Error(
        (502, 504),
        503,
        "UNAVAILABLE",
        "Not available now",
        "the {server} server does not answer; try again later",
        ("Retry-After", str(limits.RETRY_AFTER_S)),
    ),
)


@dataclass(frozen=True)
class Document:
    """An error as one API answers it."""

    error: Error
    api: Api
    media_type: str
    body: str

    @property
    def path(self) -> str:
        """Under which the edge has it for itself."""
        return f"/.edge/{self.api}/{self.error.causes[0]}"


def documents(rest_prefix: str) -> list[Document]:
    """All errors in both forms; REST's types of problems are below its prefix."""
    return [_document(error, api, rest_prefix) for error in ERRORS for api in APIS]


def _document(error: Error, api: Api, rest_prefix: str) -> Document:
    methods = _METHODS[api]
    detail = error.detail.format(server=_SERVERS[api], methods=methods)
    if error.header:
        name, value = error.header
        error = replace(error, header=(name, value.format(methods=methods)))
    body: dict[str, object]
    if api == "rest":
        body = {
            "type": f"{rest_prefix}/problems/{error.code.lower().replace('_', '-')}",
            "title": error.title,
            "status": error.status,
            "detail": detail,
            "code": error.code,
        }
    else:
        body = {"errors": [{"message": detail, "extensions": {"code": error.code}}]}
    text = json.dumps(body, separators=(",", ":"))
    return Document(error, api, _MEDIA_TYPES[api], text)
