"""Request headers and security in the OpenAPI document, which no view's model declares."""

from typing import Any, Final

from shared import limits

Part = dict[str, Any]

_TAG: Final = '(W/)?"[!#-~]*"'
_IF_NONE_MATCH: Final[Part] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "Tags that the client has: 304 where one of them is what would be shown "
    "(RFC 9110, 13.1.2).",
    "required": False,
    "schema": {"type": "string"},
}
_TAGS: Final = rf"^(\*|{_TAG}( *, *{_TAG})*)$"
_UNLESS: Final[Part] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "Tags of states that are not to be changed, or `*`: any. 412 where it has one "
    "of them (RFC 9110, 13.1.2).",
    "required": False,
    "schema": {"type": "string", "pattern": _TAGS},
}
_IF_MATCH: Final[Part] = {
    "name": "If-Match",
    "in": "header",
    "description": "Tags of the state that is to be read or changed, or `*`: 412 where it has "
    "another one by now (RFC 9110, 13.1.1). Changes need it where the server is set so (428).",
    "required": False,
    "schema": {"type": "string", "pattern": _TAGS},
}
_IDEMPOTENCY_KEY: Final[Part] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "A text of the client's own, such as a UUID: the same key and body place one "
    "order, and are answered with it each time as it was placed. What it leads to by `fields`, "
    "such as `customer.orders`, is shown as it is now.",
    "required": False,
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": limits.MAX_IDEMPOTENCY_KEY,
        "pattern": "^[!-~]+$",
    },
}
_LAST_EVENT_ID: Final[Part] = {
    "name": "Last-Event-ID",
    "in": "header",
    "description": "The id of the event that was seen last, as a browser that connects again "
    "sends it; it goes before `after`.",
    "required": False,
    "schema": {"type": "integer", "minimum": 0, "maximum": limits.MAX_ID},
}
_OF_METHOD: Final = {
    "GET": [_IF_MATCH, _IF_NONE_MATCH],
    "PUT": [_IF_MATCH, _UNLESS],
    "PATCH": [_IF_MATCH, _UNLESS],
    "DELETE": [_IF_MATCH, _UNLESS],
}
_OF_OPERATION: Final = {"place_order": [_IDEMPOTENCY_KEY], "watch_order": [_LAST_EVENT_ID]}

_SCHEME: Final = "token"


def add_request_headers(operation: Part, method: str) -> None:
    """Name the headers that the operation reads."""
    found = _OF_METHOD.get(method, []) + _OF_OPERATION.get(operation["operationId"], [])
    if found:
        operation.setdefault("parameters", []).extend(dict(header) for header in found)


def add_security(whole: Part) -> None:
    """Say that writes need the token, and that reads show more with it."""
    whole["components"]["securitySchemes"] = {
        _SCHEME: {"type": "http", "scheme": "bearer", "description": "What BOOKSTORE_TOKEN is."}
    }
    for item in whole["paths"].values():
        for method, operation in item.items():
            needed: list[Part] = [{_SCHEME: []}]
            operation["security"] = [{}, *needed] if method == "get" else needed
