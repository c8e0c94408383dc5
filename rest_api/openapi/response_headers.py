"""The response headers of the OpenAPI document."""

from email.utils import format_datetime
from typing import Any, Final

from shared.reading.catalogue import ORDER
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
    "Accept": {
        "description": "Which media types a body may have, where its type is to blame "
        "(RFC 9110, 15.5.16); of a PATCH, `Accept-Patch` says so (RFC 5789).",
        "schema": {"type": "string"},
        "example": "application/json",
    },
    "Accept-Patch": {
        "description": "Which media types the body of a PATCH may have (RFC 5789, 3.1).",
        "schema": {"type": "string"},
        "example": "application/merge-patch+json, application/json",
    },
    "Accept-Encoding": {
        "description": "Which codings a body may have, where its coding is to blame.",
        "schema": {"type": "string", "const": "identity"},
    },
    "Link": {
        "description": "The list's first, previous and next page, where there are such "
        "(RFC 8288); not with `ids`. And, where a deprecated field is shown, as `deprecation` what "
        "the server says of such (RFC 9745, 3).",
        "schema": {"type": "string"},
        "example": '</books>; rel="first", </books?offset=20>; rel="next"',
    },
    "Deprecation": {
        "description": "Only where a deprecated field is shown: since when it is, in seconds of "
        "Unix time after an `@` (RFC 9745). The address itself, and the other fields, stay.",
        "schema": {"type": "string", "pattern": "^@[0-9]+$"},
        "example": f"@{ORDER.deprecated['item_count'].since.timestamp():.0f}",
    },
    "Sunset": {
        "description": "Only where a deprecated field is shown: from when on it may be gone "
        "(RFC 8594).",
        "schema": {"type": "string"},
        "example": format_datetime(ORDER.deprecated["item_count"].sunset, usegmt=True),
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
