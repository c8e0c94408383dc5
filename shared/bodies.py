"""Bodies of requests and responses, the same on both servers."""

import gzip
import json
import re
from typing import Any, NoReturn

import orjson

from shared import limits
from shared.errors import MalformedBody, TooLarge

_GZIP_WEIGHT = re.compile(r"(?:^|,)\s*(gzip|x-gzip|\*)\s*(?:;\s*q\s*=\s*([0-9.]+)\s*)?(?=,|$)")


def parse_object(body: bytes) -> dict[str, Any]:
    """The JSON object of a request body.

    Raises:
        MalformedBody: it is not UTF-8, not JSON, or not an object.
    """
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        parsed = _parse_leniently(body, str(error))
    if not isinstance(parsed, dict):
        raise MalformedBody("the body must be a JSON object, such as {} with members in it")
    return parsed


def _parse_leniently(body: bytes, reason: str) -> Any:
    """What orjson refuses but the standard library reads: halves of surrogate pairs.

    The rules of the values then name the member that has one, which orjson cannot.
    """

    def refuse(constant: str) -> NoReturn:
        raise ValueError(f"{constant} is not JSON")

    try:
        return json.loads(body.decode("utf-8"), parse_constant=refuse)
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


def too_large() -> TooLarge:
    """The error for a request body over the limit."""
    return TooLarge(f"the body must have at most {limits.MAX_BODY_BYTES:,} bytes")


def accepts_gzip(accept_encoding: str) -> bool:
    """Whether this `Accept-Encoding` allows gzip (RFC 9110, 12.5.3)."""
    accepted = accept_encoding.lower()
    if "gzip" not in accepted and "*" not in accepted:
        return False  # the common case of a client that wants none
    weights = dict(_GZIP_WEIGHT.findall(accepted))
    for name in ("gzip", "x-gzip", "*"):
        if name in weights:
            return _weight(weights[name]) > 0
    return False


def _weight(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def worth_gzip(body: bytes) -> bool:
    """Whether a body is long enough for compression to save a packet."""
    return len(body) > limits.GZIP_MINIMUM_BYTES


def to_gzip(body: bytes) -> bytes:
    """The body compressed; the same bytes for the same body, at the level of both servers."""
    return gzip.compress(body, limits.GZIP_LEVEL, mtime=0)
