"""Reads a GraphQL request from HTTP: the document, its variables, the operation's name."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.types import Message, Receive

from graphql_api.validation.persisted import hash_in
from shared import limits
from shared.errors import MalformedBody, UnsupportedMediaType, ValidationFailed, Violation
from shared.rules.values import shown
from shared.web.bodies import parse_object, require_no_coding, too_large
from shared.web.receiving import Receiving
from shared.web.request_headers import body_length

Headers = Mapping[bytes, bytes]

_JSON: Final = b"application/json"
_NAMES: Final = ("query", "variables", "operationName", "extensions")
# What the members of a request must be, each if it is there and not null.
MEMBERS: Final = (
    ("query", str, "a string"),
    ("variables", dict, "an object"),
    ("operationName", str, "a string"),
    ("extensions", dict, "an object"),
)
_NO_QUERY: Final = 'the request must have a query, such as {"query": "{ books { id } }"}'


_SMALL: Final = 1_000  # bytes that are not worth to be told


class Disconnected(Exception):
    """The client went away before its request was complete."""


class Parameters(NamedTuple):
    """The parameters of a GraphQL request.

    Attributes:
        query: the document's text; None where only its hash was sent.
        variables: by name, as they were sent.
        operation_name: which operation of the document to execute, if it was sent.
        query_hash: the SHA-256 of the text, in hexadecimal digits, if it was sent.
        reports_cost: whether the answer should tell the cost.
        size: bytes of the request; 0 where it is small.
    """

    query: str | None
    variables: dict[str, Any]
    operation_name: str | None
    query_hash: str | None = None
    reports_cost: bool = False
    size: int = 0


async def from_body(headers: Headers, receive: Receive, receiving: Receiving) -> Parameters:
    """The parameters of a POST.

    Args:
        receiving: counts the request bodies that are incomplete or unanswered.

    Raises:
        UnsupportedMediaType: its `Content-Type` is not JSON's.
        TooLarge: the body is over the limit.
        TooManyBodies: all bodies together are.
        BodyTimedOut: it has not come in time.
        MalformedBody: it is not complete, not JSON, not an object, or has no query.
        ValidationFailed: a parameter has a wrong type.
        Disconnected: the client went away.
    """
    _check_type(headers)
    read = await _read(headers, receive, receiving)
    if read[:1] != b"{" and read.lstrip()[:1] == b"[":
        raise MalformedBody(
            "the body must be one JSON object: there are no batches, send each query by itself"
        )
    asked = parameters_of(parse_object(read))
    return asked._replace(size=len(read)) if len(read) > _SMALL else asked


def from_query_string(query_string: bytes) -> Parameters:
    """The parameters of a GET, in which objects are JSON.

    Raises:
        MalformedBody: it is not UTF-8, or has no query.
        ValidationFailed: a parameter has a wrong type.
    """
    try:
        pairs = parse_qsl(query_string.decode("latin-1"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise MalformedBody("the query string must be UTF-8, percent-encoded") from None
    given: dict[str, Any] = dict(pairs)
    if len(given) < len(pairs):
        _require_once([name for name, _ in pairs])
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = _object(name, given[name])
        else:
            given.pop(name, None)
    return parameters_of(given)._replace(size=len(query_string))


def _require_once(names: list[str]) -> None:
    again = [name for name in _NAMES if names.count(name) > 1]
    if again:
        raise ValidationFailed([Violation((name,), "must be given once") for name in again])


def _object(name: str, text: str) -> dict[str, Any] | None:
    if text.strip() == "null":
        return None
    try:
        return parse_object(text.encode())
    except MalformedBody:
        rule = f"must be a JSON object, got {shown(text)}"
        raise ValidationFailed([Violation((name,), rule)]) from None


def parameters_of(given: Mapping[str, Any]) -> Parameters:
    """The parameters that an object has by their names in GraphQL over HTTP.

    Raises:
        MalformedBody: it has neither a query nor the hash of one.
        ValidationFailed: a parameter has a wrong type.
    """
    query, extensions = given.get("query"), given.get("extensions")
    if type(query) is str:  # nearly all have nothing else, or variables besides
        if len(given) == 1:
            return Parameters(query, {}, None)
        if len(given) == 2 and type(given.get("variables")) is dict:
            return Parameters(query, given["variables"], None)
    if query is None and not extensions:
        raise MalformedBody(_NO_QUERY)
    wrong = [
        Violation((name,), f"must be {wanted}, got {shown(given[name])}")
        for name, kind, wanted in MEMBERS
        if given.get(name) is not None and not isinstance(given[name], kind)
    ]
    if wrong:
        raise ValidationFailed(wrong)
    variables, name = given.get("variables") or {}, given.get("operationName")
    if not extensions:
        return Parameters(query, variables, name)
    query_hash = hash_in(extensions)
    if query is None and query_hash is None:
        raise MalformedBody(_NO_QUERY)
    return Parameters(query, variables, name, query_hash, _reports_cost(extensions))


def _reports_cost(extensions: Mapping[str, Any]) -> bool:
    wanted = extensions.get("cost")
    if wanted is not None and not isinstance(wanted, bool):
        rule = f"must be true or false, got {shown(wanted)}"
        raise ValidationFailed([Violation(("extensions", "cost"), rule)])
    return bool(wanted)


def _check_type(headers: Headers) -> None:
    given = headers.get(b"content-type", b"")
    if given != _JSON and given.partition(b";")[0].strip().lower() != _JSON:
        raise UnsupportedMediaType(
            f"the body must be application/json, "
            f"got {given.decode('latin-1') or 'no Content-Type'!r}",
            ("Accept", _JSON.decode()),  # RFC 9110, 15.5.16
        )
    if b"content-encoding" in headers:
        require_no_coding(headers[b"content-encoding"].decode("latin-1"))


async def _read(headers: Headers, receive: Receive, receiving: Receiving) -> bytes:
    if body_length(headers.get(b"content-length", b"").decode("latin-1")) > limits.MAX_BODY_BYTES:
        raise too_large()
    message = await receive()
    if not message.get("more_body", False):  # as nearly always: nothing is half sent
        return _whole(message)
    with receiving.body() as body:
        while message.get("more_body", False):
            body.add(_bytes(message))
            message = await receive()
        body.add(_bytes(message))
        return bytes(body)


def _whole(message: Message) -> bytes:
    body = _bytes(message)
    if len(body) > limits.MAX_BODY_BYTES:
        raise too_large()
    return body


def _bytes(message: Message) -> bytes:
    if message["type"] == "http.disconnect":
        raise Disconnected
    body: bytes = message.get("body", b"")
    return body
