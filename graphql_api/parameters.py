"""From an HTTP request to what GraphQL is asked: a document, its variables, an operation."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.types import Receive

from shared import limits
from shared.bodies import parse_object, too_large
from shared.errors import MalformedBody, UnsupportedMediaType, ValidationFailed, Violation
from shared.values import shown

Headers = Mapping[bytes, bytes]

_JSON: Final = b"application/json"


class Disconnected(Exception):
    """The client went away before its request was complete."""


class Parameters(NamedTuple):
    """What a request asks GraphQL."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


async def from_body(headers: Headers, receive: Receive) -> Parameters:
    """The parameters of a POST.

    Raises:
        UnsupportedMediaType: the body is said to be something else than JSON.
        TooLarge: the body is over the limit.
        MalformedBody: it is not JSON, not an object, or has no query.
        ValidationFailed: a parameter has another type than it must have.
        Disconnected: the client went away.
    """
    _check_type(headers)
    return _parameters(parse_object(await _read(headers, receive)))


def from_query_string(query_string: bytes) -> Parameters:
    """The parameters of a GET, in which objects are JSON.

    Raises:
        MalformedBody: it is not UTF-8, or has no query.
        ValidationFailed: a parameter has another type than it must have.
    """
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise MalformedBody("the query string must be UTF-8, percent-encoded") from None
    given: dict[str, Any] = dict(pairs)
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _object(name, given[name])
        else:
            given.pop(name, None)
    return _parameters(given)


def _object(name: str, text: str) -> dict[str, Any]:
    try:
        return parse_object(text.encode())
    except MalformedBody:
        rule = f"must be a JSON object, got {shown(text)}"
        raise ValidationFailed([Violation((name,), rule)]) from None


def _parameters(given: Mapping[str, Any]) -> Parameters:
    query = given.get("query")
    if query is None:
        raise MalformedBody('the request must have a query, such as {"query": "{ books { id } }"}')
    wrong = [
        Violation((name,), f"must be {wanted}, got {shown(given[name])}")
        for name, kind, wanted in (
            ("query", str, "a string"),
            ("variables", dict, "an object"),
            ("operationName", str, "a string"),
            ("extensions", dict, "an object"),
        )
        if given.get(name) is not None and not isinstance(given[name], kind)
    ]
    if wrong:
        raise ValidationFailed(wrong)
    return Parameters(query, given.get("variables") or {}, given.get("operationName"))


def _check_type(headers: Headers) -> None:
    given = headers.get(b"content-type", b"")
    if given != _JSON and given.partition(b";")[0].strip().lower() != _JSON:
        raise UnsupportedMediaType(
            f"the body must be application/json, "
            f"got {given.decode('latin-1') or 'no Content-Type'!r}"
        )
    coding = headers.get(b"content-encoding", b"identity").decode("latin-1")
    if coding.lower() != "identity":
        raise UnsupportedMediaType(f"the body must come without a content coding, got {coding!r}")


async def _read(headers: Headers, receive: Receive) -> bytes:
    if int(headers.get(b"content-length", b"0")) > limits.MAX_BODY_BYTES:
        raise too_large()
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Disconnected
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > limits.MAX_BODY_BYTES:
            raise too_large()
    return body
