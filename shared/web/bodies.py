"""Bodies of requests and responses, the same on both servers."""

import gzip
import json
import re
from typing import Any, Final, NoReturn

import orjson

from shared import limits
from shared.errors import MalformedBody, TooLarge, UnsupportedMediaType
from shared.rules.sent_numbers import sent_integer, sent_number
from shared.rules.values import shown
from shared.web.header_lists import elements, qualities

_SMALL_BYTES: Final = 20_000  # whatever is in them, they are parsed in 1 ms
_LENIENT_BYTES: Final = 100_000
_MOST_CONTAINERS: Final = 10_000  # of 100 orders with 20 items each there are 2,200
_MOST_MEMBERS: Final = 50_000
_MOST_LEVELS: Final = 100  # of lists and objects; an order's items are on the third
_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)', re.DOTALL)
# Numbers that a double may not hold. To orjson they are infinity, 0 or near to what was sent. Both
# begin with the one digit: what is none is passed over in a quarter of the time.
_UNUSUAL: Final = re.compile(rb"[0-9](?:[eE][+-]?[0-9]{3}|[0-9]{16})")


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a request body.

    Raises:
        MalformedBody: it is not UTF-8, not JSON, not an object, or has far more in it than any
            request needs.
    """
    if len(body) > _SMALL_BYTES:
        _require_few(body)
    try:
        parsed = orjson.loads(body)
        if len(body) <= _LENIENT_BYTES and _UNUSUAL.search(body):
            parsed = _parse_leniently(body, "a number has too many digits")
    except orjson.JSONDecodeError as error:
        parsed = _parse_leniently(body, str(error))
    if not isinstance(parsed, dict):
        raise MalformedBody("the body must be a JSON object, such as {} with members in it")
    if body.count(b"[") + body.count(b"{") > _MOST_LEVELS and _is_deep(parsed):
        raise MalformedBody(
            f"the body must be JSON with at most {_MOST_LEVELS} levels of lists and objects"
        )
    return parsed


def _require_few(body: bytes) -> None:
    # Parsing a megabyte of lists takes 140 ms, and nothing else can run meanwhile.
    if _has_many(body) and _has_many(_STRING.sub(b"", body)):
        raise MalformedBody(
            f"the body must be JSON with at most {_MOST_CONTAINERS:,} lists and objects, and "
            f"{_MOST_MEMBERS:,} members"
        )


def _has_many(body: bytes) -> bool:
    containers = body.count(b"[") + body.count(b"{")
    return containers > _MOST_CONTAINERS or body.count(b":") > _MOST_MEMBERS


def _is_deep(parsed: Any) -> bool:
    # Whatever looks through it later may do that by recursion, which Python ends at 1,000 calls.
    level = [parsed]
    for _ in range(_MOST_LEVELS):
        members = [m for one in level for m in (one.values() if isinstance(one, dict) else one)]
        level = [member for member in members if isinstance(member, dict | list)]
        if not level:
            return False
    return True


def _parse_leniently(body: bytes, reason: str) -> Any:
    """Parse by the standard library what orjson refuses or rounds: lone surrogates, large numbers.

    The rules of the values can then name the member that holds one, which orjson does not tell.
    """

    if len(body) > _LENIENT_BYTES:  # the standard library takes 70 to 170 ms for a megabyte
        raise MalformedBody(f"the body must be JSON: {reason}")

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(
            body.decode("utf-8"),
            parse_constant=refuse,
            parse_float=sent_number,
            parse_int=sent_integer,
        )
    except UnicodeDecodeError:
        raise MalformedBody("the body must be UTF-8") from None
    except (ValueError, RecursionError):
        raise MalformedBody(f"the body must be JSON: {reason}") from None


def to_json(value: Any) -> bytes:
    """Compact UTF-8 JSON without escapes that it does not need."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        # An error repeats a name with half of a surrogate pair, which only an escape can carry.
        return json.dumps(value, separators=(",", ":")).encode()


def to_long_json(value: Any) -> bytes:
    """The same JSON as `to_json`, written piece by piece so that other threads run in between.

    It takes ten times as long. But a list of books with long descriptions may be 50 MB, which
    `to_json` writes in 0.1 s, and nothing else can run meanwhile.
    """
    parts: list[bytes] = []
    _write(value, parts)
    return b"".join(parts)


def _write(value: Any, parts: list[bytes]) -> None:
    if isinstance(value, dict) and any(isinstance(one, dict | list) for one in value.values()):
        before = b"{"
        for name, member in value.items():
            parts += (before, to_json(name), b":")
            _write(member, parts)
            before = b","
        parts.append(b"}")
    elif isinstance(value, list) and any(isinstance(one, dict | list) for one in value):
        before = b"["
        for item in value:
            parts.append(before)
            _write(item, parts)
            before = b","
        parts.append(b"]")
    else:
        parts.append(to_json(value))


def too_large() -> TooLarge:
    """The error for a request body over the limit."""
    return TooLarge(f"the body must have at most {limits.MAX_BODY_BYTES:,} bytes")


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether this `Accept-Encoding` allows gzip (RFC 9110, 12.5.3)."""
    if not accept_encoding:
        return False
    wanted = qualities(accept_encoding)
    for name in ("gzip", "x-gzip", "*"):
        if name in wanted:
            return wanted[name] > 0
    return False


def require_no_coding(content_encoding: str) -> None:
    """Refuse a compressed request body, by its `Content-Encoding`.

    Raises:
        UnsupportedMediaType: it names a coding other than `identity`.
    """
    if any(coding != "identity" for coding in elements(content_encoding.lower())):
        raise UnsupportedMediaType(
            f"the body must come without a content coding, got {shown(content_encoding)}",
            ("Accept-Encoding", "identity"),  # RFC 9110, 15.5.16
        )


def worth_gzip(body: bytes) -> bool:
    """Whether a body is long enough for compression to save a packet."""
    return len(body) > limits.GZIP_MINIMUM_BYTES


def to_gzip(body: bytes) -> bytes:
    """The body compressed; the same bytes for the same body, at the level of both servers."""
    return gzip.compress(body, limits.GZIP_LEVEL, mtime=0)
