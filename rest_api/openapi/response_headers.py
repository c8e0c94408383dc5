"""The response headers of the OpenAPI document."""

from typing import Any, Final

from shared.web.authorization import CHALLENGE

Part = dict[str, Any]

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
    "Cache-Control": {
        "description": "A cache asks each time before it shows an answer to GET again; `private` "
        "where the token decides what is shown. Other answers are not kept. Where the server lets "
        "shared caches show an anonymous read for some seconds, that has `s-maxage`, and a request "
        "with `Authorization` is answered `private`.",
        "required": True,
        "schema": {
            "type": "string",
            "pattern": "^(no-cache|private, no-cache|no-store|"
            "public, s-maxage=[0-9]+, max-age=0, must-revalidate)$",
        },
        "example": "no-cache",
    },
    "ETag": {
        "description": "What tells this state and view from every other (RFC 9110, 8.8.3): for "
        "`If-None-Match`, and that of one resource for `If-Match`.",
        "required": True,
        "schema": {"type": "string", "pattern": '^"[!#-~]+"$'},
        "example": '"6b0f4d2c9a1e8357-book-1-1-00c0ffee00c0ffee00"',
    },
    "WWW-Authenticate": {
        "description": "How to say who you are (RFC 6750).",
        "required": True,
        "schema": {"type": "string"},
        "example": CHALLENGE,
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
# On every answer that is no stream.
ON_EVERY_ANSWER: Final = ("Cache-Control", "Server-Timing", "Vary", "X-Content-Type-Options")
